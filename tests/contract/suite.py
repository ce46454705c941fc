"""What every Line keeps, whatever is behind it: the order of facts, the outcome of orders, one end a leg.

A file for each kind of line, so that they can run beside each other.
"""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from drivers.hearing.wav import WavWriter, read_wav
from drivers.line import (
    MEDIA_LOST_AFTER,
    Answer,
    Answered,
    CallerIdReceived,
    CallOffered,
    FarEndHungUp,
    HandsetLifted,
    HangUpSign,
    LegEvent,
    LegReleased,
    LineCommand,
    LineRestored,
    MediaLost,
    MediaRestored,
    Play,
    PlayFinished,
    PlayStarted,
    Record,
    Release,
    RingBurst,
    StopPlaying,
    StopRecording,
    Verdict,
    VerdictReached,
)
from drivers.voice.espeak import speak
from tests.contract.rigs import Reports, Rig, rig

Samples = NDArray[np.int16]

RATE = 8000
LATE = 0.15
"""Seconds by which a recording may begin or end off its order: 0.02 as measured, and what a busy machine adds."""
OWN_PICK_UP = 2.0
"""Seconds after the answer in which a modem may report its own going off-hook."""
LEAVING = {
    HangUpSign.BYE,
    HangUpSign.BUSY_TONE,
    HangUpSign.CONGESTION_TONE,
    HangUpSign.DIAL_TONE,
    HangUpSign.LOOP_DROP,
}


def prompt(folder: Path, seconds: float) -> str:
    """A recording of speech, so long."""
    path = folder / f"{seconds}.wav"
    words = speak("感谢您的来电,您反映的问题我们会尽快转相关部门进行落实,再见。" * 3)
    with WavWriter(path) as writer:
        writer.write(words[: int(seconds * 8000)])
    return str(path)


async def answered(under_test: Rig, reports: Reports, *, talks: bool = False, count: int = 1):
    customer = await under_test.customer_calls(talks=talks)
    offer = await reports.wait(CallOffered, count)
    await reports.wait(RingBurst)
    under_test.line.execute(Answer(offer.leg))
    await reports.wait(Answered, count)
    return customer, offer.leg


def ordered(under_test: Rig, command: LineCommand) -> float:
    """Give an order; when it was given."""
    under_test.line.execute(command)
    return asyncio.get_running_loop().time()


def within(whole: Samples, part: Samples) -> float:
    """Where in `whole` the voice in `part` is found, sample by sample, in seconds from the beginning."""
    voice = part[: -int(LATE * RATE)]  # what came late for the end is silence there
    assert int((np.abs(voice.astype(int)) > 500).sum()) > RATE / 4
    places = (
        at for at in range(len(whole) - len(voice) + 1) if np.array_equal(whole[at : at + len(voice)], voice)
    )
    return next(places) / RATE


async def heard(reports: Reports) -> Verdict:
    """The latest verdict; waits for the first."""
    await reports.wait(VerdictReached)
    await asyncio.sleep(0.05)
    return [event for event in reports.events if isinstance(event, VerdictReached)][-1].verdict


async def clock_at(arrival) -> float:
    await arrival
    return asyncio.get_running_loop().time()


