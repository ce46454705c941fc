"""How the feed's messages reach a broker: in order through any window, and what is lost is told."""

import asyncio
import json
import logging
import ssl
from pathlib import Path

import aiomqtt
import pytest

from gateway.call import facts
from gateway.call.facts import Notice
from gateway.feed import Feed, FeedConfig
from tests.broker import PATIENCE, Mosquitto, serving_tls, watching
from tests.service.told import MORNING

pytestmark = pytest.mark.service


def feed_at(mosquitto: Mosquitto, **settings: object) -> Feed:
    settings = {"url": mosquitto.url, **settings}
    config = FeedConfig(site="jinan", lines=(("sip1", "sip"),), **settings)  # type: ignore[arg-type]  # any of its fields
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


async def test_more_than_the_socket_takes_at_once_comes_over_tls(mosquitto: Mosquitto, tmp_path: Path) -> None:
    certificate = await serving_tls(mosquitto, tmp_path)
    feed = feed_at(mosquitto, url=f"mqtts://localhost:{mosquitto.port}", ca_file=str(certificate))
    await feed.start()
    async with asyncio.timeout(PATIENCE):
        await feed.online.wait()
    details = [str(number) * 60_000 for number in range(10, 40)]
    for number, detail in enumerate(details):
        feed.alert(f"t{number}", detail, True)
    async with asyncio.timeout(PATIENCE):
        while feed.waiting:  # noqa: ASYNC110 - a user sees it as a property, too
            await asyncio.sleep(0.01)
    await feed.stop()
    context = ssl.create_default_context(cafile=str(certificate))
    async with aiomqtt.Client("localhost", mosquitto.port, tls_context=context) as client:
        await client.subscribe("sansheng/jinan/alert/+", qos=1)
        heard: dict[str, str] = {}
        async with asyncio.timeout(PATIENCE):
            while len(heard) < len(details):
                message = await anext(client.messages)
                heard[str(message.topic)] = json.loads(message.payload)["detail"]
    assert heard == {f"sansheng/jinan/alert/t{number}": detail for number, detail in enumerate(details)}


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
