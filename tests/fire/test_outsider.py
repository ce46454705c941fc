"""What somebody who may send to the line tries by hand, with calls up: storms within a call, messages that are too
large, methods and extensions that a telephone does not have."""

import asyncio
import contextlib
import json
import resource
import socket
import time
from collections.abc import Callable, Iterator

import pytest

from drivers.line import CallOffered
from drivers.sip.connections import MOST, OF_ONE_HOST, RATE
from tests.fire.conftest import Opens, UnderFire
from tests.sip.peer.caller import Caller, TcpCaller

pytestmark = pytest.mark.sip

LOOSE = {"ban_seconds": 0.0, "requests_per_second": 1000.0, "allow": ("127.0.0.1", "127.0.0.0/8")}
STORM = 2.0
"""Seconds."""
MEMORY = 4096
"""Kilobytes that a storm may cost: pjsip keeps each request that it has answered over UDP for 32 s (RFC 3261 timer
J), 37 kB of an UPDATE; 100 to 740 are measured, 17 000 if a call's requests are not limited."""
SHARE = 0.5
"""Of a core: 0.1 to 0.26 are measured."""


async def storm(fire: UnderFire, rate: int, send: Callable[[], None]) -> float:
    """Send so often a second for STORM; what share of a core it cost the worker."""
    cpu, begun, sent = fire.cpu(), time.monotonic(), 0
    while (now := time.monotonic() - begun) < STORM:
        while sent < now * rate:
            send()
            sent += 1
        await asyncio.sleep(0.01)
    return (fire.cpu() - cpu) / STORM


def cancels(caller: Caller) -> None:
    caller._send(caller._request("CANCEL", caller._new_branch(), 1))


def acks(caller: Caller) -> None:
    caller._send(caller._request("ACK", caller._new_branch(), caller._cseq))


def offers(caller: Caller) -> None:
    caller.reinvite("sendonly" if caller._cseq % 2 else "sendrecv")


STORMS = {
    "hold and back": (100, offers),
    "INFO": (1000, lambda caller: caller.info("application/dtmf-relay", "Signal=5")),
    "CANCEL": (1000, cancels),
    "ACK": (1000, acks),
    "UPDATE": (500, lambda caller: caller.request("UPDATE", caller.sdp(), "application/sdp")),
    "OPTIONS": (1000, lambda caller: caller.request("OPTIONS")),
}


@pytest.mark.parametrize("name", STORMS)
async def test_a_storm_within_a_call(under_fire: Opens, name: str):
    fire = await under_fire(allow=("127.0.0.1", "127.0.0.0/8"))
    rate, send = STORMS[name]
    caller, _ = fire.calls[0]
    kilobytes = fire.memory()
    share = await storm(fire, rate, lambda: send(caller))
    print(json.dumps({"storm": name, "cpu": share, "kB": fire.memory() - kilobytes}))
    assert fire.memory() - kilobytes <= MEMORY
    assert share <= SHARE
    await asyncio.sleep(1.0)  # until the host has a second's requests again
    assert (await caller.offer("sendrecv")).status == 200
    await fire.assert_unharmed()


CONNECTIONS = 300


@contextlib.contextmanager
def connected(fire: UnderFire, host: str) -> Iterator[list[socket.socket]]:
    place = (fire.bench.config.host, fire.bench.config.port)
    with contextlib.ExitStack() as stack:
        opened = []
        for _ in range(CONNECTIONS):
            one = stack.enter_context(socket.socket())
            one.bind((host, 0))
            one.setblocking(False)
            one.connect_ex(place)
            opened.append(one)
        yield opened


