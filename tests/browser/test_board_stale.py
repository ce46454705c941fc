"""What is not live is never shown as if it were."""

import re
import signal
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.browser import board
from tests.browser.child import Wallboard
from tests.browser.conftest import OpenPage

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def live(page: Page, state: str) -> None:
    await expect(page.locator("body")).to_have_attribute("data-live", state, timeout=15_000)


async def test_a_lost_connection_is_told_and_mended(tmp_path: Path, open_page: OpenPage) -> None:
    first = await Wallboard.start(tmp_path)
    first.show(board.line("sip1", board.call("c1", "talking")))
    opened = await open_page(first.url)
    page = opened.page
    opened.forgiven = ("ERR_CONNECTION_REFUSED", "ERR_INCOMPLETE_CHUNKED_ENCODING", "ERR_CONNECTION_RESET")
    await live(page, "live")
    await expect(page.locator("#stale")).to_be_hidden()
    await first.stop()
    await live(page, "lost")
    await expect(page.locator("#stale")).to_contain_text(re.compile(r"14:\d\d:\d\d 的状态"))
    await expect(page.locator("#live")).to_have_text("连接中断")
    again = await Wallboard.start(tmp_path, port=int(first.url.rpartition(":")[2]))
    again.show(board.line("sip2"))
    await live(page, "live")
    await expect(page.locator('[data-line="sip2"]')).to_be_visible()
    await expect(page.locator('[data-line="sip1"]')).to_have_count(0)
    await again.stop()


async def test_a_gateway_that_says_nothing_makes_it_stale(wallboard: Wallboard, open_page: OpenPage) -> None:
    wallboard.show(board.line("sip1", board.call("c1", "talking")))
    page = (await open_page(wallboard.url)).page
    await live(page, "live")
    wallboard.silence()
    await live(page, "gateway")
    counted = await page.locator('[data-line="sip1"] .figures').inner_text()
    ago = page.locator("#stale b")
    before = await ago.inner_text()
    await expect(ago).not_to_have_text(before)
    assert await page.locator('[data-line="sip1"] .figures').inner_text() == counted, "what is stale counts on"
    wallboard.clear()
    await live(page, "live")


async def test_silence_makes_it_stale(wallboard: Wallboard, open_page: OpenPage) -> None:
    wallboard.show(board.line("sip1"))
    opened = await open_page("about:blank")
    opened.forgiven = ("asked 127.0.0.1",)
    await opened.page.clock.install()
    await opened.page.goto(wallboard.url)
    await live(opened.page, "live")
    wallboard.send(signal.SIGSTOP)
    try:
        await opened.page.clock.fast_forward(5500)
        await live(opened.page, "silent")
    finally:
        wallboard.send(signal.SIGCONT)
    await live(opened.page, "live")
