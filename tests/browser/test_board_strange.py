"""Markup in whatever comes from outside is text, and runs nothing."""

from typing import Any

import pytest
from playwright.async_api import expect

from tests.browser import board
from tests.browser.child import Wallboard
from tests.browser.conftest import OpenPage

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

MARKUP = (
    "<img src=x onerror=alert(1)><script>alert(2)</script><style>*{display:none}</style>\"'&lt;{0}"
    '<a href="javascript:alert(3)">'
)
FREE = frozenset({"since", "offered_at", "waiting_since", "next_reassurance", "ts", "ended_at"})
"""Times: what is none is shown as none."""


def spoilt(value: Any, name: str = "") -> Any:
    """The same with markup in every string, in its place in the tree of values."""
    if isinstance(value, dict):
        return {key: spoilt(each, key) for key, each in value.items()}
    if isinstance(value, list):
        return [spoilt(each, name) for each in value]
    return MARKUP if isinstance(value, str) and name not in FREE else value


def strange_board() -> board.Messages:
    """A board of which every name and every word is markup."""
    messages = board.at_work() | {"ticket/7/state": {"overdue": True}}
    named = {topic.replace("sip1", MARKUP.replace("/", "")): payload for topic, payload in messages.items()}
    whole = spoilt(named)
    whole[f"agent/{MARKUP.replace('/', '')}/state"] = spoilt(board.agent("1", "free")["agent/1/state"])
    whole[f"alert/{MARKUP.replace('/', '')}"] = {"code": MARKUP, "detail": MARKUP, "ts": MARKUP}
    return whole


async def test_markup_is_text_everywhere(wallboard: Wallboard, open_page: OpenPage) -> None:
    wallboard.show(board.at_work())
    page = (await open_page(wallboard.url)).page
    await expect(page.locator(".tile")).to_have_count(10)
    count = """() => ["img", "script", "style", "a", "link", "iframe"]
      .map((tag) => document.querySelectorAll(tag).length)"""
    before = await page.evaluate(count)
    wallboard.show(strange_board())
    await expect(page.locator(".tile")).to_have_count(11)
    await expect(page.locator("#calls tbody")).to_contain_text("<script>alert(2)</script>")
    for part in (".tile >> nth=0", "#agents", "#alert-list", "#calls"):
        await expect(page.locator(part)).to_contain_text("<img src=x onerror=alert(1)>")
    await page.locator(".tile").last.click()
    await expect(page.locator("#line-dialog")).to_contain_text("<img")
    await page.locator("#line-dialog .close").click()
    await page.locator("#language").click()
    assert await page.evaluate(count) == before


async def test_values_of_other_kinds_break_nothing(wallboard: Wallboard, open_page: OpenPage) -> None:
    strange: board.Messages = {
        "line/sip1/state": {"state": 7, "calls": {"a": 1}, "since": None},
        "line/sip2/state": {"calls": [None, 3, [], {"rings": "x", "position": "1", "since": "yesterday"}]},
        "line/__proto__/state": {"calls": []},
        "agent/constructor/state": {"state": ["free"]},
        "kpi": {"answer_rate": "high", "by_hour": [1, {"hour": "99"}], "answer_rate_goal": None},
        "calls": {"calls": [None, {"kept": "all", "broken": [None], "ended_at": 5}]},
        "unknown": {"a": 1},
        "line": {},
        "alert/": {},
    }
    wallboard.show(strange)
    page = (await open_page(wallboard.url)).page
    await expect(page.locator(".tile")).to_have_count(3)
    wallboard.show(board.line("sip1", board.call("c1", "talking")))
    await expect(page.locator('[data-line="sip1"]')).to_contain_text("通话")