async def test_connections_that_say_nothing_whole_and_come_again(under_fire: Opens):
    """pjsip would end the process, with every call in it, for the 65th socket."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 4096), hard))
    fire = await under_fire(allow=("127.0.0.1", "127.0.1.0/24"))
    before = fire.descriptors()
    most = 0
    for turn in range(12):
        with connected(fire, "127.0.0.1" if turn % 2 else "127.0.1.9") as opened:
            for letter in "OPTIONS sip:8801@":
                for one in opened:
                    with contextlib.suppress(OSError):
                        one.send(letter.encode())
                await asyncio.sleep(0.04)
            most = max(most, fire.descriptors() - before)
    assert 8 <= most <= MOST + 8
    other = await fire.bench.caller(TcpCaller, address="127.0.1.7")
    other.request("OPTIONS")
    await other.response("OPTIONS", 200, seconds=30)
    await fire.assert_unharmed()


async def test_connections_that_stay_and_say_nothing_keep_no_pbx_away(under_fire: Opens):
    """Three hosts of a network that `allow` has as a whole, with as many as they can get."""
    fire = await under_fire(allow=("127.0.0.1", "127.0.1.0/24"))
    with contextlib.ExitStack() as stack:
        for number in range(3 * OF_ONE_HOST):
            one = stack.enter_context(socket.socket())
            one.bind((f"127.0.1.{5 + number % 3}", 0))
            one.setblocking(False)
            one.connect_ex((fire.bench.config.host, fire.bench.config.port))
            await asyncio.sleep(1.2 / RATE)
        pbx = await fire.bench.caller(TcpCaller)
        pbx.request("OPTIONS")
        await pbx.response("OPTIONS", 200, seconds=30)
        await fire.assert_unharmed()


LINE = "X-Long: " + "y" * 90 + "\r\n"
LARGE = {
    "10 000 headers": (LINE * 10_000, []),
    "one header of 64 kB": ("X-Long: " + "y" * 64_000 + "\r\n", []),
    "1000 Vias": ("Via: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bKx\r\n" * 1000, []),
    "more than a packet of ours": (LINE * 40, []),
    "as much as we read": (LINE * 35, [200]),
    "one header as long": ("X-Long: " + "y" * 3300 + "\r\n", [200]),
    "40 Routes": ("Route: <sip:127.0.0.1;lr>\r\n" * 40, [200]),
    "folded 500 times": ("X-Long: a\r\n" + " b\r\n" * 500, [200]),
}
"""What comes back of OPTIONS with these headers: pjsip reads 4000 bytes (PJSIP_MAX_PKT_LEN). Of what is longer
it may be 400, by where it is cut off."""


@pytest.mark.parametrize("kind", [Caller, TcpCaller])
async def test_messages_that_are_too_large(under_fire: Opens, kind: type[Caller]):
    fire = await under_fire(**LOOSE)
    for name, (headers, statuses) in LARGE.items():
        sender = await fire.bench.caller(kind, address="127.0.0.4")
        text = sender._request("OPTIONS", sender._new_branch(), 1, headers=headers)
        for start in range(0, len(text), 60_000):
            sender._send(text[start : start + 60_000])
        await fire.settle()
        await fire.settle()
        if statuses:
            await sender.final("OPTIONS")
        came = [message.status for message in sender.messages]
        assert came == statuses or (came == [400] and not statuses), name
    await fire.assert_unharmed()


LIES = {
    "longer": ("99999", [400], []),
    "shorter": ("1", [200], [200]),
    "below nothing": ("-1", [], []),
    "huge": ("99999999999999999999", [400], []),
    "no number": ("x", [], []),
    "two of them": ("3\r\nContent-Length: 300", [400], [400]),
}
"""What comes back of them over UDP, and over TCP, where the length tells where the next message begins."""


@pytest.mark.parametrize("kind", [Caller, TcpCaller])
async def test_lengths_that_are_lies(under_fire: Opens, kind: type[Caller]):
    fire = await under_fire(**LOOSE)
    for name, (lie, over_udp, over_tcp) in LIES.items():
        sender = await fire.bench.caller(kind, address="127.0.0.4")
        text = sender._request("OPTIONS", sender._new_branch(), 1, "v=0\r\n", "application/sdp")
        sender._send(text.replace("Content-Length: 5", f"Content-Length: {lie}"))
        await fire.settle()
        await fire.settle()
        expected = over_udp if kind is Caller else over_tcp
        if expected:
            await sender.final("OPTIONS")  # over TCP the line may take its time
        assert [message.status for message in sender.messages] == expected, name
    await fire.assert_unharmed()


EVENTS = "Refer-To: <sip:900@127.0.0.1:9>\r\nEvent: refer\r\nRAck: 1 1 INVITE\r\nSubscription-State: active\r\n"
IN_CALL = {"REFER": 603, "SUBSCRIBE": 489, "NOTIFY": 481, "PUBLISH": 500, "PRACK": 400, "REGISTER": 405}
OUTSIDE = {"REFER": 0, "SUBSCRIBE": 489, "NOTIFY": 0, "PUBLISH": 405, "PRACK": 0, "REGISTER": 405, "UPDATE": 0}


async def test_extensions_that_a_telephone_does_not_have(under_fire: Opens):
    """Within a call and outside one: none takes a call over, sends it elsewhere or ends it."""
    fire = await under_fire(**LOOSE)
    victim, _ = fire.calls[0]
    other = await fire.bench.caller(address="127.0.0.4")
    replaces = f"Replaces: {victim.call_id};to-tag={victim.to_tag};from-tag={victim.tag}\r\n"
    for header, status in (
        (replaces, 603),
        (f"Require: replaces\r\n{replaces}", 603),
        ("Require: x-none\r\n", 420),
    ):
        other.messages.clear()
        other.invite(headers=header)
        assert (await other.final("INVITE")).status == status, header
    assert len(fire.bench.reports.of(CallOffered)) == len(fire.calls)
    for caller, expected in ((victim, IN_CALL), (other, OUTSIDE)):
        for method, status in expected.items():
            caller.messages.clear()
            caller._cseq += 1
            caller._send(caller._request(method, caller._new_branch(), caller._cseq, headers=EVENTS))
            await fire.settle()
            await fire.settle()
            assert [m.status or m.start for m in caller.messages] == ([status] if status else []), method
    await fire.assert_unharmed()
