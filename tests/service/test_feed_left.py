"""What an earlier run left of lines and agents at a real mosquitto: what is over, or not ours any more, goes."""

from datetime import timedelta
from typing import Literal

import pytest

from drivers.line import FaultCode, LineFault, LineRestored
from gateway.call.facts import Notice
from gateway.feed import Feed, FeedConfig
from tests.broker import Mosquitto, watching
from tests.service.told import MORNING

pytestmark = pytest.mark.service

CURED, STANDS = "line/sip1/alert/port_lost", "line/sip1/alert/worker_died"


async def test_alerts_of_lines_outlive_a_restart_only_where_they_stand(mosquitto: Mosquitto) -> None:
    await mosquitto.start()
    feed = Feed(FeedConfig(site="jinan", url=mosquitto.url, lines=(("sip1", "sip"),)), now=lambda: MORNING)
    async with watching(mosquitto.port) as (watcher, client):
        for topic in (CURED, STANDS):
            await client.publish(f"sansheng/jinan/{topic}", '{"left": true}', qos=1, retain=True)
        feed.receive(Notice(MORNING, "sip1", None, LineFault(FaultCode.WORKER_DIED, "once more")))
        await feed.start()
        await watcher.until(lambda w: w.of(CURED)[1:] == [""] and w.of(STANDS)[1:])
    async with watching(mosquitto.port) as (later, _):
        (standing,) = await later.until(lambda w: w.of(STANDS))
        assert standing["detail"].startswith("once more")
        assert not later.of(CURED)
        feed.receive(Notice(MORNING, "sip1", None, LineRestored()))
        await later.until(lambda w: w.of(STANDS)[1:] == [""])
    await feed.stop()


@pytest.mark.parametrize("protocol", ["3.1.1", "5"])
async def test_lines_and_agents_that_are_no_more_go(mosquitto: Mosquitto, protocol: Literal["3.1.1", "5"]) -> None:
    await mosquitto.start()
    settings = FeedConfig("jinan", url=mosquitto.url, protocol=protocol, lines=(("sip1", "sip"),), agents=("801",))
    feed = Feed(settings, now=lambda: MORNING)
    gone, ours = ("line/sip9/state", "agent/809/state"), ("line/sip1/state", "agent/801/state")
    async with watching(mosquitto.port) as (watcher, client):
        for topic in (*gone, *ours):
            await client.publish(f"sansheng/jinan/{topic}", '{"left": true}', qos=1, retain=True)
        await feed.start()
        await watcher.until(lambda w: all(w.of(topic)[1:] == [""] for topic in gone))
        await watcher.until(lambda w: w.of("heartbeat"))
        feed.receive(Notice(MORNING, "sip1", None, LineRestored()))
        await watcher.until(lambda w: w.of("line/sip1/state")[-1]["state"] == "idle")
        assert all("" not in watcher.of(topic) for topic in ours)
    await feed.stop()


async def test_what_another_gateway_that_is_there_has_told_is_left_to_it_and_its_session_outlives_the_others(
    mosquitto: Mosquitto,
) -> None:
    """Two of one site, by mistake: the second has a line less."""
    await mosquitto.start()

    def feed(*lines: str, later: float) -> Feed:
        settings = FeedConfig("jinan", url=mosquitto.url, lines=tuple((line, "sip") for line in lines))
        return Feed(settings, now=lambda: MORNING + timedelta(seconds=later))

    first, second = feed("sip1", "sip2", later=0), feed("sip1", later=60)
    async with watching(mosquitto.port) as (watcher, _):
        await first.start()
        await watcher.until(lambda w: w.of("line/sip2/state") and w.of("heartbeat"))
        await second.start()
        await watcher.until(lambda w: len({beat["session"] for beat in w.of("heartbeat")}) == 2)
        await watcher.until(lambda w: w.of("alert/site_taken"))
        assert "" not in watcher.of("line/sip2/state")
        largest = max(session["session"] for session in watcher.of("session"))
        await second.stop()
        await watcher.until(lambda w: w.of("session")[-1]["session"] > largest)
        await watcher.until(lambda w: w.of("alert/site_taken")[-1] == "")
        assert watcher.of("line/sip2/state")[-1] != ""
        await first.stop()
