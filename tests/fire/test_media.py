"""RTP, RTCP and keys that are none, into calls that are up."""

import random
import struct

import pytest

from drivers.line import DigitReceived
from tests.fire.conftest import Opens
from tests.sip.peer.caller import Caller

pytestmark = pytest.mark.sip

ROUNDS = 400


def header(
    *, first: int = 0x80, kind: int = 8, sequence: int = 1, stamp: int = 160, source: int = 0x5A5A5A5A
) -> bytes:
    return struct.pack(">BBHII", first, kind, sequence & 0xFFFF, stamp & 0xFFFFFFFF, source)


def broken(rng: random.Random, number: int) -> bytes:
    """One packet that no telephone sends."""
    audio = bytes(160)
    return rng.choice(
        [
            header()[: rng.randrange(13)],
            header(first=rng.choice((0, 0x40, 0xC0))) + audio,
            header(kind=rng.choice((3, 9, 77, 96, 127))) + audio,
            header(first=0x8F) + b"abc",
            header(first=0xA0) + audio[:-1] + b"\xff",
            header(first=0x90) + b"\xbe\xde\xff\xff" + audio[:8],
            header(sequence=number) + rng.randbytes(rng.randrange(1400)),
            header(source=rng.getrandbits(32), sequence=number) + audio,
            rng.randbytes(rng.randrange(1, 1400)),
            header(sequence=rng.getrandbits(16), stamp=rng.getrandbits(32)) + audio,
        ]
    )


def broken_rtcp(rng: random.Random) -> bytes:
    return rng.choice(
        [
            rng.randbytes(rng.randrange(1, 500)),
            struct.pack(">BBH", 0x80 | rng.randrange(32), rng.randrange(200, 208), rng.getrandbits(16)),
            struct.pack(">BBHI", 0x9F, 201, 7, 1) + rng.randbytes(20),
            struct.pack(">BBHI", 0x81, 203, 1, 0x5A5A5A5A),
            struct.pack(">BBHI", 0x81, 202, 0xFFFF, 1) + b"\x01\xff",
        ]
    )


def broken_key(rng: random.Random, number: int) -> bytes:
    """RFC 4733 payloads: too short, no event we know, no duration, time stamps that run backwards."""
    event = rng.choice((16, 99, 200, 255))
    payload = rng.choice(
        [
            b"",
            bytes((event,)),
            bytes((event, 0x8A, 0)),
            struct.pack(">BBH", event, 0x8A, rng.choice((0, 1, 0xFFFF))),
            struct.pack(">BBH", event, rng.randrange(256), rng.getrandbits(16)) * rng.randrange(1, 300),
        ]
    )
    return header(kind=101, sequence=number, stamp=-number * 160) + payload


def send(caller: Caller, data: bytes, *, rtcp: bool = False) -> None:
    assert caller.rtp.target is not None
    host, port = caller.rtp.target
    caller.rtp._transport.sendto(data, (host, port + rtcp))


async def test_rtp_and_rtcp_that_are_none(under_fire: Opens):
    fire, rng = await under_fire(), random.Random(4)
    for caller, _ in fire.calls:
        for number in range(ROUNDS):
            send(caller, broken(rng, number))
            send(caller, broken_rtcp(rng), rtcp=True)
            if number % 20 == 0:
                await caller.rtp.wait_for_packets(len(caller.rtp.packets) + 1)
    for caller, _ in fire.calls:
        caller.rtp.jump(source=rng.getrandbits(32), sequence=500, timestamp=80_000)
        await caller.rtp.wait_for_packets(len(caller.rtp.packets) + 50)
    await fire.assert_unharmed()


async def test_keys_that_are_none(under_fire: Opens):
    fire, rng = await under_fire(), random.Random(5)
    for caller, leg in fire.calls:
        for number in range(ROUNDS):
            send(caller, broken_key(rng, number))
            if number % 20 == 0:
                await caller.rtp.wait_for_packets(len(caller.rtp.packets) + 1)
        for body in (
            "",
            "Signal=",
            "Signal=99\r\n",
            "Signal=\0\r\n",
            "Duration=1\r\n",
            "x" * 2500,
            "Signal=E",
            "Signal=5",
            "Signal=5\n",
            "Signal=5\n\n",
        ):
            caller.info("application/dtmf-relay", body)
        caller.info("application/dtmf", "12")
        await fire.settle(caller)
        assert not fire.bench.reports.of(DigitReceived, leg)
        caller.rtp.jump(source=rng.getrandbits(32), sequence=5000, timestamp=800_000)
        await caller.rtp.wait_for_packets(len(caller.rtp.packets) + 25)
    await fire.assert_unharmed()


async def test_keys_that_no_finger_presses(under_fire: Opens):
    """2000 whole keys a second: what the gateway is told of, and keeps, is what a fast hand can press."""
    fire = await under_fire()
    caller, leg = fire.calls[0]
    before = len(fire.bench.reports.of(DigitReceived, leg))
    for number in range(2000):
        key = struct.pack(">BBH", number % 10, 0x8A, 800)
        send(caller, header(first=0x80, kind=0x80 | 101, sequence=number, stamp=160 * number) + key)
        if number % 20 == 0:
            await caller.rtp.wait_for_packets(len(caller.rtp.packets) + 1)
    await fire.settle()
    told = len(fire.bench.reports.of(DigitReceived, leg)) - before
    assert 0 < told <= 200
    caller.rtp.jump(source=77, sequence=5000, timestamp=800_000)
    await caller.rtp.wait_for_packets(len(caller.rtp.packets) + 100)
    await fire.assert_unharmed()
