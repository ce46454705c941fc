"""MQTT 5 where the broker has it, else 3.1.1: with brokers that have 3.1.1 alone, and refuse in several ways."""

import asyncio

import pytest
from aiomqtt import MqttError

from gateway.feed import Feed, FeedConfig, client, connection
from gateway.feed.client import client_of
from gateway.feed.config import BrokerAddress
from gateway.feed.connection import Dialling
from gateway.feed.encoding import Message
from gateway.feed.requests.asking import ask
from tests.broker import PATIENCE, free_port, watching
from tests.service.old_broker import REFUSED, OldBroker
from tests.service.told import MORNING

pytestmark = pytest.mark.service


def dialling(broker: OldBroker) -> Dialling:
    return Dialling(FeedConfig(site="jinan", url=f"mqtt://{broker.address}"), "s/status")


async def test_a_broker_without_mqtt_5_is_asked_once_for_it() -> None:
    async with OldBroker(REFUSED).serving() as broker:
        calls = dialling(broker)
        for _ in range(3):
            async with calls.connected(broker.address, 1) as reached:
                assert reached.protocol == "3.1.1"
        assert broker.asked == [5, 4, 4, 4]


async def test_a_broker_that_hangs_up_on_mqtt_5_is_asked_for_3_1_1_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "TIMEOUT", 0.5)
    async with OldBroker(b"").serving() as broker:
        calls = dialling(broker)
        with pytest.raises(MqttError):
            async with calls.connected(broker.address, 1):
                pass
        monkeypatch.setattr(connection, "TIMEOUT", PATIENCE)
        for _ in range(2):
            async with calls.connected(broker.address, 1) as reached:
                assert reached.protocol == "3.1.1"
        assert broker.asked == [5, 4, 4]


async def test_who_asks_a_broker_that_hangs_up_on_mqtt_5_asks_for_3_1_1_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(client, "TIMEOUT", 0.5)
    async with OldBroker(b"").serving() as broker:
        config = FeedConfig(site="jinan", url=f"mqtt://{broker.address}")
        async with client_of(config):
            assert broker.asked == [5, 4]


async def test_another_gateways_own_broker_is_talked_to_in_its_version() -> None:
    other = Feed(FeedConfig(site="other", broker_port=free_port()))
    await other.start()
    feed = Feed(FeedConfig(site="jinan", url=other.url), now=lambda: MORNING)
    await feed.start()
    try:
        async with asyncio.timeout(PATIENCE):
            await feed.online.wait()
        async with watching(BrokerAddress.parse(other.url).port) as (watcher, _):
            await watcher.until(lambda w: w.of("session") and w.of("status"))
            assert watcher.of("session")[0]["protocol"] == "3.1.1"
    finally:
        await feed.stop()
        await other.stop()


async def test_who_asks_the_gateway_finds_its_version() -> None:
    port = free_port()
    feed = Feed(FeedConfig(site="jinan", broker_port=port))
    await feed.start()
    try:
        async with asyncio.timeout(PATIENCE):
            await feed.online.wait()
        answer = await ask(FeedConfig(site="jinan", broker_port=port), {"do": "refresh"}, within=PATIENCE)
        assert answer["ok"]
    finally:
        await feed.stop()


async def test_a_version_that_the_config_demands_is_refused_with_the_cure() -> None:
    async with OldBroker(REFUSED).serving() as broker:
        feed = Feed(FeedConfig(site="jinan", url=f"mqtt://{broker.address}", protocol="5"), now=lambda: MORNING)
        await feed.start()
        async with asyncio.timeout(PATIENCE):
            while feed.problem is None:  # noqa: ASYNC110 - a user sees it as a property, too
                await asyncio.sleep(0.02)
        assert "does not have MQTT 5" in feed.problem
        assert 'protocol = "auto"' in feed.problem
        await feed.stop()
        assert set(broker.asked) == {5}


async def test_a_broker_that_hangs_up_is_tried_again_at_once_and_told_as_such() -> None:
    tried = asyncio.Semaphore(0)

    async def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tried.release()
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    feed = Feed(FeedConfig(site="jinan", url=f"mqtt://127.0.0.1:{port}"), now=lambda: MORNING)
    shown: list[Message] = []
    feed.watch(shown.append)
    await feed.start()
    try:
        async with asyncio.timeout(PATIENCE):
            for _ in range(3):
                await tried.acquire()
        assert "hangs up before it answers" in str(feed.problem)
        [told] = [message for message in shown if message.topic.endswith("/alert/broker_away")]
        assert "hangs up before it answers" in told.payload.decode(), "whoever is beside the broker sees why"
    finally:
        await feed.stop()
        server.close()
        await server.wait_closed()
