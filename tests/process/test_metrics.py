"""What Prometheus sees of a gateway through a day's troubles: a lost prompt, a broker away, a dead worker."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.broker import PATIENCE, Mosquitto, free_port, watching
from tests.process.customers import Story, placed
from tests.process.gateway import GatewayProcess, Site, mqtt, sip_line, site_in
from tests.sip.conftest import free_port as free_udp_port

pytestmark = pytest.mark.process

NUMBERS = ("13800001111", "13800002222")


class Page:
    """One scrape."""

    def __init__(self, text: str) -> None:
        self.text = text
        families = text_string_to_metric_families(text)
        self._samples = [sample for family in families for sample in family.samples]

    def value(self, name: str, **labels: str) -> float | None:
        """None for a series that there is not."""
        wanted = f"sansheng_{name}", labels
        return next((float(s.value) for s in self._samples if (s.name, s.labels) == wanted), None)

    def state(self, line: str) -> list[str]:
        """Those of the line's states that are told to be so."""
        states = [s for s in self._samples if s.name == "sansheng_line_state" and s.labels["line"] == line]
        return [s.labels["state"] for s in states if s.value == 1]


class Scraper:
    """Prometheus' part."""

    def __init__(self, port: int) -> None:
        self._port = port
        self.pages: list[Page] = []

    async def scrape(self) -> Page:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        writer.write(b"GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n")
        head, _, body = (await reader.read()).partition(b"\r\n\r\n")
        writer.close()
        assert head.startswith(b"HTTP/1.1 200 "), head
        self.pages.append(Page(body.decode()))
        return self.pages[-1]

    async def until(self, seen: Callable[[Page], bool]) -> Page:
        """The first page on which it is seen."""
        async with asyncio.timeout(PATIENCE):
            while not seen(page := await self.scrape()):
                pass
        return page


@dataclass
class Scene:
    gateway: GatewayProcess
    scraper: Scraper
    target: str
    prompts: Path


@pytest.fixture
async def scene(tmp_path: Path, dialplan: Path, mosquitto: Mosquitto) -> AsyncIterator[Scene]:
    """A softphone, and a dialplan whose recordings may be lost."""
    own = shutil.copytree(dialplan, tmp_path / "dialplan")
    port, sip = free_port(), free_udp_port()
    async with site_in(tmp_path, own) as site:
        yield await serving(site, mosquitto, port, sip, own / "prompts")


async def serving(site: Site, mosquitto: Mosquitto, port: int, sip: int, prompts: Path) -> Scene:
    site.write(mqtt(mosquitto.url), sip_line("sip1", sip), f'[metrics]\nlisten = "127.0.0.1:{port}"')
    return Scene(await site.start(), Scraper(port), f"sip:8801@127.0.0.1:{sip}", prompts)


async def test_a_day_of_troubles(scene: Scene, mosquitto: Mosquitto) -> None:
    scraper, gateway = scene.scraper, scene.gateway
    quiet = await scraper.until(lambda page: page.value("feed_connected") == 1)
    assert quiet.state("sip1") == ["idle"]
    assert quiet.value("calls_offered_total", line="sip1", direction="in") == 0
    assert quiet.value("last_call_timestamp_seconds") is None
    async with watching(mosquitto.port) as (watcher, _):
        await a_prompt_is_lost(scene, Story(watcher, NUMBERS[0]), mosquitto)
    await mosquitto.start()
    back = await scraper.until(lambda p: p.value("feed_connected") == 1 and p.value("feed_queue_messages") == 0)
    assert back.value("feed_dropped_messages_total") == 0
    async with watching(mosquitto.port) as (watcher, _):
        await a_worker_dies(scene, Story(watcher, NUMBERS[1]))
    written = await scraper.until(lambda page: page.value("database_spool_facts") == 0)
    assert written.value("database_problem", room="records") == 0
    assert written.value("database_lost_facts_total") == 0
    assert gateway.running
    for number in NUMBERS:
        assert not [page for page in scraper.pages if number in page.text or number[-4:] + '"' in page.text]


async def a_prompt_is_lost(scene: Scene, story: Story, mosquitto: Mosquitto) -> None:
    """A recording is gone, the call goes on; then the broker goes, and what happens waits for it."""
    scraper = scene.scraper
    async with placed(scene.target, story.number) as customer:
        await customer.response("INVITE", 200)
        customer.rtp.start_sending()
        await story.until("prompt_started", prompt="greeting")
        (scene.prompts / "silent-1.wav").unlink()
        page = await scraper.scrape()
        assert page.state("sip1") == ["greeting"]
        assert page.value("calls_up", line="sip1") == 1
        await story.until("prompt_failed", prompt="silent-1")
        page = await scraper.scrape()
        assert page.value("prompt_play_errors_total", line="sip1", error="not_begun") == 1
        assert page.value("prompts_total", result="complete") == 1
        mosquitto.kill()
        await scraper.until(lambda page: page.value("feed_connected") == 0)
        customer.bye()
        await customer.response("BYE", 200)
    page = await scraper.until(lambda page: page.state("sip1") == ["idle"])
    assert (page.value("feed_queue_messages") or 0) >= 2  # far_end_hangup, released
    assert page.value("calls_total", line="sip1", direction="in", outcome="answered") == 1
    assert page.value("calls_released_total", direction="in", released_by="customer") == 1
    assert page.value("answer_rings_count") == 1
    assert page.value("last_call_timestamp_seconds") is not None


async def a_worker_dies(scene: Scene, story: Story) -> None:
    scraper = scene.scraper
    async with placed(scene.target, story.number) as customer:
        await customer.response("INVITE", 200)
        before = await scraper.scrape()
        assert before.value("worker_restarts_total", line="sip1") == 0
        assert before.value("line_faults_total", line="sip1", code="worker_died") is None
        (worker,) = scene.gateway.workers()
        worker.kill()
        down = await scraper.until(lambda page: page.state("sip1") == ["offline"])
        assert down.value("line_faults_total", line="sip1", code="worker_died") == 1
        assert down.value("calls_released_total", direction="in", released_by="fault") == 1
    back = await scraper.until(lambda page: page.state("sip1") == ["idle"])
    assert back.value("worker_restarts_total", line="sip1") == 1
    assert back.value("line_restored_total", line="sip1") == 2
