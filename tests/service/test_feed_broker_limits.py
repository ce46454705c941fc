"""What one client of our own broker can take of it: a reader with a log-in, or a program on this machine."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable

import aiomqtt
import pytest

from drivers.line import LineRestored
from gateway.call.facts import Notice
from gateway.feed import Feed
from gateway.feed.own_broker import streams
from gateway.feed.own_broker.screen import MOST_FILTERS
from gateway.feed.own_broker.subscriptions import MOST_PATTERNS
from gateway.feed.packets import length_bytes
from tests.broker import PATIENCE, free_port, watching
from tests.service.test_feed_embedded import feed_on, online
from tests.service.told import MORNING

pytestmark = pytest.mark.service

GRANTED = b"\x20\x02\x00\x00"


@contextlib.asynccontextmanager
async def feed() -> AsyncIterator[tuple[Feed, int]]:
    port = free_port()
    one = feed_on(port)
    await one.start()
    try:
        await online(one)
        yield one, port
    finally:
        await one.stop()


def text(value: str) -> bytes:
    return len(value).to_bytes(2) + value.encode()


def packet(first: int, rest: bytes) -> bytes:
    return bytes([first]) + length_bytes(len(rest)) + rest


def subscribe(*filters: str, qos: int = 0) -> bytes:
    return packet(0x82, b"\x00\x01" + b"".join(text(one) + bytes([qos]) for one in filters))


class Raw:
    """A client that sends any bytes."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    async def ended(self) -> bytes:
        """All that is still sent to it, up to the end."""
        async with asyncio.timeout(PATIENCE):
            with contextlib.suppress(ConnectionResetError):
                return await self.reader.read()
        return b""

    async def answer(self, count: int) -> bytes:
        async with asyncio.timeout(PATIENCE):
            return await self.reader.readexactly(count)


@contextlib.asynccontextmanager
async def raw(port: int, keepalive: int = 0) -> AsyncIterator[Raw]:
    client = Raw(*await asyncio.open_connection("127.0.0.1", port))
    client.writer.write(packet(0x10, text("MQTT") + b"\x04\x02" + keepalive.to_bytes(2) + text("raw")))
    assert await client.answer(4) == GRANTED
    try:
        yield client
    finally:
        client.writer.transport.abort()


def books_of(feed: Feed) -> int:
    """How many of our filters the broker knows."""
    broker = feed._publisher._broker
    assert broker is not None
    assert broker._broker is not None
    return sum(len(broker._broker._books.of(f"nothing/{n}/x")) for n in range(MOST_PATTERNS + 2))


def sessions_of(feed: Feed) -> int:
    broker = feed._publisher._broker
    assert broker is not None
    assert broker._broker is not None
    return len(broker._broker.sessions)


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not true():  # noqa: ASYNC110 - the broker tells nobody that a client has gone
            await asyncio.sleep(0.01)


async def test_messages_that_he_may_not_send_are_not_held_and_their_flood_ends_him() -> None:
    async with feed() as (one, port), raw(port) as client:
        forged = [packet(0x34, text("sansheng/jinan/kpi") + n.to_bytes(2) + b"x" * 9000) for n in range(1, 200)]
        client.writer.write(b"".join(forged))
        received = len(await client.ended()) // 4
        assert 0 < received <= streams.OTHERS[0] + streams.OTHERS[1] * PATIENCE
        assert one.problem is None


@pytest.mark.parametrize("flood", [b"\xc0\x00", b"\x40\x02\x00\x01", b"\x50\x02\x00\x01"])
async def test_a_flood_of_signs_of_life_or_acknowledgements_ends_him(flood: bytes) -> None:
    async with feed() as (_, port), raw(port) as client:
        client.writer.write(flood * 10_000)
        assert len(await client.ended()) < 2 * 1000
        async with aiomqtt.Client("127.0.0.1", port):
            pass


WRONG = [
    b"\x00\x00",
    b"\xf0\x00",
    GRANTED,
    subscribe(*["#"] * (MOST_FILTERS + 1)),
    packet(0x82, b"x" * 70_000),
    packet(0x30, text("lamp") + b"x" * 20_000),
]


@pytest.mark.parametrize("wrong", WRONG, ids=range(len(WRONG)))
async def test_what_no_client_sends_ends_him(wrong: bytes) -> None:
    async with feed() as (_, port), raw(port) as client:
        client.writer.write(wrong)
        assert await client.ended() == b""


async def test_he_has_so_many_filters_and_they_go_with_him() -> None:
    async with feed() as (one, port):
        sessions = sessions_of(one)
        async with raw(port) as client:
            client.writer.write(subscribe(*(f"nothing/{n}/#" for n in range(MOST_PATTERNS + 2)), qos=1))
            codes = (await client.answer(4 + MOST_PATTERNS + 2))[4:]
            assert codes == bytes(MOST_PATTERNS) + b"\x80\x80"
            assert books_of(one) == MOST_PATTERNS
            client.writer.write(packet(0xA2, b"\x00\x02" + text("nothing/0/#")))
            assert await client.answer(4) == b"\xb0\x02\x00\x02"
            assert books_of(one) == MOST_PATTERNS - 1
        await until(lambda: books_of(one) == 0 and sessions_of(one) == sessions)


async def test_a_filter_named_often_and_filters_that_overlap_bring_a_message_once() -> None:
    async with feed() as (one, port), watching(port) as (watcher, client):
        for topic in ("sansheng/#", "sansheng/+/line/#", "sansheng/jinan/line/sip1/event"):
            await client.subscribe(topic, qos=2)
        async with raw(port) as other:
            other.writer.write(subscribe(*["sansheng/jinan/kpi"] * MOST_FILTERS))
            await other.answer(5 + MOST_FILTERS)
            other.writer.write(b"\xe0\x00")
            assert (await other.ended()).count(b"sansheng/jinan/kpi") == 1
        for _ in range(2):
            one.receive(Notice(MORNING, "sip1", None, LineRestored()))
        await watcher.until(lambda w: any(event["seq"] == 2 for event in w.of("line/sip1/event")))
        assert [event["seq"] for event in watcher.of("line/sip1/event")] == [1, 2]


async def test_who_acknowledges_nothing_is_not_waited_for(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    async with feed() as (one, port), raw(port) as client, watching(port) as (watcher, _):
        client.writer.write(subscribe("#", "sansheng/#", qos=1))
        assert (await client.answer(6))[4:] == b"\x00\x00", "granted with QoS 0"
        one.receive(Notice(MORNING, "sip1", None, LineRestored()))
        await watcher.until(lambda w: w.of("line/sip1/event"))
        assert not [task for task in asyncio.all_tasks() if "_acknowledged" in repr(task)]
    assert not caplog.records


async def test_who_is_silent_or_stops_within_a_packet_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    async with feed() as (_, port):
        async with raw(port, keepalive=1) as silent:
            assert await silent.ended() == b""
        async with raw(port) as half:
            monkeypatch.setattr(streams, "PATIENCE", 0.1)
            half.writer.write(b"\x30\x20\x00")
            assert await half.ended() == b""


async def test_what_he_has_left_behind_is_not_worked_on_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "LEFT_BEHIND", 0.1)
    async with feed() as (one, port):
        sessions = sessions_of(one)
        async with raw(port) as client:
            client.writer.write(packet(0x30, text("lamp") + b"x") * 5000)  # a minute's
            client.writer.write_eof()
            await until(lambda: sessions_of(one) == sessions)
