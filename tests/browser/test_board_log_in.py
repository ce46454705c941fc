"""The log-in, as somebody at another machine meets it: the wallboard listens on every address of this one."""

import re
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass

import psutil
import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from gateway.config.lock_out import FIRST_LOCK, FREE
from gateway.config.passwords import hashed
from tests.browser import board
from tests.browser.child import Wallboard
from tests.browser.conftest import OpenPage

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

PASSWORD = "three rings"
SESSION = "sansheng"
UNSAFE = "Cross-Origin-Opener-Policy header has been ignored"
"""What Chromium says of every page over HTTP from elsewhere than this machine."""


@dataclass
class Guarded:
    """The wallboard by the two addresses from which its visitors come: each has wrong passwords of its own."""

    here: str
    elsewhere: str


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def guarded(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Guarded]:
    folder = tmp_path_factory.mktemp("guarded")
    (folder / "people").write_text(f"wall:{hashed(PASSWORD)}\n")
    wallboard = await Wallboard.start(folder, host="0.0.0.0", password_file=str(folder / "people"))
    wallboard.show(board.line("sip1", board.call("c1", "talking")))
    port = wallboard.url.rpartition(":")[2]
    yield Guarded(f"http://127.0.0.1:{port}", f"http://{own_address()}:{port}")
    await wallboard.stop()


def own_address() -> str:
    """One of this machine's that is not its loopback."""
    found = [
        address.address
        for name, addresses in psutil.net_if_addrs().items()
        for address in addresses
        if address.family == socket.AF_INET and not address.address.startswith("127.")
    ]
    assert found, "this machine has no address but its loopback; give it one: ip address add 192.0.2.1/32 dev lo"
    return found[0]


async def at_board(page: Page) -> None:
    await expect(page.locator("body")).to_have_attribute("data-live", "live")
    await expect(page.locator('[data-line="sip1"]')).to_have_attribute("data-state", "talking")


async def at_log_in(page: Page) -> None:
    await expect(page).to_have_url(re.compile("/login"))
    await expect(page.locator("#user")).to_be_focused()


async def log_in(page: Page, password: str) -> None:
    """By the keyboard alone, from where the page puts the cursor."""
    await expect(page.locator("#user")).to_be_focused()
    await page.keyboard.type("wall")
    await page.keyboard.press("Tab")
    await page.keyboard.type(password)
    await page.keyboard.press("Enter")


async def test_a_session_from_log_in_to_log_out(guarded: Guarded, open_page: OpenPage) -> None:
    opened = await open_page(guarded.elsewhere)
    opened.forgiven = (UNSAFE,)
    page = opened.page
    await at_log_in(page)
    await expect(page.locator("#message")).to_be_hidden()
    await log_in(page, "two rings")
    await expect(page.locator("#message")).to_have_text("用户名或密码不正确,请重试。")
    assert await page.context.cookies() == []
    await log_in(page, PASSWORD)
    await at_board(page)
    [cookie] = [cookie for cookie in await page.context.cookies() if cookie["name"] == SESSION]
    assert (cookie["httpOnly"], cookie["sameSite"], cookie["path"]) == (True, "Strict", "/")
    assert SESSION not in await page.evaluate("document.cookie"), "no script may read it"
    await page.reload()
    await at_board(page)
    await page.locator("#leave").press("Enter")
    await at_log_in(page)
    assert SESSION not in {cookie["name"] for cookie in await page.context.cookies()}
    await page.goto(guarded.elsewhere)
    await at_log_in(page)
    await page.context.add_cookies([cookie])
    await page.goto(guarded.elsewhere)
    await at_log_in(page)


async def test_the_language_asked_for_lasts_through_the_log_in(guarded: Guarded, open_page: OpenPage) -> None:
    opened = await open_page(f"{guarded.elsewhere}/?lang=en")
    opened.forgiven = (UNSAFE,)
    await log_in(opened.page, "two rings")
    await expect(opened.page.locator("#message")).to_have_text("That name or password is wrong. Please try again.")
    await log_in(opened.page, PASSWORD)
    await expect(opened.page.locator('[data-line="sip1"]')).to_contain_text("Talking")


async def test_an_open_page_asks_for_the_log_in_when_its_session_ends(
    guarded: Guarded, open_page: OpenPage
) -> None:
    opened = await open_page(guarded.elsewhere)
    opened.forgiven = (UNSAFE, "401")
    page = opened.page
    await log_in(page, PASSWORD)
    await at_board(page)
    other = await page.context.new_page()
    await other.goto(guarded.elsewhere)
    await at_board(other)
    await other.locator("#leave").click()
    await at_log_in(other)
    await at_log_in(page)


async def test_who_guesses_is_locked_out_and_told_for_how_long(guarded: Guarded, open_page: OpenPage) -> None:
    page = (await open_page(guarded.here)).page
    for guess in range(FREE):
        await log_in(page, f"guess {guess}")
        await expect(page).to_have_url(re.compile("locked=" if guess == FREE - 1 else "failed="))
    message, enter = page.locator("#message"), page.locator("#enter")
    await expect(message).to_have_text(re.compile(r"尝试次数过多。请在 0:[0-3]\d 后再试。"))
    told = await message.inner_text()
    await expect(message).not_to_have_text(told)  # it is counted down
    await expect(enter).to_be_disabled()
    await page.goto(f"{guarded.here}/login?lang=en")
    await log_in(page, PASSWORD)
    await expect(message).to_have_text(re.compile(r"Too many attempts. Try again in 0:[0-3]\d\."))
    await page.clock.install()
    await page.reload()
    await expect(enter).to_be_disabled()
    await page.clock.fast_forward(FIRST_LOCK * 1000)
    await expect(message).to_have_text("You may try again now.")
    await expect(enter).to_be_enabled()
