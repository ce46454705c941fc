"""A customer who puts the call on hold hears nothing and says nothing: his prompt and our ears wait for him."""

import logging
import math
import wave
from itertools import pairwise
from pathlib import Path

import pytest

from drivers.line import (
    Answer,
    Answered,
    CallOffered,
    DigitReceived,
    FarEndHeld,
    FarEndHungUp,
    FarEndResumed,
    HangUpSign,
    LegReleased,
    Play,
    PlayFinished,
    PlayStarted,
    Record,
    StopPlaying,
    Verdict,
    VerdictReached,
)
from tests.sip.conftest import Bench, write_wav

pytestmark = pytest.mark.sip

HOLDS = ("sendonly", "inactive", "0.0.0.0")


def tone(seconds: float, hertz: float = 1000, level: float = 8000) -> list[int]:
    return [round(level * math.sin(2 * math.pi * hertz * n / 8000)) for n in range(int(seconds * 8000))]


async def hold(bench: Bench, caller, leg: str, how: str = "sendonly") -> None:
    """Put on hold, and wait until the line has told of it."""
    before = len(bench.reports.of(FarEndHeld, leg))
    await caller.offer(how)
    await bench.reports.wait(FarEndHeld, leg=leg, count=before + 1)


async def resume(bench: Bench, caller, leg: str) -> None:
    before = len(bench.reports.of(FarEndResumed, leg))
    await caller.offer("sendrecv")
    await bench.reports.wait(FarEndResumed, leg=leg, count=before + 1)


@pytest.fixture
async def clock(bench: Bench, tmp_path: Path):
    """Waits the given seconds by the line's own media clock: a second call's prompt."""
    _, leg = await bench.answered_call()

    async def wait(seconds: float) -> None:
        before = len(bench.reports.of(PlayFinished, leg))
        bench.line.execute(Play(leg, 1000 + before, (write_wav(tmp_path / "clock.wav", tone(seconds)),)))
        await bench.reports.wait(PlayFinished, leg=leg, count=before + 1)

    return wait


async def test_prompt_pauses_and_the_rest_is_heard_after_the_hold(bench: Bench, clock, tmp_path: Path):
    prompt = tone(2.6)
    caller, leg = await bench.answered_call()
    caller.rtp.start_sending()
    bench.line.execute(Play(leg, 1, (write_wav(tmp_path / "prompt.wav", prompt),)))
    await bench.reports.wait(PlayStarted, leg=leg)
    for how in HOLDS:
        await clock(0.3)
        await hold(bench, caller, leg, how)
        await clock(0.8)
        assert not bench.reports.of(PlayFinished, leg)
        await resume(bench, caller, leg)
    assert await bench.reports.wait(PlayFinished, leg=leg) == PlayFinished(leg, 1, complete=True)
    await caller.rtp.wait_for_packets(len(caller.rtp.packets) + 3)
    loud = sum(abs(sample) > 100 for sample in caller.rtp.heard())
    whole = sum(abs(sample) > 100 for sample in prompt)
    assert whole - 3 * 800 <= loud <= whole + 160


async def test_a_hold_is_told_once_and_receiving_only_is_none(bench: Bench):
    caller, leg = await bench.answered_call()
    for direction in (
        "recvonly",
        "sendonly",
        "inactive",
        "sendonly",
        "recvonly",
        "sendrecv",
        "0.0.0.0",
        "sendrecv",
    ):
        await caller.offer(direction)
    await bench.reports.wait(FarEndResumed, count=2)
    told = [event for event in bench.reports.events if isinstance(event, (FarEndHeld, FarEndResumed))]
    assert told == [FarEndHeld(leg), FarEndResumed(leg)] * 2


