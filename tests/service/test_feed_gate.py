"""Our own broker: who is let in, who may say what, and what a stranger can do to it."""

import asyncio
import contextlib
import json
import logging
import shutil
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import aiomqtt
import pytest

from drivers.line import LineRestored
from gateway.call.facts import Notice
from gateway.config.lock_out import FREE
from gateway.config.passwords import hashed
from gateway.feed import Feed, FeedConfig, FeedError
from gateway.feed.config import BrokerAddress
from gateway.feed.own_broker.connect_packet import UNAVAILABLE, connack
from gateway.feed.own_broker.gate import MOST_AT_THE_DOOR, MOST_OF_A_SOURCE
from gateway.feed.own_broker.streams import LARGEST_PACKET
from gateway.feed.requests.asking import ask
from tests.broker import PATIENCE, free_port, watching
from tests.service.told import MORNING

pytestmark = pytest.mark.service

ROOT = "sansheng/jinan"
DESK = {"username": "desk", "password": "desk's"}
WALL = {"username": "wall", "password": "wall's"}


@contextlib.asynccontextmanager
async def feed_with(users_file: Path | None = None) -> AsyncIterator[tuple[Feed, int]]:
    """A feed whose broker is up, and its port; nothing stands still, so that requests can be signed in time."""
    port = free_port()
    users = str(users_file) if users_file is not None else None
    config = FeedConfig(site="jinan", lines=(("sip1", "sip"),), broker_port=port, users_file=users)
    feed = Feed(config)
    await feed.start()
    try:
        async with asyncio.timeout(PATIENCE):
            await feed.online.wait()
        yield feed, port
    finally:
        await feed.stop()


