"""How the feed's messages reach a broker: in order through any window, and what is lost is told."""

import asyncio
import logging

import pytest

from gateway.call import facts
from gateway.call.facts import Notice
from gateway.feed import Feed, FeedConfig
from tests.broker import PATIENCE, Mosquitto, watching
from tests.service.told import MORNING

pytestmark = pytest.mark.service


def feed_at(mosquitto: Mosquitto, **settings: object) -> Feed:
    config = FeedConfig(site="jinan", url=mosquitto.url, lines=(("sip1", "sip"),), **settings)  # type: ignore[arg-type]  # any of its fields
    return Feed(config, now=lambda: MORNING)


def rung(feed: Feed, first: int, last: int) -> None:
    for number in range(first, last + 1):
        feed.receive(Notice(MORNING, "sip1", "c1", facts.Rang(number)))


@pytest.mark.parametrize(("protocol", "most"), [("3.1.1", 20), ("5", 20), ("5", 3), ("5", 1)])
async def test_all_comes_in_order_through_any_window(mosquitto: Mosquitto, protocol: str, most: int) -> None:
    mosquitto.settings += [f"max_inflight_messages {most}"]
    await mosquitto.start()
    feed = feed_at(mosquitto, protocol=protocol)
    await feed.start()
    async with asyncio.timeout(PATIENCE):
        await feed.online.wait()
    async with watching(mosquitto.port, "+/+/line/+/event") as (watcher, _):
        rung(feed, 1, 600)
        await watcher.until(lambda w: len(w.heard) >= 600)
        await feed.stop()
    assert [payload["rings"] for _, payload, _ in watcher.heard] == list(range(1, 601))
    assert feed.waiting == 0


async def test_that_events_are_lost_is_told_once_and_how_many(
    mosquitto: Mosquitto, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    feed = feed_at(mosquitto, queue_limit=10)
    rung(feed, 1, 25)
    await feed.start()
    await mosquitto.start()
    async with asyncio.timeout(PATIENCE):
        await feed.online.wait()
    await feed.stop()
    said = [record.getMessage() for record in caplog.records if record.name == "gateway.feed.sending"]
    assert said == [
        "feed: more events wait for the broker than [mqtt] queue_limit: the oldest are lost",
        "feed: the broker has all that waited; 15 events were lost before",
    ]
    assert feed.dropped == 15
