"""Which run of the gateway the feed is of: session numbers, stale wills, heartbeats, two gateways of one site;
what MQTT 5 adds; and everything anew. On a real mosquitto."""

import asyncio
import contextlib
import json
import logging
from collections.abc import AsyncIterator, Callable
from typing import Any

import aiomqtt
import pytest
from aiomqtt import ProtocolVersion, Will
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from drivers.line import LineRestored
from gateway.call import facts
from gateway.call.facts import Notice
from gateway.feed import Feed, FeedConfig, publisher
from gateway.feed.properties import EVENT_EXPIRY, will_properties
from tests.broker import PATIENCE, Mosquitto, watching
from tests.service.cut_wire import CutWire
from tests.service.told import MORNING

pytestmark = pytest.mark.service

ROOT = "sansheng/jinan"
NUMBER = int(MORNING.timestamp() * 1000)


@contextlib.asynccontextmanager
async def feeding(url: str, **settings: Any) -> AsyncIterator[Feed]:
    """A feed whose broker has everything."""
    feed = Feed(FeedConfig(site="jinan", url=url, lines=(("sip1", "sip"),), **settings), now=lambda: MORNING)
    await feed.start()
    try:
        async with asyncio.timeout(PATIENCE):
            await feed.online.wait()
        yield feed
    finally:
        await feed.stop()


class Ears:
    """Keeps every message with its MQTT 5 properties."""

    def __init__(self) -> None:
        self.heard: list[aiomqtt.Message] = []
        self._news = asyncio.Condition()

    async def listen(self, client: aiomqtt.Client) -> None:
        async for message in client.messages:
            async with self._news:
                self.heard.append(message)
                self._news.notify_all()

    def of(self, topic: str) -> list[aiomqtt.Message]:
        return [message for message in self.heard if str(message.topic) == f"{ROOT}/{topic}"]

    def status(self) -> list[tuple[bytes, int, int]]:
        """Each status with the session and the connection it is of."""
        return [(bytes(m.payload), *whose(m)) for m in self.of("status")]  # type: ignore[arg-type]

    async def until(self, found: Callable[["Ears"], Any]) -> None:
        async with asyncio.timeout(PATIENCE), self._news:
            await self._news.wait_for(lambda: found(self))


@contextlib.asynccontextmanager
async def hearing(port: int) -> AsyncIterator[tuple[Ears, aiomqtt.Client]]:
    ears = Ears()
    async with aiomqtt.Client("127.0.0.1", port, protocol=ProtocolVersion.V5) as client:
        await client.subscribe("#", qos=1)
        listening = asyncio.create_task(ears.listen(client))
        try:
            yield ears, client
        finally:
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)


def whose(message: aiomqtt.Message) -> tuple[int, int]:
    """Session and connection of a status."""
    named = dict(message.properties.UserProperty)  # type: ignore[union-attr]
    return int(named["session"]), int(named["connection"])


def fields(message: aiomqtt.Message) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(bytes(message.payload))  # type: ignore[arg-type]
    return read


async def test_each_run_has_a_larger_number_in_birth_and_will_though_clocks_are_set_back(
    mosquitto: Mosquitto,
) -> None:
    await mosquitto.start()
    before = NUMBER + 5_000_000
    async with hearing(mosquitto.port) as (ears, client), CutWire(mosquitto.port) as wire:
        await client.publish(f"{ROOT}/session", json.dumps({"session": before}), qos=1, retain=True)
        async with feeding(f"mqtt://127.0.0.1:{wire.port}"):
            await ears.until(lambda e: e.status()[-1:] == [(b"online", before + 1, 2)])
            wire.cut()
            await ears.until(lambda e: e.status()[-1] == (b"offline", before + 1, 2))
        async with feeding(mosquitto.url):
            await ears.until(lambda e: e.status()[-1] == (b"online", before + 2, 2))
            assert fields(ears.of("session")[-1])["session"] == before + 2
        await ears.until(lambda e: e.status()[-1] == (b"offline", before + 2, 2))


