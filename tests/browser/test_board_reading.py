"""The page is read in both languages, by keys alone, on a telephone, in the dark; pictures of it are kept."""

import re
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.browser import board
from tests.browser.child import Wallboard
from tests.browser.conftest import TV, OpenPage

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

PICTURES = Path("var/wallboard")
PHONE = (390, 844)
SHOWN = (
    ("light", TV, "light"),
    ("dark", TV, "dark"),
    ("phone", PHONE, "light"),
    ("phone-dark", (360, 640), "dark"),
)


def documented_alerts() -> list[str]:
    text = Path("docs/feed.md").read_text(encoding="utf-8")
    return re.findall(r"^\| `(\w+)` \| (?:line, gateway|line|gateway) \|", text, re.MULTILINE)


def folder() -> Path:
    PICTURES.mkdir(parents=True, exist_ok=True)
    return PICTURES


async def test_the_other_language_is_a_button_away_and_remembered(
    wallboard: Wallboard, open_page: OpenPage
) -> None:
    wallboard.show(board.at_work())
    page = (await open_page(wallboard.url)).page
    await expect(page.locator('[data-line="fxo1"]')).to_contain_text("振铃")
    await page.get_by_role("button", name="English").click()
    await expect(page.locator("html")).to_have_attribute("lang", "en")
    await expect(page.locator('[data-line="fxo1"]')).to_contain_text("Ringing")
    await expect(page.get_by_role("heading", name="Last calls")).to_be_visible()
    await page.reload()
    await expect(page.locator('[data-line="fxo1"]')).to_contain_text("Ringing")
    await page.goto(f"{wallboard.url}/?lang=zh")
    await expect(page.locator("html")).to_have_attribute("lang", "zh-CN")


async def test_both_languages_have_the_same_words(wallboard: Wallboard, open_page: OpenPage) -> None:
    page = (await open_page(wallboard.url)).page
    differing = """async () => {
      const [{ZH}, {EN}] = await Promise.all([import("/static/js/words/zh.js"), import("/static/js/words/en.js")]);
      return [...Object.keys(ZH).filter((key) => !(key in EN)), ...Object.keys(EN).filter((key) => !(key in ZH))];
    }"""
    assert await page.evaluate(differing) == []
    shown = """() => [...document.querySelectorAll("[data-t]")]
      .filter((one) => one.textContent === one.dataset.t).length"""
    assert await page.evaluate(shown) == 0, "words that the page asks for and no language has"


async def test_everything_is_reached_by_keys(wallboard: Wallboard, open_page: OpenPage) -> None:
    wallboard.show(board.at_work())
    page = (await open_page(wallboard.url)).page
    await expect(page.locator(".tile")).to_have_count(10)
    focused = page.locator(":focus")
    await page.keyboard.press("Tab")
    await expect(focused).to_have_class("skip")
    await page.keyboard.press("Enter")
    await page.keyboard.press("Tab")
    await expect(focused).to_have_attribute("data-line", "fxo1")
    ways = {"ArrowRight": "fxo2", "ArrowDown": "sip4", "End": "sip7", "ArrowUp": "sip2", "Home": "fxo1"}
    for key, line in ways.items():
        await page.keyboard.press(key)
        await expect(focused).to_have_attribute("data-line", line)
    outline = await focused.evaluate("element => getComputedStyle(element).outlineStyle")
    assert outline == "solid"
    await page.keyboard.press("Enter")
    await expect(page.locator("#line-dialog")).to_contain_text("139****0412")
    await page.keyboard.press("Escape")
    await expect(focused).to_have_attribute("data-line", "fxo1")
    await page.keyboard.press("Tab")
    await expect(focused).to_have_class("open")


async def test_on_a_telephone_held_sideways_lines_come_before_buttons(
    wallboard: Wallboard, open_page: OpenPage
) -> None:
    wallboard.show(board.at_work())
    page = (await open_page(wallboard.url, size=(640, 360))).page
    tile = page.locator(".tile").first
    await expect(tile).to_be_visible()
    box = await tile.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= 360
    await expect(page.locator("#language")).to_be_hidden()
    await page.locator("#menu").press("Enter")
    await page.get_by_role("button", name="English").click()
    await expect(page.locator('[data-line="fxo1"]')).to_contain_text("Ringing")
    await page.keyboard.press("Escape")
    await expect(page.locator("#language")).to_be_hidden()
    await expect(page.locator("#menu")).to_be_focused()


async def test_pictures(wallboard: Wallboard, open_page: OpenPage) -> None:
    """Kept under var/wallboard for whoever wants to see what was tested."""
    pictures = folder()
    wallboard.show(board.at_work())
    for name, size, scheme in SHOWN:
        page = (await open_page(wallboard.url, size=size, color_scheme=scheme)).page
        await expect(page.locator(".tile")).to_have_count(10)
        await expect(page.locator("html")).to_have_attribute("data-theme", scheme)
        wide = await page.evaluate("() => document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, f"{name}: has to be scrolled sideways"
        await page.screenshot(path=pictures / f"{name}.png", full_page=size != TV)


async def test_every_alert_that_is_documented_has_words(wallboard: Wallboard, open_page: OpenPage) -> None:
    codes = documented_alerts()
    assert len(codes) > 10
    wallboard.show({topic: fields for code in codes for topic, fields in board.alert(code, "").items()})
    page = (await open_page(wallboard.url)).page
    await page.locator("#alerts-all").click()
    await expect(page.locator("#alerts-dialog li")).to_have_count(len(codes))
    shown = await page.locator("#alerts-dialog .alert-what").all_inner_texts()
    assert [words for words in shown if words.isascii()] == []
