"""A far end whose RTP stops, stutters or jumps: told as such, and never as silence."""

import asyncio

import pytest

from drivers.line import (
    MEDIA_LOST_AFTER,
    DigitReceived,
    FarEndHeld,
    FarEndResumed,
    LegReleased,
    MediaLost,
    MediaRestored,
    Verdict,
    VerdictReached,
)
from drivers.voice.espeak import speak
from tests.sip.conftest import Bench

pytestmark = pytest.mark.sip

WORDS = speak("您好，我家的燃气表坏了，请派人来看一下，谢谢。" * 6).tolist()
PACKETS = 50
"""Packets a second, of the line's too: by them time is told."""
EARLY = 0.1
"""Seconds by which a loss may seem to come sooner: the media clock makes up for ticks that it was late with."""
JUMPS = (
    {"timestamp": 80_000},
    {"timestamp": -48_000},
    {"sequence": 5_000},
    {"sequence": -300},
    {"source": 77},
    {"source": 78, "sequence": 20_000, "timestamp": 1_000_000},
)


async def talking(bench: Bench, **options):
    """A caller who is heard speaking, and his leg."""
    caller, leg = await bench.answered_call(**options)
    caller.rtp.start_sending(WORDS)
    while (await bench.reports.wait(VerdictReached)) and last(bench) is not Verdict.SPEECH:
        await bench.reports.wait(VerdictReached, count=len(bench.reports.of(VerdictReached)) + 1)
    return caller, leg


def last(bench: Bench) -> Verdict:
    return bench.reports.of(VerdictReached)[-1].verdict


async def passes(caller, seconds: float) -> None:
    """So much time goes by on the line."""
    await caller.rtp.wait_for_packets(len(caller.rtp.packets) + round(seconds * PACKETS))


@pytest.mark.parametrize("codec", ["PCMA", "PCMU"])
async def test_rtp_that_stops_is_lost_and_the_verdict_stands(bench: Bench, codec: str):
    caller, leg = await talking(bench, codec=codec)
    told = len(bench.reports.of(VerdictReached))
    caller.rtp.stop_sending()
    stopped = asyncio.get_running_loop().time()
    lost = await bench.reports.wait(MediaLost)
    assert bench.reports.time_of(lost) - stopped > MEDIA_LOST_AFTER - EARLY
    await passes(caller, 1.0)
    caller.rtp.press("5")
    await bench.reports.wait(DigitReceived)
    await passes(caller, 1.0)
    assert not bench.reports.of(MediaRestored), "a key is no audio"
    caller.rtp.start_sending(WORDS)
    await bench.reports.wait(MediaRestored)
    assert len(bench.reports.of(VerdictReached)) == told
    caller.rtp.start_sending()
    assert (await bench.reports.wait(VerdictReached, count=told + 1)).verdict is Verdict.SILENT
    assert bench.reports.of(MediaLost, leg) == [MediaLost(leg)]
    assert bench.reports.of(MediaRestored, leg) == [MediaRestored(leg)]


@pytest.mark.parametrize("codec", ["PCMA", "PCMU"])
async def test_silence_that_is_sent_is_no_loss(bench: Bench, codec: str):
    caller, _ = await talking(bench, codec=codec)
    caller.rtp.start_sending()
    while last(bench) is not Verdict.SILENT:
        await bench.reports.wait(VerdictReached, count=len(bench.reports.of(VerdictReached)) + 1)
    await passes(caller, 3.0)
    assert not bench.reports.of(MediaLost)


async def test_who_never_sends_is_silent_and_not_lost(bench: Bench):
    caller, _ = await bench.answered_call()
    assert (await bench.reports.wait(VerdictReached)).verdict is Verdict.SILENT
    await passes(caller, 2.0)
    assert not bench.reports.of(MediaLost)


async def test_jumps_and_short_pauses_are_nothing(bench: Bench):
    caller, _ = await talking(bench)
    told = len(bench.reports.of(VerdictReached))
    for jump in JUMPS:
        caller.rtp.jump(**jump)
        await passes(caller, 0.6)
        caller.rtp.stop_sending()
        await passes(caller, 0.3)
        caller.rtp.start_sending(WORDS)
        await passes(caller, 0.6)
    assert len(bench.reports.of(VerdictReached)) == told
    assert not bench.reports.of(MediaLost)
    assert not bench.reports.of(LegReleased)


async def test_a_hold_is_no_loss_and_after_it_audio_is_waited_for_anew(bench: Bench):
    caller, leg = await talking(bench)
    caller.rtp.stop_sending()
    await caller.offer("inactive")
    await bench.reports.wait(FarEndHeld)
    held = asyncio.get_running_loop().time()
    await caller.offer("sendrecv")
    await bench.reports.wait(FarEndResumed)
    lost = await bench.reports.wait(MediaLost)
    assert bench.reports.time_of(lost) - held > MEDIA_LOST_AFTER - EARLY
    caller.rtp.start_sending(WORDS)
    assert await bench.reports.wait(MediaRestored) == MediaRestored(leg)