class LineContract:
    """The suite; each kind of line has a class of its own with its `rig`, one of rigs.RIGS."""

    rig: str

    @pytest.fixture
    async def bench(self, tmp_path: Path) -> AsyncIterator[tuple[Rig, Reports]]:
        async with rig(self.rig, tmp_path) as under_test:
            reports = Reports()
            await under_test.line.open(reports)
            assert reports.events == [LineRestored()]
            yield under_test, reports
            await under_test.line.close()
            await under_test.line.close()

    async def test_a_whole_call_and_then_the_next(self, bench: tuple[Rig, Reports], tmp_path: Path) -> None:
        under_test, reports = bench
        line = under_test.line
        customer, leg = await answered(under_test, reports, talks=True)
        line.execute(Record(leg, str(tmp_path / "customer.wav")))
        line.execute(Answer("no such leg"))

        line.execute(Play(leg, 1, (prompt(tmp_path, 1.5), prompt(tmp_path, 1.0))))
        began = await clock_at(reports.wait(PlayStarted))
        ended = await clock_at(reports.wait(PlayFinished))
        assert PlayFinished(leg, 1, True) in reports.events
        assert ended - began > 2.2
        assert customer.heard() > 4000

        line.execute(Play(leg, 2, (prompt(tmp_path, 20.0),)))
        await reports.wait(PlayStarted, 2)
        line.execute(StopPlaying(leg))
        assert await reports.wait(PlayFinished, 2) == PlayFinished(leg, 2, False)

        line.execute(Play(leg, 3, (prompt(tmp_path, 20.0),)))
        await reports.wait(PlayStarted, 3)
        line.execute(Play(leg, 4, (prompt(tmp_path, 0.5),)))
        assert await reports.wait(PlayFinished, 3) == PlayFinished(leg, 3, False)
        assert await reports.wait(PlayFinished, 4) == PlayFinished(leg, 4, True)

        while (await heard(reports)) is not Verdict.SPEECH:
            pass
        await customer.hang_up()
        gone = await reports.wait(FarEndHungUp)
        assert gone.sign in LEAVING
        line.execute(Release(leg))
        await reports.wait(LegReleased)
        assert reports.events[-1] == LegReleased(leg)
        said = read_wav(tmp_path / "customer.wav")
        assert int((np.abs(said.astype(int)) > 500).sum()) > 8000

        later, next_leg = await answered(under_test, reports, count=2)
        assert next_leg != leg
        await later.hang_up()
        await reports.wait(FarEndHungUp, 2)

    async def test_an_answer_is_recorded_beside_the_whole_call(
        self, bench: tuple[Rig, Reports], tmp_path: Path
    ) -> None:
        under_test, reports = bench
        line = under_test.line
        customer, leg = await answered(under_test, reports, talks=True)
        call, answer = tmp_path / "call.wav", tmp_path / "call" / "answer.wav"
        line.execute(StopRecording(leg, str(answer)))
        call_began = ordered(under_test, Record(leg, str(call)))
        while (await heard(reports)) is not Verdict.SPEECH:
            pass
        answer_began = ordered(under_test, Record(leg, str(answer)))
        await customer.waits(1.0)
        line.execute(Record(leg, str(answer)))
        await customer.waits(1.0)
        answer_ended = ordered(under_test, StopRecording(leg, str(answer)))
        line.execute(StopRecording(leg, str(answer)))
        line.execute(Play(leg, 1, (prompt(tmp_path, 0.5),)))
        await reports.wait(PlayFinished)

        part = read_wav(answer)
        assert len(part) / RATE == pytest.approx(answer_ended - answer_began, abs=LATE)
        await customer.waits(1.0)
        line.execute(Release(leg))
        call_ended = await clock_at(reports.wait(LegReleased))
        whole = read_wav(call)
        assert len(whole) / RATE == pytest.approx(call_ended - call_began, abs=2 * LATE)
        assert np.array_equal(read_wav(answer), part)
        assert within(whole, part) == pytest.approx(answer_began - call_began, abs=LATE)

    async def test_a_recording_goes_on_through_a_prompt_and_may_begin_anew(
        self, bench: tuple[Rig, Reports], tmp_path: Path
    ) -> None:
        under_test, reports = bench
        customer, leg = await answered(under_test, reports, talks=True)
        answer = tmp_path / "answer.wav"
        for question in (1, 2):
            began = ordered(under_test, Record(leg, str(answer)))
            under_test.line.execute(Play(leg, question, (prompt(tmp_path, 1.0 * question),)))
            await reports.wait(PlayFinished, 2 * question - 1)
            await customer.waits(1.0)
            ended = ordered(under_test, StopRecording(leg, str(answer)))
            under_test.line.execute(Play(leg, 10 + question, ()))
            await reports.wait(PlayFinished, 2 * question)
            assert len(read_wav(answer)) / RATE == pytest.approx(ended - began, abs=LATE), f"question {question}"

    async def test_a_caller_who_gives_up_ringing_is_gone_and_is_not_answered(
        self, bench: tuple[Rig, Reports]
    ) -> None:
        under_test, reports = bench
        customer = await under_test.customer_calls()
        offer = await reports.wait(CallOffered)
        await reports.wait(RingBurst)
        await reports.wait(CallerIdReceived)
        await customer.hang_up()
        gone = await reports.wait(FarEndHungUp)
        assert gone.sign in {HangUpSign.CANCEL, HangUpSign.RING_STOPPED}
        await reports.wait(LegReleased)
        under_test.line.execute(Answer(offer.leg))
        under_test.line.execute(Play(offer.leg, 1, ()))
        await asyncio.sleep(0)
        facts = [event for event in reports.events if isinstance(event, LegEvent)]
        assert facts[0] == offer
        assert facts[-2:] == [FarEndHungUp(offer.leg, gone.sign), LegReleased(offer.leg)]
        assert {type(fact) for fact in facts[1:-2]} <= {RingBurst, CallerIdReceived}

    async def test_a_release_of_ours_ends_the_leg_once(self, bench: tuple[Rig, Reports]) -> None:
        under_test, reports = bench
        _, leg = await answered(under_test, reports)
        assert await heard(reports) is Verdict.SILENT
        under_test.line.execute(Release(leg))
        under_test.line.execute(Release(leg))
        await reports.wait(LegReleased)
        await under_test.line.close()
        assert reports.events.count(LegReleased(leg)) == 1
        assert reports.events[-1] == LegReleased(leg)

    async def test_who_lifts_a_parallel_telephone_gets_the_customer_and_no_other_line_tells_of_one(
        self, bench: tuple[Rig, Reports]
    ) -> None:
        under_test, reports = bench
        customer, leg = await answered(under_test, reports)
        await customer.waits(OWN_PICK_UP + 0.5)
        there_is_one = under_test.lift_handset()
        if there_is_one:
            assert await reports.wait(HandsetLifted) == HandsetLifted(leg)
        await customer.waits(1.5)
        assert customer.is_connected()
        under_test.line.execute(Release(leg))
        await reports.wait(LegReleased)
        if there_is_one:
            assert customer.is_connected(), "to who lifted it"
        assert reports.events[-1] == LegReleased(leg)
        assert reports.events.count(HandsetLifted(leg)) == there_is_one
        assert not any(isinstance(event, FarEndHungUp) for event in reports.events)

    async def test_audio_that_stops_and_comes_again_is_told_and_the_verdict_stands(
        self, bench: tuple[Rig, Reports]
    ) -> None:
        under_test, reports = bench
        customer, leg = await answered(under_test, reports, talks=True)
        while (await heard(reports)) is not Verdict.SPEECH:
            pass
        verdicts = [event for event in reports.events if isinstance(event, VerdictReached)]
        customer.falls_mute()
        muted = asyncio.get_running_loop().time()
        assert await reports.wait(MediaLost) == MediaLost(leg)
        assert asyncio.get_running_loop().time() - muted > MEDIA_LOST_AFTER - LATE
        await customer.waits(3.0 - MEDIA_LOST_AFTER)
        customer.is_heard_again()
        assert await reports.wait(MediaRestored) == MediaRestored(leg)
        told = [event for event in reports.events if isinstance(event, VerdictReached | MediaLost | MediaRestored)]
        assert told == [*verdicts, MediaLost(leg), MediaRestored(leg)]

    async def test_closing_the_line_puts_a_live_leg_on_hook(self, bench: tuple[Rig, Reports]) -> None:
        under_test, reports = bench
        _, leg = await answered(under_test, reports)
        await under_test.line.close()
        assert reports.events[-1] == LegReleased(leg)
