"""The feed against a real mosquitto, which is killed, restarted, and refuses."""

import asyncio
import json
import logging
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from typing import Any

import pytest

from drivers.line import FaultCode, LineFault, LineRestored
from gateway.call import facts
from gateway.call.facts import Notice
from gateway.feed import Feed, FeedConfig, FeedError, TicketShown
from gateway.feed.requests.asking import ask
from gateway.feed.requests.authority import signature
from tests.broker import PATIENCE, Mosquitto, Watcher, watching
from tests.service.told import MORNING, Told, talker

pytestmark = pytest.mark.service

LINES = (("sip1", "sip"), ("fxo1", "fxo"))


class Feeds:
    """Makes feeds and stops them at the end."""

    def __init__(self) -> None:
        self._made: list[Feed] = []

    async def start(self, url: str, **settings: Any) -> Feed:
        config = FeedConfig(site="jinan", url=url, lines=LINES, agents=("801", "802"), **settings)
        feed = Feed(config, now=lambda: MORNING)
        self._made.append(feed)
        await feed.start()
        return feed

    async def stop(self) -> None:
        for feed in self._made:
            await feed.stop()


@pytest.fixture
async def feeds() -> AsyncIterator[Feeds]:
    feeds = Feeds()
    yield feeds
    await feeds.stop()


async def online(feed: Feed) -> None:
    async with asyncio.timeout(PATIENCE):
        await feed.online.wait()


async def offline(feed: Feed) -> None:
    async with asyncio.timeout(PATIENCE):
        while feed.problem is None:  # noqa: ASYNC110 - a user sees it as a property, too
            await asyncio.sleep(0.02)


def tell(feed: Feed, told: Told) -> None:
    """Each fact in a moment of its own."""
    for notice in told.notices:
        feed.receive(notice)
        feed.flush()


def rung(feed: Feed, count: int) -> None:
    for number in range(1, count + 1):
        feed.receive(Notice(MORNING, "sip1", "c1", facts.Rang(number)))


def settled(watcher: Watcher) -> bool:
    """Whether everything retained has been heard."""
    topics = {topic for topic, _, retained in watcher.heard if retained}
    return topics >= {
        "status", "kpi", "line/sip1/state", "line/fxo1/state", "agent/801/state", "agent/802/state"
    }  # fmt: skip


@pytest.mark.parametrize("protocol", ["3.1.1", "5"])
async def test_whoever_comes_later_sees_everything_at_once(
    mosquitto: Mosquitto, feeds: Feeds, protocol: str
) -> None:
    await mosquitto.start()
    feed = await feeds.start(mosquitto.url, protocol=protocol)
    feed.receive(Notice(MORNING, "sip1", None, LineRestored()))
    await online(feed)
    async with watching(mosquitto.port) as (watcher, _):
        await watcher.until(settled)
        assert watcher.of("status") == ["online"]
        await watcher.until(lambda w: w.of("line/sip1/state")[-1]["state"] == "idle")
        assert watcher.of("agent/801/state")[0] == {
            "agent": "801",
            "state": "offline",
            "since": "2026-02-18T09:30:00.000+08:00",
            "why": None,
            "call": None,
        }
        await feed.stop()
        assert await watcher.until(lambda w: w.of("status")[1:]) == ["offline"]


@pytest.mark.parametrize("protocol", ["3.1.1", "5"])
async def test_what_an_earlier_run_left_goes(mosquitto: Mosquitto, feeds: Feeds, protocol: str) -> None:
    """Tickets closed while no gateway ran, a trouble in the midst of which it was killed; nothing elsewhere."""
    await mosquitto.start()
    stale = {f"ticket/{number}/state" for number in range(1, 301)}
    ours, trouble, theirs = "ticket/7/state", "alert/recordings_stopped", "line/gone/shelf"
    async with watching(mosquitto.port) as (watcher, client):
        for topic in (*sorted(stale), trouble, theirs):
            await client.publish(f"sansheng/jinan/{topic}", '{"left": true}', qos=1, retain=True)
        feed = await feeds.start(mosquitto.url, protocol=protocol)
        await watcher.until(lambda w: w.of(trouble)[1:] == [""])
        shown = TicketShown(7, "enquiry", "801", "open", MORNING, None)
        feed.ticket(shown)
        await watcher.until(lambda w: w.of(ours)[1:])
        assert not [topic for topic, payload, _ in watcher.heard if topic in stale and not payload], (
            "not known yet"
        )
        feed.tickets_shown()
        await watcher.until(lambda w: all(w.of(topic)[1:] == [""] for topic in stale - {ours}))
        feed.alert("recordings_stopped", "disk full", True)
        await watcher.until(lambda w: w.of(trouble)[2:])
        await feed.stop()
    async with watching(mosquitto.port) as (later, _):
        await later.until(lambda w: w.of(theirs) and settled(w) and w.of(trouble))
        assert later.of(trouble)[0]["detail"] == "disk full"
        assert later.of(ours)[0]["state"] == "open"
        assert not [topic for topic, _, _ in later.heard if topic in stale - {ours}]


