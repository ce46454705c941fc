"""Real calls on the wallboard: one from its first ring to its timeline, in both languages; some full of markup."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from drivers.emulator import Caller as FxoCaller
from drivers.line.masking import masked
from tests.broker import PATIENCE
from tests.browser.conftest import OpenPage
from tests.browser.hotline import MARKUP, Hotline, hotline_in
from tests.browser.screens import Screen
from tests.process.customers import Story, placed
from tests.process.material import voice
from tests.sip.peer.caller import Caller

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

NUMBER, MASKED = "13800001234", "138****1234"
PICTURES = Path("var/wallboard")
PHONE = (390, 844)
VOICE = voice()
WORDS = {
    "zh": {
        **{"idle": "空闲", "ringing": "振铃", "greeting": "问候", "listening": "聆听", "prompting": "播报"},
        **{"waiting": "等待", "talking": "通话", "closing": "结束语"},
    },
    "en": {
        **{"idle": "Idle", "ringing": "Ringing", "greeting": "Greeting", "listening": "Listening"},
        **{"prompting": "Prompting", "waiting": "Waiting", "talking": "Talking", "closing": "Closing"},
    },
}
LEFT = {"zh": r"下次安抚 (\d+) 秒", "en": r"reassured in (\d+) s"}
SPEECH = {"zh": "讲话", "en": "speech"}
ELEMENTS = """() => ["img", "script", "style", "a", "link", "iframe"]
  .map((tag) => document.querySelectorAll(tag).length)"""


@dataclass
class Scene:
    hotline: Hotline
    screens: dict[str, Screen]

    async def all_show(self, state: str, **fields: str) -> None:
        await asyncio.gather(*(screen.shows(state, **fields) for screen in self.screens.values()))


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def hotline(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Hotline]:
    async with hotline_in(tmp_path_factory.mktemp("hotline")) as hotline:
        yield hotline


async def followed(hotline: Hotline, open_page: OpenPage) -> Scene:
    """Two browsers that follow sip1, one in each language."""
    screens = {}
    for language, scheme in (("zh", "light"), ("en", "dark")):
        opened = await open_page(f"{hotline.url}/?lang={language}", color_scheme=scheme)
        screens[language] = Screen(opened.page, "sip1", WORDS[language])
        await screens[language].follow()
    return Scene(hotline, screens)


async def test_a_call_is_followed_through_all_its_states(hotline: Hotline, open_page: OpenPage) -> None:
    scene, desk = await followed(hotline, open_page), hotline.scene
    story = Story(desk.watcher, NUMBER)
    story.masked = NUMBER  # show_numbers: the feed tells it whole, and the wallboard does not
    await scene.all_show("idle")
    async with placed(desk.target("sip1"), NUMBER) as customer:
        for rings in "12":
            await scene.all_show("ringing", rings=rings, who=MASKED)
        await customer.response("INVITE", 200, PATIENCE)
        customer.rtp.start_sending()
        phone = await desk.rung_for(story)
        phone.reply(180)
        await scene.all_show("greeting")
        await scene.all_show("listening")
        customer.rtp.start_sending(VOICE)
        for language, screen in scene.screens.items():
            await screen.shows("listening", verdict=SPEECH[language])
        await scene.all_show("waiting")
        await asyncio.gather(
            *(the_queue_counts(screen.page, LEFT[name]) for name, screen in scene.screens.items())
        )
        await pictures(scene, open_page)
        customer.rtp.start_sending()
        phone.rtp.start_sending()
        phone.pick_up()
        await story.until("agent_connected", agent=phone.user)
        for screen in scene.screens.values():
            await expect(screen.tile).to_have_attribute("data-state", "talking")
            await expect(screen.tile.locator(".agent-number")).to_have_text(phone.user)
            await expect(screen.tile.locator(".verdict")).not_to_be_empty()
            await expect(screen.page.locator("#queue .who")).to_have_count(0)
            await expect(screen.page.locator('#agents [data-state="busy"] b')).to_have_text(phone.user)
        phone.bye()
        await scene.all_show("prompting")
        await scene.all_show("closing")
        await story.said("farewell")
        customer.bye()
        await story.until("released", by="customer")
    await asyncio.gather(*(has_ended(screen, str(story.call)) for screen in scene.screens.values()))
    await its_timeline_opens(scene, str(story.call))


async def the_queue_counts(page: Page, left: str) -> None:
    """He stands first in the queue, and the seconds to his next reassurance become fewer."""
    await expect(page.locator("#queue .who")).to_have_text([MASKED])
    await expect(page.locator("#queue .position")).to_have_text(["1"])
    counted = page.locator("#queue .next")
    await expect(counted).to_have_text(re.compile(left))
    found = re.search(left, await counted.inner_text())
    assert found is not None
    fewer = int(found[1]) - 1
    assert 0 <= fewer < 15, "JH-8: every 15 s"
    await expect(counted).to_have_text(re.compile(left.replace(r"(\d+)", str(fewer))))


def made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


async def pictures(scene: Scene, open_page: OpenPage) -> None:
    """Kept for whoever wants to see what was tested."""
    folder = made(PICTURES)
    phone = (await open_page(f"{scene.hotline.url}/?lang=zh", size=PHONE)).page
    await expect(phone.locator('[data-line="sip1"]')).to_have_attribute("data-state", "waiting")
    shown = {"light": scene.screens["zh"].page, "dark": scene.screens["en"].page, "phone": phone}
    for name, page in shown.items():
        await page.screenshot(path=folder / f"call-{name}.png", full_page=name == "phone")
    await phone.close()


async def has_ended(screen: Screen, call: str) -> None:
    """The tile is idle again, has left no state out, and the call is the last of the list, with its marks."""
    await expect(screen.tile).to_have_attribute("data-state", "idle")
    states = await screen.states()
    left = iter(states)
    order = ("idle", "ringing", "greeting", "listening", "waiting", "talking", "prompting", "closing", "idle")
    assert all(state in left for state in order), states
    row = screen.page.locator(f'#calls tr[data-call="{call}"]')
    await expect(row).to_contain_text(MASKED)
    await expect(row.locator(".mark-kept")).to_be_visible()
    await expect(row.locator(".mark-broken")).to_have_count(0)
    assert NUMBER not in await screen.page.content()


async def its_timeline_opens(scene: Scene, call: str) -> None:
    """By a click, and by the keyboard."""
    for language, heading in (("zh", "zh-CN"), ("en", "en")):
        page = scene.screens[language].page
        row = page.locator(f'#calls tr[data-call="{call}"]')
        if language == "zh":
            await row.click()
        else:
            await row.locator("button").press("Enter")
        timeline = page.frame_locator("#call-dialog iframe")
        await expect(timeline.locator("html")).to_have_attribute("lang", heading)
        await expect(timeline.locator("svg").first).to_be_visible()
        await expect(timeline.locator("body")).to_contain_text(MASKED)
        await expect(timeline.locator("body")).to_contain_text("您好!济华热线")
        assert NUMBER not in await timeline.locator("html").inner_html()
        await page.keyboard.press("Escape")
        await expect(page.locator("#call-dialog")).to_be_hidden()


async def test_markup_from_outside_is_text(hotline: Hotline, open_page: OpenPage) -> None:
    """As a display name, a user part and a parameter of From; as what a modem is told; in an alert's detail."""
    page = (await open_page(hotline.url)).page
    screens = [Screen(page, line, WORDS["zh"]) for line in ("sip2", "fxo1")]
    await expect(page.locator("#alert-list")).to_contain_text(MARKUP)
    before = await page.evaluate(ELEMENTS)
    for screen in screens:
        await expect(screen.tile).to_have_attribute("data-state", "idle")
    modem = replace(FxoCaller.ringing_off(3.0), number="<b>13900005678", display_name="<script>a(3)")
    rings_off = hotline.modem.exchange.call(modem)
    customer = await Caller.open(hotline.scene.target("sip2"), user=quote(MARKUP), display=MARKUP)
    customer.tag += f';note="{MARKUP}"'
    try:
        customer.invite()
        await customer.response("INVITE", 180)
        await expect(screens[0].tile.locator(".who")).to_have_text(masked(MARKUP))
        await expect(screens[1].tile.locator(".who")).to_have_text("139****5678")
        await screens[0].tile.click()
        await expect(page.locator("#line-dialog")).to_contain_text(masked(MARKUP))
        await page.keyboard.press("Escape")
        customer.cancel()
        await customer.response("INVITE", 487)
    finally:
        customer.close()
    await rings_off.ended()
    rows = page.locator("#calls tbody tr")
    for row, who in (
        (rows.filter(has_text=masked(MARKUP)), masked(MARKUP)),
        (rows.filter(has_text="fxo1"), "139****5678"),
    ):
        await expect(row).to_contain_text(who)
        await row.locator("button").click()
        timeline = page.frame_locator("#call-dialog iframe").locator("html")
        await expect(timeline).to_contain_text(who)
        await expect(timeline.locator("img, script")).to_have_count(0)
        await page.keyboard.press("Escape")
        await expect(page.locator("#call-dialog iframe")).to_have_count(0)
    assert await page.evaluate(ELEMENTS) == before