async def test_a_session_is_told_and_beats(mosquitto: Mosquitto, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publisher, "HEARTBEAT", 0.05)
    await mosquitto.start()
    async with watching(mosquitto.port) as (watcher, _), feeding(mosquitto.url) as feed:
        await watcher.until(lambda w: w.of("session"))
        session = watcher.of("session")[0]
        assert (session["session"], session["site"], session["protocol"]) == (NUMBER, "jinan", "5")
        assert session["began"] == "2026-02-18T09:30:00.000+08:00"
        await watcher.until(lambda w: w.of("heartbeat"))
        feed.receive(Notice(MORNING, "sip1", None, LineRestored()))
        await watcher.until(lambda w: w.of("heartbeat")[-1]["in_service"] == 1)
        beats = watcher.of("heartbeat")
        assert (beats[0]["session"], beats[0]["lines"], beats[0]["in_service"]) == (NUMBER, 1, 0)
        assert len(beats) > 1
    async with watching(mosquitto.port) as (later, _):
        await later.until(lambda w: w.of("session") and w.of("status") and w.of("kpi"))
        assert not later.of("heartbeat"), "a heartbeat is not retained"


@pytest.mark.parametrize("protocol", ["3.1.1", "5"])
async def test_a_stale_will_never_stands(mosquitto: Mosquitto, protocol: str) -> None:
    """The will of an earlier run, whose connection the broker takes for alive until long after our birth; how a
    client that has MQTT 5 knows it to be stale."""
    await mosquitto.start()
    async with CutWire(mosquitto.port) as wire:
        will = Will(f"{ROOT}/status", b"offline", 1, True, will_properties(NUMBER - 1, 7))
        stale = aiomqtt.Client("127.0.0.1", wire.port, protocol=ProtocolVersion.V5, will=will)
        async with feeding(mosquitto.url, protocol=protocol), hearing(mosquitto.port) as (ears, _), stale:
            await ears.until(lambda e: e.of("status"))
            wire.cut()
            with pytest.raises(aiomqtt.MqttError):
                await anext(stale.messages)
            await ears.until(lambda e: len(e.of("status")) == 3)
            assert [m.payload for m in ears.of("status")] == [b"online", b"offline", b"online"]
            if protocol == "5":
                born, died, again = map(whose, ears.of("status"))
                assert died < born == again
            async with hearing(mosquitto.port) as (later, _):
                await later.until(lambda e: e.of("status"))
                assert later.of("status")[0].payload == b"online"


async def test_two_gateways_of_one_site_do_not_fight_and_it_is_told_once(
    mosquitto: Mosquitto, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, publisher.__name__)
    await mosquitto.start()

    def told(level: str) -> int:
        return sum(r.levelname == level and "gateway publishes as" in r.message for r in caplog.records)

    async with watching(mosquitto.port) as (watcher, client), feeding(mosquitto.url):
        async with feeding(mosquitto.url):
            # The first knows the other by its birth, the second the first by its heartbeat.
            await watcher.until(lambda w: w.of("alert/site_taken"))
            for _ in range(2):
                await client.publish(f"{ROOT}/heartbeat", beat_of(NUMBER), qos=1)
                await client.publish(f"{ROOT}/heartbeat", beat_of(NUMBER + 1), qos=1)
            await watcher.until(lambda w: told("ERROR") == 2 and w.of("alert/site_taken")[-1])
            assert "another `site`" in watcher.of("alert/site_taken")[-1]["detail"]
        await watcher.until(lambda w: w.of("alert/site_taken")[-1] == "")
        await watcher.until(lambda w: w.of("status")[-2:] == ["offline", "online"])
        assert len(watcher.of("session")) <= 6, "at birth, with what is retained, and once it has gone"
        assert len(watcher.of("status")) <= 5
    assert (told("ERROR"), told("INFO")) == (2, 1)


def beat_of(number: int) -> str:
    return json.dumps(
        {"session": number, "ts": "2026-02-18T09:30:00.000+08:00", "uptime_s": 1}
        | {"lines": 1, "in_service": 0, "calls": 0}
    )


