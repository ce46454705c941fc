"""When the feed is online, when it publishes everything anew, and that `offline` is its last word."""

import asyncio

import pytest

from drivers.line import LineRestored
from gateway.call import facts
from gateway.call.facts import Notice
from gateway.feed import Feed, FeedConfig, publisher
from gateway.feed.outbox import MANY
from tests.broker import PATIENCE, Mosquitto, watching
from tests.service.scripted_broker import ScriptedBroker
from tests.service.told import MORNING

pytestmark = pytest.mark.service

ROOT = "sansheng/jinan"


def feed_at(url: str) -> Feed:
    config = FeedConfig(site="jinan", url=url, lines=(("sip1", "sip"),), protocol="3.1.1", username="gateway")
    return Feed(config, now=lambda: MORNING)


async def online(feed: Feed) -> None:
    async with asyncio.timeout(PATIENCE):
        await feed.online.wait()


async def test_it_is_online_when_a_state_that_was_put_behind_others_is_there_too() -> None:
    last = f"{ROOT}/alert/last"
    reached, go, end = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def meet(topic: str, _: bytes) -> None:
        if topic.endswith("/alert/t0"):
            reached.set()
            await go.wait()
        elif topic == last:
            await end.wait()

    async with ScriptedBroker().serving() as broker:
        broker.meet = meet
        feed = feed_at(broker.url)
        for number in range(MANY):
            feed.alert(f"t{number}", "it began", True)
        feed.alert("last", "it began", True)
        await feed.start()
        async with asyncio.timeout(PATIENCE):
            await reached.wait()
        for rings in range(1, 50):
            feed.receive(Notice(MORNING, "sip1", "c1", facts.Rang(rings)))
        feed.alert("last", "it is worse", True)  # many wait: this takes the other one's place, at the end
        go.set()
        await broker.until(lambda heard: heard[-1][0] == last)
        await broker.say(f"{ROOT}/status", b"online")  # by then it has every acknowledgement before
        assert not feed.online.is_set()
        end.set()
        await online(feed)
        await feed.stop()


async def test_nothing_is_said_after_a_clean_offline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publisher, "ECHO", 0.3)
    status = f"{ROOT}/status"
    async with ScriptedBroker().serving() as broker:

        async def meet(topic: str, payload: bytes) -> None:
            if (topic, payload) == (status, b"offline"):
                await broker.say("homeassistant/status", b"online")
                await broker.say(status, b"no status at all")

        feed = feed_at(broker.url)
        await feed.start()
        await online(feed)
        broker.meet = meet
        before = len(broker.heard)
        await feed.stop()
    assert [payload for topic, payload in broker.heard[before:] if topic == status] == [b"offline"]


async def test_anothers_last_will_does_not_cut_short_what_waits_at_the_end() -> None:
    held, go = asyncio.Event(), asyncio.Event()

    async def meet(topic: str, _: bytes) -> None:
        if topic.endswith("/event"):
            held.set()
            await go.wait()

    async with ScriptedBroker().serving() as broker:
        feed = feed_at(broker.url)
        await feed.start()
        await online(feed)
        broker.meet = meet
        for rings in range(1, 300):  # more than are under way at a time
            feed.receive(Notice(MORNING, "sip1", "c1", facts.Rang(rings)))
        async with asyncio.timeout(PATIENCE):
            await held.wait()
        stopping = asyncio.create_task(feed.stop())
        await broker.say(f"{ROOT}/status", b"offline")
        await broker.say(f"{ROOT}/status", b"offline")
        go.set()
        await stopping
        assert feed.waiting == 0
        assert broker.heard[-1] == (f"{ROOT}/status", b"offline")


async def test_a_flood_of_requests_to_refresh_is_one(
    mosquitto: Mosquitto, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publisher, "RENEWAL", 3600.0)
    await mosquitto.start()
    feed = feed_at(mosquitto.url)
    await feed.start()
    await online(feed)
    async with watching(mosquitto.port, f"{ROOT}/#") as (watcher, client):
        await watcher.until(lambda w: w.of("calls"))
        before = len(watcher.of("calls"))
        for number in range(100):
            await client.publish(f"{ROOT}/command", f'{{"id":{number},"do":"refresh"}}', qos=1)
        await watcher.until(lambda w: len(w.of("command/result")) == 100)
        feed.receive(Notice(MORNING, "sip1", None, LineRestored()))
        await watcher.until(lambda w: w.of("line/sip1/event"))
        assert len(watcher.of("calls")) == before + 1
    await feed.stop()


async def test_a_refresh_that_comes_too_early_is_not_lost() -> None:
    reached, go = asyncio.Event(), asyncio.Event()

    async def meet(topic: str, _: bytes) -> None:
        if topic.endswith("/calls") and not reached.is_set():
            reached.set()
            await go.wait()

    async with ScriptedBroker().serving() as broker:
        broker.meet = meet
        feed = feed_at(broker.url)
        await feed.start()
        async with asyncio.timeout(PATIENCE):
            await reached.wait()
        await broker.say(f"{ROOT}/command", b'{"id":1,"do":"refresh"}')
        go.set()
        await broker.until(lambda heard: [topic for topic, _ in heard].count(f"{ROOT}/calls") == 2)
        await feed.stop()