@pytest.fixture(scope="module")
def users(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("users") / "users"
    file.write_text(f"wall:{hashed(WALL['password'])}\ndesk:{hashed(DESK['password'])}:command\n")
    return file


async def refused(port: int, **login: str) -> str:
    with pytest.raises(aiomqtt.MqttError) as caught:
        async with aiomqtt.Client("127.0.0.1", port, **login):  # type: ignore[arg-type]
            pass
    return str(caught.value)


FORGED = [
    ("status", b"offline"),
    ("line/sip1/state", b"{}"),
    ("line/sip1/event", b"{}"),
    ("alert/fire", b"{}"),
    ("kpi", b""),
    ("command/result", b'{"id":1,"ok":true}'),
    ("anything", b"x"),
]


async def tries_to_forge(port: int, **login: Any) -> list[tuple[str, Any, bool]]:
    """What a watcher hears after a client has published all that he must not; then one thing more is told."""
    async with watching(port, **(login or DESK) if login else {}) as (watcher, client):
        await watcher.until(lambda w: w.of("kpi"))
        heard = len(watcher.heard)
        for topic, payload in FORGED:
            await client.publish(f"{ROOT}/{topic}", payload, qos=1, retain=True)
        await client.publish("homeassistant/device/sansheng_jinan/config", b"{}", qos=1, retain=True)
        await client.publish(f"{ROOT}/command", b'{"id":"last","do":"refresh"}', qos=1)
        await watcher.until(lambda w: w.of("command/result") or login == WALL)
        return watcher.heard[heard:]


async def test_nobody_forges_states_on_the_loopback_broker() -> None:
    async with feed_with() as (feed, port):
        heard = await tries_to_forge(port)
        assert ("command/result", {"id": "last", "ok": True, "do": "refresh"}, False) in heard
        assert not {topic for topic, payload, _ in heard if payload in ("{}", {}, "x", "offline", "")}
        async with watching(port) as (later, client):
            await later.until(lambda w: w.of("status"))
            assert later.of("status") == ["online"]
            await client.publish("elsewhere/lamp", b"on", qos=1)
            await later.until(lambda w: w.of("elsewhere/lamp"))
        assert feed.problem is None


async def test_a_will_is_no_way_round() -> None:
    async with feed_with() as (_, port):
        will = aiomqtt.Will(f"{ROOT}/status", b"offline", 1, True)
        assert "Not authorized" in await refused(port, will=will)  # type: ignore[arg-type]
        async with watching(port) as (watcher, _):
            lamp = aiomqtt.Will("elsewhere/lamp", b"lost", 1, False)
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            del reader
            writer.write(connect("lamp", will=lamp))
            await writer.drain()
            writer.transport.abort()
            await watcher.until(lambda w: w.of("elsewhere/lamp") == ["lost"])


async def test_with_users_everybody_reads_and_some_may_ask(users: Path) -> None:
    async with feed_with(users) as (feed, port):
        assert "Bad user name or password" in await refused(port)
        assert "Bad user name or password" in await refused(port, username="wall", password="desk's")
        assert "Bad user name or password" in await refused(port, username="nobody", password="")
        async with watching(port, **WALL) as (wall, reader), watching(port, **DESK) as (desk, _):
            await reader.publish(f"{ROOT}/command", b'{"id":"forged","do":"refresh"}', qos=1)
            await reader.publish("elsewhere/lamp", b"on", qos=1)
            config = FeedConfig(site="jinan", broker_port=port, **DESK)
            assert (await ask(config, {"do": "refresh"}))["ok"]
            with pytest.raises(FeedError, match=r"refused the login of 'desk' .* password_file"):
                await ask(replace(config, password="wrong"), {"do": "refresh"})
            feed.receive(Notice(MORNING, "sip1", None, LineRestored()))
            await wall.until(lambda w: w.of("line/sip1/event"))
            await desk.until(lambda w: w.of("line/sip1/event"))
        assert [result["ok"] for result in desk.of("command/result")] == [True]
        assert "forged" not in json.dumps(desk.of("command") + desk.of("command/result"))
        assert not wall.of("command") + wall.of("command/result") + wall.of("elsewhere/lamp")


@pytest.fixture
def own(users: Path, tmp_path: Path) -> Path:
    """The same, for a test that changes it."""
    return Path(shutil.copy(users, tmp_path / "users"))


def rewrite(file: Path, text: str) -> None:
    file.write_text(text)


async def test_users_come_while_the_gateway_runs(own: Path) -> None:
    async with feed_with(own) as (_, port):
        login = {"username": "new", "password": "new's"}
        await refused(port, **login)
        rewrite(own, f"new:{hashed(login['password'])}\n")
        async with aiomqtt.Client("127.0.0.1", port, **login):  # type: ignore[arg-type]
            pass
        rewrite(own, "new\n")
        await refused(port, **login)


async def test_passwords_cannot_be_tried_for_long(users: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with feed_with(users) as (feed, port):
        for number in range(FREE):
            assert "Bad user name" in await refused(port, username="desk", password=f"geheim{number}")
        assert "Bad user name" in await refused(port, **DESK), "not even with the right one"
        assert "too many wrong passwords" in caplog.text
        assert "geheim" not in caplog.text
        assert feed.online.is_set(), "the gateway's own log-in is apart"


async def test_nor_many_at_once(users: Path) -> None:
    async with feed_with(users) as (_, port):
        passwords = [f"geheim{number}" for number in range(FREE)] + [DESK["password"]] * 5
        answers = await asyncio.gather(*(logged_in(port, "desk", password) for password in passwords))
        assert connack(0) not in answers
        assert connack(UNAVAILABLE) in answers, "too many of one machine at a time"


async def test_who_says_nothing_keeps_nobody_out() -> None:
    async with feed_with() as (feed, port):
        silent = [await asyncio.open_connection("127.0.0.1", port) for _ in range(MOST_AT_THE_DOOR + 1)]
        async with asyncio.timeout(PATIENCE):
            assert await silent[0][0].read() == b"", "who waits for longest goes"
        assert await logged_in(port) == connack(0)
        for _, writer in silent:
            writer.close()
        assert feed.online.is_set()


async def test_a_full_broker_takes_the_gateway_alone() -> None:
    async with feed_with() as (feed, port):
        crowd = []
        for _ in range(MOST_OF_A_SOURCE):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(connect(""))
            assert await reader.readexactly(4) == connack(0)
            crowd.append(writer)
        assert await logged_in(port) == connack(UNAVAILABLE)
        own = BrokerAddress.parse(feed._publisher._broker.own_url)  # type: ignore[union-attr]  # it is there
        async with aiomqtt.Client("127.0.0.1", port, username=own.username, password=own.password):
            pass
        for writer in crowd:
            writer.close()


async def logged_in(port: int, username: str = "", password: str = "") -> bytes:
    """The answer to a raw client."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    body = b"\x00\x04MQTT\x04" + (b"\xc2" if username else b"\x02") + b"\x00\x3c\0\0"
    body += _data(username.encode()) + _data(password.encode()) if username else b""
    writer.write(b"\x10" + bytes([len(body)]) + body)
    try:
        async with asyncio.timeout(PATIENCE):
            return await reader.readexactly(4)
    finally:
        writer.close()


async def test_the_gateways_name_alone_opens_nothing(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with feed_with() as (feed, port):
        assert "Bad user name" in await refused(port, username="sansheng-gateway", password="guess")
        assert "@" not in feed.url
        assert feed._publisher._broker is not None
        assert feed._publisher._broker._logins.secret not in caplog.text


async def test_strangers_with_any_bytes_do_not_hold_it_up(users: Path) -> None:
    async with feed_with(users) as (feed, port):
        for first in (b"\x10", b"\x10\xff\xff\xff\xff\x7f", b"\x10\xff\xff\xff\x7f" + b"x" * 1000, b"\x30\x00",
                      b"GET / HTTP/1.1\r\n\r\n", b"\x10\x02xx", connect("")[:-3] + b"\xff"):  # fmt: skip
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(first)
            writer.write_eof()
            async with asyncio.timeout(PATIENCE):
                assert len(await reader.read()) <= 4
            writer.close()
        async with aiomqtt.Client("127.0.0.1", port, **WALL):  # type: ignore[arg-type]
            assert feed.online.is_set()
        version5: dict[str, Any] = {"protocol": aiomqtt.ProtocolVersion.V5}
        assert "protocol" in await refused(port, **version5)


async def test_a_megabyte_ends_the_connection_and_nothing_else() -> None:
    async with feed_with() as (feed, port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(connect("large"))
        assert await reader.readexactly(4) == connack(0)
        length = LARGEST_PACKET + 1
        writer.write(
            b"\x30" + bytes([length & 0x7F | 0x80, length >> 7 & 0x7F | 0x80, length >> 14]) + b"x" * 1000
        )
        async with asyncio.timeout(PATIENCE):
            await reader.read()  # up to the end
        writer.close()
        async with watching(port) as (watcher, _):
            await watcher.until(lambda w: w.of("status") == ["online"])
        assert feed.problem is None


async def test_a_flood_of_requests_leaves_the_loop_free() -> None:
    async with feed_with() as (feed, port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(connect("flood"))
        assert await reader.readexactly(4) == connack(0)
        body = _data(f"{ROOT}/command".encode()) + b'{"id":1}'
        writer.write((b"\x30" + bytes([len(body)]) + body) * 10_000)
        async with watching(port) as (watcher, _):  # whoever else is there is served as ever
            for number in range(1, 6):
                feed.receive(Notice(MORNING, "sip1", None, LineRestored()))
                await watcher.until(lambda w, number=number: len(w.of("line/sip1/event")) >= number)
            events = [event["seq"] for event in watcher.of("line/sip1/event")]
        writer.transport.abort()
        assert events == list(range(1, 6))
        assert feed.problem is None


async def test_elsewhere_only_with_users() -> None:
    with pytest.raises(FeedError, match=r"broker_listen 0\.0\.0\.0: .* set users_file"):
        Feed(FeedConfig(site="jinan", broker_host="0.0.0.0"))


def connect(client_id: str, will: aiomqtt.Will | None = None) -> bytes:
    """A CONNECT packet as a client writes it."""
    parts = [b"\x00\x04MQTT\x04", bytes([0x02 | (0x0C if will else 0)]), b"\x00\x3c", _data(client_id.encode())]
    if will is not None:
        assert isinstance(will.payload, bytes)
        parts += [_data(will.topic.encode()), _data(will.payload)]
    body = b"".join(parts)
    return b"\x10" + bytes([len(body)]) + body


def _data(data: bytes) -> bytes:
    return len(data).to_bytes(2, "big") + data
