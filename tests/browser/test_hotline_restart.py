"""The page when its gateway ends: it says that it is stale, and is live again by itself, with the truth."""

import signal
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from tests.broker import Mosquitto, Watcher, free_port, watching
from tests.browser.conftest import OpenPage
from tests.browser.screens import Screen
from tests.process.customers import placed
from tests.process.gateway import GatewayProcess, Site, gone, mqtt, sip_line, site_in
from tests.process.material import make_dialplan
from tests.sip.conftest import free_port as free_udp_port

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

WORDS = {"idle": "空闲", "ringing": "振铃", "greeting": "问候"}


@dataclass
class Scene:
    site: Site
    gateway: GatewayProcess
    watcher: Watcher
    url: str
    target: str


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def scene(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Scene]:
    folder = tmp_path_factory.mktemp("restart")
    broker = Mosquitto(folder)
    await broker.start()
    sip, listen = free_udp_port(), f"127.0.0.1:{free_port()}"
    try:
        async with site_in(folder, folder / make_dialplan(folder)) as site, watching(broker.port) as (watcher, _):
            wallboard = f'[wallboard]\nlisten = "{listen}"'
            site.write(mqtt(broker.url), sip_line("sip1", sip), wallboard)
            gateway = await site.start()
            await gateway.logged("wallboard: http")
            yield Scene(site, gateway, watcher, f"http://{listen}", f"sip:8801@127.0.0.1:{sip}")
    finally:
        broker.kill()


async def live(page: Page, state: str) -> None:
    await expect(page.locator("body")).to_have_attribute("data-live", state)


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGKILL])
async def test_the_page_survives_its_gateway(scene: Scene, open_page: OpenPage, end: signal.Signals) -> None:
    opened = await open_page(scene.url)
    opened.forgiven = ("ERR_CONNECTION_REFUSED", "ERR_INCOMPLETE_CHUNKED_ENCODING", "ERR_CONNECTION_RESET")
    page = opened.page
    screen = Screen(page, "sip1", WORDS)
    await live(page, "live")
    await screen.follow()
    family = scene.gateway.family()
    async with placed(scene.target, f"1380000{end.value:04}") as customer:
        await customer.response("INVITE", 200)
        await screen.shows("greeting", who=f"138****{end.value:04}")
        scene.gateway.send(end)
        if end == signal.SIGTERM:
            await scene.gateway.logged("SIGTERM: draining")
            scene.gateway.send(end)
        await live(page, "lost")
    await expect(page.locator("#stale")).to_contain_text("的状态")
    assert await gone(family)
    scene.gateway = await scene.site.start()
    await live(page, "live")
    await expect(page.locator("#stale")).to_be_hidden()
    await expect(screen.tile).to_have_attribute("data-state", "idle")
    await expect(screen.tile.locator(".call")).to_have_count(0)
    await expect(page.locator("#lines-count")).to_contain_text("0")
    assert await page.evaluate("window.loadedOnce"), "the page was loaded again"
    await it_shows_the_calls_on_record(scene, page)
    await it_follows_the_next_call(scene, screen)


async def it_shows_the_calls_on_record(scene: Scene, page: Page) -> None:
    """The one that the gateway's end cut off, too."""
    on_record = [call["call"] for call in reversed(await scene.site.calls())]
    rows = page.locator("#calls tbody tr")
    await expect(rows).to_have_count(len(on_record))
    assert await rows.evaluate_all("rows => rows.map((row) => row.dataset.call)") == on_record


async def it_follows_the_next_call(scene: Scene, screen: Screen) -> None:
    async with placed(scene.target, "13900000001") as customer:
        await screen.shows("greeting", who="139****0001")
        await customer.response("INVITE", 200)
        customer.bye()
        await customer.response("BYE", 200)
    await expect(screen.tile).to_have_attribute("data-state", "idle")