async def test_a_whole_call_in_order(mosquitto: Mosquitto, feeds: Feeds) -> None:
    await mosquitto.start()
    feed = await feeds.start(mosquitto.url)
    await online(feed)
    async with watching(mosquitto.port) as (watcher, _):
        await watcher.until(settled)
        feed.receive(Notice(MORNING, "sip1", None, LineRestored()))
        feed.flush()
        tell(feed, talker())
        await watcher.until(lambda w: any(e["event"] == "released" for e in w.of("line/sip1/event")))
        await watcher.until(lambda w: w.of("kpi")[-1]["released_by"]["customer"] == 1)
        events = watcher.of("line/sip1/event")
        assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
        assert [event["event"] for event in events[:5]] == [
            "line_restored",
            "ring",
            "caller_id",
            "ring",
            "answered",
        ]
        states = [state["state"] for state in watcher.of("line/sip1/state")]
        assert list(dict.fromkeys(states)) == ["offline", "idle", "ringing", "greeting", "released"]
        assert states[-1] == "idle"
        assert "13812345678" not in json.dumps(watcher.heard)
        assert watcher.of("kpi")[-1]["answer_rate"] == 1.0


async def test_a_broker_that_was_killed_and_is_back_knows_everything(mosquitto: Mosquitto, feeds: Feeds) -> None:
    await mosquitto.start()
    feed = await feeds.start(mosquitto.url)
    feed.receive(Notice(MORNING, "sip1", None, LineRestored()))
    await online(feed)
    mosquitto.kill()
    await offline(feed)
    assert f"127.0.0.1:{mosquitto.port} is not reached" in str(feed.problem)
    tell(feed, talker())
    feed.receive(Notice(MORNING, "fxo1", None, LineRestored()))
    feed.receive(Notice(MORNING, "fxo1", None, LineFault(FaultCode.PORT_LOST, "gone")))
    await mosquitto.start()
    async with watching(mosquitto.port) as (watcher, _):
        await watcher.until(lambda w: any(e["event"] == "released" for e in w.of("line/sip1/event")))
        await online(feed)
        await watcher.until(lambda w: any(e["event"] == "line_fault" for e in w.of("line/fxo1/event")))
        assert [state["state"] for state in watcher.of("line/sip1/state")] == ["idle"], "only the newest"
        events = watcher.of("line/sip1/event")
        assert [event["seq"] for event in events] == list(range(2, len(events) + 2)), "not one lost"
        assert watcher.of("status")[-1] == "online"
    async with watching(mosquitto.port) as (later, _):
        await later.until(settled)
        assert later.of("line/fxo1/state")[0]["state"] == "offline"
    assert feed.problem is None
    assert feed.dropped == 0


async def test_events_are_kept_up_to_the_bound(mosquitto: Mosquitto, feeds: Feeds) -> None:
    feed = await feeds.start(mosquitto.url, queue_limit=20)
    await offline(feed)
    rung(feed, 50)
    await mosquitto.start()
    async with watching(mosquitto.port) as (watcher, _):
        await watcher.until(lambda w: w.of("line/sip1/event")[-1:] and w.of("line/sip1/event")[-1]["rings"] == 50)
        assert [event["rings"] for event in watcher.of("line/sip1/event")] == list(range(31, 51))
    assert feed.dropped == 30


async def test_a_refused_password_is_told_once_and_cured_by_itself(
    mosquitto: Mosquitto, feeds: Feeds, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "gateway.feed")
    mosquitto.demand_password("gateway", "right")
    await mosquitto.start()
    feed = await feeds.start(mosquitto.url, username="gateway", password="wrong-secret")
    await offline(feed)
    assert "refused the login of 'gateway'" in str(feed.problem)
    assert "password_file" in str(feed.problem)
    rung(feed, 1)
    await asyncio.sleep(1.0)  # long enough for two more attempts
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    assert "wrong-secret" not in caplog.text
    mosquitto.kill()
    mosquitto.demand_password("gateway", "wrong-secret")
    await mosquitto.start()
    await online(feed)
    assert feed.problem is None


async def test_requests_are_answered(mosquitto: Mosquitto, feeds: Feeds) -> None:
    mosquitto.demand_password("gateway", "secret")
    await mosquitto.start()
    feed = await feeds.start(mosquitto.url, **mosquitto.login)
    await online(feed)
    async with watching(mosquitto.port, **mosquitto.login) as (watcher, client):
        await watcher.until(settled)
        heard = len(watcher.heard)
        await client.publish("sansheng/jinan/command", b"\xff{", qos=1)
        await client.publish("sansheng/jinan/command", b'{"id":"a","do":"explode"}', qos=1)
        await client.publish("sansheng/jinan/command", b'{"id":"b","do":"refresh"}', qos=1)
        await watcher.until(lambda w: len(w.of("command/result")) == 3)
        malformed, unknown, refreshed = watcher.of("command/result")
        assert (malformed["id"], malformed["ok"]) == (None, False)
        assert (unknown["id"], unknown["ok"], unknown["error"]) == ("a", False, "do: unknown; allowed: refresh")
        assert refreshed == {"id": "b", "ok": True, "do": "refresh"}
        shown = {"kpi", "line/sip1/state", "line/fxo1/state", "agent/801/state", "agent/802/state"}
        await watcher.until(lambda w: shown <= {topic for topic, _, _ in w.heard[heard:]})