async def test_orders_while_held(bench: Bench, clock, tmp_path: Path):
    prompt = write_wav(tmp_path / "prompt.wav", tone(0.5))
    caller, leg = await bench.answered_call()
    bench.line.execute(Play(leg, 1, (write_wav(tmp_path / "long.wav", tone(20)),)))
    await bench.reports.wait(PlayStarted, leg=leg)
    await hold(bench, caller, leg)
    bench.line.execute(StopPlaying(leg))
    assert await bench.reports.wait(PlayFinished, leg=leg) == PlayFinished(leg, 1, complete=False)
    bench.line.execute(Play(leg, 2, (prompt,)))
    bench.line.execute(Play(leg, 3, (prompt,)))
    await bench.reports.wait(PlayFinished, leg=leg, count=2)
    await clock(1.0)
    assert bench.reports.of(PlayStarted, leg) == [PlayStarted(leg, 1)]
    await resume(bench, caller, leg)
    await bench.reports.wait(PlayFinished, leg=leg, count=3)
    kinds = (FarEndHeld, FarEndResumed, PlayStarted, PlayFinished)
    assert [e for e in bench.reports.events if isinstance(e, kinds) and e.leg == leg] == [
        PlayStarted(leg, 1),
        FarEndHeld(leg),
        PlayFinished(leg, 1, complete=False),
        PlayFinished(leg, 2, complete=False),
        FarEndResumed(leg),
        PlayStarted(leg, 3),
        PlayFinished(leg, 3, complete=True),
    ]


async def test_ears_rest_and_the_recording_keeps_its_time(bench: Bench, clock, tmp_path: Path):
    path = tmp_path / "call.wav"
    caller, leg = await bench.answered_call()
    bench.line.execute(Record(leg, str(path)))
    caller.rtp.start_sending()
    assert (await bench.reports.wait(VerdictReached, leg=leg)).verdict is Verdict.SILENT
    await hold(bench, caller, leg)
    held_at = len(bench.reports.events)
    caller.rtp.start_sending((tone(0.35, 450) + [0] * 2800) * 4)
    caller.rtp.press("5")
    await clock(3.6)
    caller.rtp.start_sending()
    await resume(bench, caller, leg)
    resumed_at = len(bench.reports.events)
    deaf = (VerdictReached, DigitReceived, FarEndHungUp)
    assert [e for e in bench.reports.events[held_at:resumed_at] if isinstance(e, deaf) and e.leg == leg] == []
    again = await bench.reports.wait(VerdictReached, leg=leg, count=2)
    assert again.verdict is Verdict.SILENT
    caller.bye()
    await bench.reports.wait(LegReleased, leg=leg)
    with wave.open(str(path)) as file:
        samples = memoryview(file.readframes(file.getnframes())).cast("h")
    began, ended = (bench.reports.time_of(bench.reports.of(kind, leg)[0]) for kind in (Answered, LegReleased))
    assert len(samples) / 8000 == pytest.approx(ended - began, abs=0.3)
    assert max(samples) < 500


async def test_bye_during_hold_is_the_customers_hang_up(bench: Bench, tmp_path: Path):
    caller, leg = await bench.answered_call()
    bench.line.execute(Play(leg, 1, (write_wav(tmp_path / "long.wav", tone(20)),)))
    await bench.reports.wait(PlayStarted)
    await hold(bench, caller, leg, "inactive")
    caller.bye()
    await bench.reports.wait(LegReleased)
    assert bench.reports.events[-3:] == [
        FarEndHungUp(leg, HangUpSign.BYE),
        PlayFinished(leg, 1, complete=False),
        LegReleased(leg),
    ]


@pytest.mark.parametrize("how", HOLDS)
async def test_a_call_that_comes_held(bench: Bench, how: str, caplog: pytest.LogCaptureFixture):
    caller = await bench.caller()
    caller.invite(sdp=caller.sdp(how))
    offer = await bench.reports.wait(CallOffered)
    bench.line.execute(Answer(offer.leg))
    await bench.reports.wait(FarEndHeld)
    await resume(bench, caller, offer.leg)
    after = [event for event in bench.reports.events if isinstance(event, (Answered, FarEndHeld, FarEndResumed))]
    assert [type(event) for event in after] == [Answered, FarEndHeld, FarEndResumed]
    assert all(first.leg == second.leg for first, second in pairwise(after))
    caller.rtp.start_sending()
    await bench.reports.wait(VerdictReached)
    assert not [one for one in caplog.records if one.levelno >= logging.WARNING], "it has no audio, as it should"
