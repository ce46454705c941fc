"""Chromium once for all tests, a page that is watched for whatever must never happen, the wallboard's process.

Everything here is of the session's event loop: a test module names it beside its category,
`pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]`.
"""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright, expect

from tests.broker import PATIENCE
from tests.browser.child import Wallboard
from tests.browser.chromium import launched
from tests.browser.watched import Watched

TV = (1920, 1080)
DESK = (1280, 720)
"""Where size matters not: every point of a page is painted by the processor."""

OpenPage = Callable[..., Awaitable[Watched]]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    expect.set_options(timeout=PATIENCE * 1000)
    async with async_playwright() as playwright:
        started = await launched(playwright)
        yield started
        await started.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def wallboard_process(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Wallboard]:
    started = await Wallboard.start(tmp_path_factory.mktemp("wallboard"))
    yield started
    await started.stop()


@pytest_asyncio.fixture(loop_scope="session")
async def wallboard(wallboard_process: Wallboard) -> Wallboard:
    """Its process, showing nothing yet, fed by the test."""
    wallboard_process.clear()
    return wallboard_process


@pytest_asyncio.fixture(loop_scope="session")
async def open_page(browser: Browser) -> AsyncIterator[OpenPage]:
    """Opens an address in a browser window of its own, in Chinese on a desk unless told otherwise; at the
    end nothing must have happened in it that never may."""
    opened: list[Watched] = []

    async def opens(url: str, *, size: tuple[int, int] = DESK, **options: object) -> Watched:
        context = await browser.new_context(
            viewport={"width": size[0], "height": size[1]}, **({"locale": "zh-CN"} | options)
        )
        page: Page = await context.new_page()
        watched = await Watched.of(page, url)
        opened.append(watched)
        await page.goto(url)
        return watched

    yield opens
    for watched in opened:
        await watched.page.context.close()
        watched.nothing_bad()