async def test_a_will_that_comes_late_is_put_right(mosquitto: Mosquitto, feeds: Feeds) -> None:
    await mosquitto.start()
    feed = await feeds.start(mosquitto.url)
    await online(feed)
    async with watching(mosquitto.port) as (watcher, client):
        await client.publish("sansheng/jinan/status", b"offline", qos=1, retain=True)
        await watcher.until(lambda w: w.of("status")[-2:] == ["offline", "online"])


PUBLISHER = """
import asyncio, sys
from gateway.feed import Feed, FeedConfig, FeedError
from gateway.feed.requests.asking import ask
from gateway.feed.requests.authority import signature
async def main():
    feed = Feed(FeedConfig(site="jinan", url=sys.argv[1], lines=(("sip1", "sip"),)))
    await feed.start()
    await feed.online.wait()
    print("online", flush=True)
    await asyncio.Event().wait()
asyncio.run(main())
"""


async def test_a_killed_gateway_leaves_its_will(mosquitto: Mosquitto) -> None:
    await mosquitto.start()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PUBLISHER, mosquitto.url, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    async with asyncio.timeout(PATIENCE):
        assert await process.stdout.readline() == b"online\n"
    async with watching(mosquitto.port) as (watcher, _):
        await watcher.until(lambda w: w.of("status") == ["online"])
        os.kill(process.pid, signal.SIGKILL)
        await process.communicate()
        await watcher.until(lambda w: w.of("status") == ["online", "offline"])
    async with watching(mosquitto.port) as (later, _):
        await later.until(lambda w: ("status", "offline", True) in w.heard)


async def test_a_broker_that_never_answers_holds_nobody_up(feeds: Feeds) -> None:
    taken: list[asyncio.StreamWriter] = []
    server = await asyncio.start_server(lambda _, writer: taken.append(writer), "127.0.0.1", 0)
    try:
        feed = await feeds.start(f"mqtt://127.0.0.1:{server.sockets[0].getsockname()[1]}")
        rung(feed, 5)
        await offline(feed)
        assert "is not reached" in str(feed.problem)
        async with asyncio.timeout(PATIENCE):
            await feed.stop()
    finally:
        server.close()
        for writer in taken:
            writer.close()


async def test_requests_for_the_desk_are_done_for_who_may_and_once(mosquitto: Mosquitto, feeds: Feeds) -> None:
    await mosquitto.start()
    asked: list[Any] = []
    wish = {"agent": "801", "state": "away"}

    def done(fields: Mapping[str, Any]) -> dict[str, Any]:
        asked.append(fields)
        return wish

    key = b"0123456789abcdef"
    anybody, signed = await feeds.start(mosquitto.url), await feeds.start(mosquitto.url, command_key=key)
    request: dict[str, Any] = {"id": "s", "do": "agent", **wish, "ts": int(MORNING.timestamp())}
    request["sign"] = signature(request, key)
    for feed in (anybody, signed):
        feed.obey({"agent": done})
        await online(feed)
    async with watching(mosquitto.port) as (watcher, client):
        for _ in range(2):
            await client.publish("sansheng/jinan/command", json.dumps(request), qos=1)
        await watcher.until(lambda w: len(w.of("command/result")) == 4)
        results = watcher.of("command/result")
        assert [r for r in results if r["ok"]] == [{"id": "s", "ok": True, "do": "agent", **wish}] * 2
        refused = [r["error"] for r in results if not r["ok"]]
        assert all("command_key_file" in error for error in refused), "the feed without a key, at an open broker"
    assert [fields["id"] for fields in asked] == ["s"]


async def test_a_gateway_is_asked_from_outside(mosquitto: Mosquitto, feeds: Feeds) -> None:
    await mosquitto.start()
    key = b"0123456789abcdef"
    feed = await feeds.start(mosquitto.url, command_key=key)
    feed.obey({"agent": lambda fields: {"state": fields["state"]}})
    await online(feed)
    now = FeedConfig(site="jinan", url=mosquitto.url, command_key=key)
    asked = {"do": "agent", "state": "away"}
    refused = await ask(now, asked)
    assert (refused["ok"], "ts" in refused["error"]) == (False, True), "that feed's clock stands still"
    with pytest.raises(FeedError, match=r"no answer within 0.3 s from the gateway of site 'qingdao'"):
        await ask(replace(now, site="qingdao"), asked, within=0.3)
