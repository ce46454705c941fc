"""Alerts of lines that an earlier run left at a real mosquitto: those that are over go, one that stands stays."""

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
