"""200 lines that change ten times a second, for a browser that keeps up and one that stands still meanwhile."""

import asyncio
import json
import signal
from collections.abc import Mapping
from contextlib import AsyncExitStack
from typing import Any

import psutil
import pytest
from playwright.async_api import Browser, Error, Page, expect

from benchmarks.wallboard.hotline import Hotline
from gateway.feed.encoding import Message
from tests.browser.child import Wallboard
from tests.browser.conftest import TV, OpenPage
from tests.browser.hotline import SECONDS

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

LINES, RATE, BEHIND = 200, 10, 10.0
"""Lines, changes a second of each, seconds for which a browser stands still."""
ROOM = 24 * 1_048_576
"""Bytes by which the wallboard's process may grow meanwhile."""
HOTLINE = Hotline("", LINES)
SHOWN = """wanted => Object.entries(wanted).every(([line, [state, who]]) => {
  const tile = document.querySelector(`[data-line="${line}"]`);
  return tile?.dataset.state === state && (who === null || tile.querySelector(".who")?.textContent === who);
})"""
WRONG = """wanted => Object.entries(wanted).filter(([line, [state]]) =>
  document.querySelector(`[data-line="${line}"]`)?.dataset.state !== state)"""


def payloads(*messages: Message) -> dict[str, Any]:
    return {message.topic.lstrip("/"): json.loads(message.payload) for message in messages}


async def feed(wallboard: Wallboard, seconds: float) -> dict[str, Any]:
    """As the gateway feeds it: ten frames a second; gives the newest payloads."""
    loop = asyncio.get_running_loop()
    began, number = loop.time(), 0
    newest: dict[str, Any] = {}
    while loop.time() - began < seconds:
        number += 1
        newest |= (changed := payloads(*HOTLINE.step(number)))
        wallboard.show(changed)
        await asyncio.sleep(max(0.0, began + number / RATE - loop.time()))
    return newest


def lines_of(newest: Mapping[str, Any]) -> dict[str, tuple[str, str | None]]:
    """What each tile has to show in the end: its state, and who calls."""
    states = [payload for topic, payload in newest.items() if topic.startswith("line/")]
    return {
        state["line"]: (state["state"], state["calls"][0]["caller"] if state["calls"] else None)
        for state in states
    }


async def shows(page: Page, wanted: dict[str, tuple[str, str | None]]) -> None:
    try:
        await page.wait_for_function(SHOWN, arg=wanted, polling=200, timeout=SECONDS)
    except Error:
        raise AssertionError(f"not shown: {await page.evaluate(WRONG, wanted)}") from None


async def renderers(browser: Browser) -> set[int]:
    """The processes that draw pages."""
    session = await browser.new_browser_cdp_session()
    found = (await session.send("SystemInfo.getProcessInfo"))["processInfo"]
    await session.detach()
    return {info["id"] for info in found if info["type"] == "renderer"}


async def test_every_browser_shows_the_newest_of_all_lines(
    wallboard: Wallboard, browser: Browser, open_page: OpenPage
) -> None:
    wallboard.show(payloads(*HOTLINE.everything()))
    keeps_up = (await open_page(wallboard.url, size=TV)).page
    await expect(keeps_up.locator(".tile")).to_have_count(LINES)
    others = await renderers(browser)
    stands_still = (await open_page(wallboard.url)).page
    await expect(stands_still.locator(".tile")).to_have_count(LINES)
    drawing = [psutil.Process(process) for process in await renderers(browser) - others]
    assert drawing, "a page that is drawn by no process of its own"
    before = wallboard.memory
    async with AsyncExitStack() as stack:
        for process in drawing:
            process.send_signal(signal.SIGSTOP)
            stack.callback(process.send_signal, signal.SIGCONT)
        newest = lines_of(await feed(wallboard, BEHIND))
        await shows(keeps_up, newest)
        assert wallboard.memory - before < ROOM
    await shows(stands_still, newest)
    await expect(stands_still.locator("body")).to_have_attribute("data-live", "live")
