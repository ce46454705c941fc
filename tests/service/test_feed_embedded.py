"""The embedded broker: what a user has who names no broker."""

import asyncio
import errno
import socket
from typing import NoReturn

import pytest
from amqtt.broker import Broker

from drivers.line import LineRestored
from gateway.call.facts import Notice
from gateway.feed import Feed, FeedConfig, FeedError
from gateway.feed.own_broker.broker import EmbeddedBroker
from gateway.feed.topics import Topics
from tests.broker import PATIENCE, free_port, watching
from tests.service.told import MORNING, talker

pytestmark = pytest.mark.service


def feed_on(port: int) -> Feed:
    config = FeedConfig(site="jinan", lines=(("sip1", "sip"),), agents=("801",), broker_port=port)
    return Feed(config, now=lambda: MORNING)


async def online(feed: Feed) -> None:
    async with asyncio.timeout(PATIENCE):
        await feed.online.wait()


async def test_it_serves_everybody_on_this_machine() -> None:
    port = free_port()
    feed = feed_on(port)
    await feed.start()
    try:
        assert feed.url == f"mqtt://127.0.0.1:{port}"
        await online(feed)
        async with watching(port) as (watcher, client):
            await watcher.until(lambda w: w.of("status") and w.of("kpi") and w.of("agent/801/state"))
            assert ("line/sip1/state", True) in {(topic, retained) for topic, _, retained in watcher.heard}
            feed.receive(Notice(MORNING, "sip1", None, LineRestored()))
            for notice in talker().notices:
                feed.receive(notice)
            await watcher.until(lambda w: any(e["event"] == "released" for e in w.of("line/sip1/event")))
            events = watcher.of("line/sip1/event")
            assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
            await client.publish("sansheng/jinan/command", b'{"id":1,"do":"refresh"}', qos=1)
            await watcher.until(lambda w: w.of("command/result") == [{"id": 1, "ok": True, "do": "refresh"}])
            await feed.stop()
            await watcher.until(lambda w: w.of("status")[-1] == "offline")
    finally:
        await feed.stop()


async def test_a_port_in_use_is_told_with_its_cure_and_taken_once_it_is_free() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        feed = feed_on(port)
        await feed.start()
        assert f"port 127.0.0.1:{port} is in use" in str(feed.problem)
        assert f'url = "mqtt://127.0.0.1:{port}"' in str(feed.problem)
    try:
        await online(feed)
        assert feed.problem is None
    finally:
        await feed.stop()


def broker_on(port: int) -> EmbeddedBroker:
    return EmbeddedBroker(FeedConfig(site="jinan", broker_port=port), Topics("sansheng", "jinan"))


@pytest.mark.parametrize("method", ["_topic_filtering", "retain_message"])
async def test_a_broker_that_would_not_ask_us_is_not_started(method: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(Broker, method)
    with pytest.raises(FeedError, match=f"has no {method}.*pyproject.toml"):
        await broker_on(free_port()).start()


async def test_a_start_that_fails_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    async def full(*_: object) -> NoReturn:
        raise OSError(errno.EMFILE, "Too many open files")

    broker = broker_on(free_port())
    before = asyncio.all_tasks()
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(asyncio, "start_server", full)
        for _ in range(3):
            with pytest.raises(FeedError, match="Too many open files"):
                await broker.start()
    assert asyncio.all_tasks() == before
    await broker.start()
    await broker.stop()
    assert asyncio.all_tasks() == before


async def test_a_client_is_sent_what_it_has_subscribed_to_alone() -> None:
    port = free_port()
    feed = feed_on(port)
    await feed.start()
    try:
        await online(feed)
        async with watching(port), watching(port, "sansheng/jinan/kpi") as (watcher, client):
            await client.publish("sansheng/jinan/command", b'{"id":1,"do":"refresh"}', qos=1, retain=True)
            await client.subscribe("sansheng/jinan/command/#", qos=1)
            await watcher.until(lambda w: w.of("command/result"))
            assert {topic for topic, _, _ in watcher.heard} == {"kpi", "command/result"}
            async with watching(port) as (later, _):
                await later.until(lambda w: w.of("status") and w.of("kpi"))
                assert not later.of("command"), "requests are not kept"
    finally:
        await feed.stop()