async def test_mqtt_5_tells_what_a_message_is_and_how_long_it_is_of_worth(mosquitto: Mosquitto) -> None:
    await mosquitto.start()
    async with hearing(mosquitto.port) as (ears, client), feeding(mosquitto.url) as feed:
        feed.receive(Notice(MORNING, "sip1", "c1", facts.Rang(1)))
        asked = Properties(PacketTypes.PUBLISH)
        asked.CorrelationData = b"\x00\xff"
        asked.ResponseTopic = f"{ROOT}/line/sip1/state"  # where the requester may not write himself
        await client.publish(f"{ROOT}/command", '{"id":1,"do":"refresh"}', qos=1, properties=asked)
        asked.ResponseTopic = f"{ROOT}/command/result/desk1"
        await client.publish(f"{ROOT}/command", '{"id":2,"do":"refresh"}', qos=1, properties=asked)
        wanted = ("line/sip1/event", "heartbeat", "command/result/desk1")  # the last answer's copy comes last
        await ears.until(lambda e: all(e.of(topic) for topic in wanted))
        answers = [*ears.of("command/result"), *ears.of("command/result/desk1")]
        assert [fields(answer)["id"] for answer in answers] == [1, 2, 2]
        assert not [state for state in ears.of("line/sip1/state") if "do" in fields(state)]
        for message in [m for m in ears.heard if str(m.topic).startswith(f"{ROOT}/") and m.payload]:
            topic, properties = str(message.topic), message.properties
            if topic == f"{ROOT}/command":
                continue
            assert properties.PayloadFormatIndicator == 1  # type: ignore[union-attr]
            assert properties.ContentType == ("text/plain" if topic.endswith("/status") else "application/json")  # type: ignore[union-attr]
            assert (getattr(properties, "CorrelationData", None) is not None) == ("/command/result" in topic), (
                topic
            )
        expiry = {str(m.topic): getattr(m.properties, "MessageExpiryInterval", None) for m in ears.heard}
        assert expiry[f"{ROOT}/line/sip1/event"] == EVENT_EXPIRY
        assert expiry[f"{ROOT}/command/result"] == 60
        assert expiry[f"{ROOT}/heartbeat"] == 30
        assert expiry[f"{ROOT}/line/sip1/state"] is expiry[f"{ROOT}/session"] is expiry[f"{ROOT}/status"] is None


async def test_home_assistants_start_brings_everything_anew_once_however_often_it_is_said(
    mosquitto: Mosquitto, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publisher, "RENEWAL", 0.0)
    await mosquitto.start()
    async with watching(mosquitto.port) as (watcher, client), feeding(mosquitto.url, discovery_prefix="ha"):
        await watcher.until(lambda w: w.of("kpi"))
        everything = ("kpi", "session", "calls", "status")
        for times in (2, 3):
            await client.publish("ha/status", "online", qos=1)
            await watcher.until(lambda w, times=times: all(len(w.of(topic)) >= times for topic in everything))
        monkeypatch.setattr(publisher, "RENEWAL", 3600.0)
        before = len(watcher.of("kpi"))
        for _ in range(20):
            await client.publish("ha/status", "online", qos=1)
        await client.publish("ha/status", "offline", qos=1)
        await client.publish(f"{ROOT}/command", "no request", qos=1)
        await watcher.until(lambda w: w.of("command/result") and len(w.of("kpi")) > before)
        assert len(watcher.of("kpi")) == before + 1


async def test_a_broker_without_memory_knows_the_session_again(mosquitto: Mosquitto) -> None:
    await mosquitto.start()
    async with feeding(mosquitto.url) as feed:
        mosquitto.kill()
        async with asyncio.timeout(PATIENCE):
            while feed.problem is None:  # noqa: ASYNC110 - a user sees it as a property, too
                await asyncio.sleep(0.02)
        await mosquitto.start()
        async with hearing(mosquitto.port) as (ears, _):
            wanted = ("session", "calls", "kpi", "line/sip1/state", "status")
            await ears.until(lambda e: all(e.of(topic) for topic in wanted))
            online, session, connection = ears.status()[-1]
            assert (online, session) == (b"online", NUMBER), "the same run"
            assert connection > 1
            assert fields(ears.of("session")[-1])["session"] == NUMBER
