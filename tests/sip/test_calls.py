"""Calls over real SIP and RTP: offered, answered, spoken to, ended."""

import math

import pytest

from drivers.line import (
    Answer,
    Answered,
    CallerId,
    CallerIdReceived,
    CallOffered,
    FarEndHeld,
    FarEndHungUp,
    HangUpSign,
    LegReleased,
    LineRestored,
    Play,
    PlayFinished,
    PlayStarted,
    Presentation,
    Release,
    RingBurst,
    StopPlaying,
)
from tests.sip.conftest import Bench, write_wav
from tests.sip.peer import g711
from tests.sip.peer.caller import Caller, TcpCaller

pytestmark = pytest.mark.sip


def tone(seconds: float, hertz: float = 1000, level: float = 8000) -> list[int]:
    return [round(level * math.sin(2 * math.pi * hertz * n / 8000)) for n in range(int(seconds * 8000))]


async def test_invite_rings_at_once_and_again_every_period(bench: Bench):
    caller = await bench.caller(user="13800138000", display="王先生")
    caller.invite()
    await caller.response("INVITE", 180)
    offer = await bench.reports.wait(CallOffered)
    assert offer.called_number == "8801"
    ring = await bench.reports.wait(RingBurst, count=3)
    assert ring.number == 3
    kinds = [type(event) for event in bench.reports.events]
    assert kinds[:4] == [LineRestored, CallOffered, CallerIdReceived, RingBurst]
    assert bench.reports.of(CallerIdReceived)[0].caller_id == CallerId("13800138000", "王先生")
    first, _, third = (bench.reports.time_of(event) for event in bench.reports.of(RingBurst))
    assert third - first == pytest.approx(2 * 0.5, abs=0.2)


async def test_anonymous_caller_is_private(bench: Bench):
    caller = await bench.caller(user="anonymous", display="Anonymous")
    caller.invite()
    received = await bench.reports.wait(CallerIdReceived)
    assert received.caller_id == CallerId(None, None, Presentation.PRIVATE)


async def test_cancel_is_the_customers_hang_up(bench: Bench):
    caller = await bench.caller()
    caller.invite()
    offer = await bench.reports.wait(CallOffered)
    await caller.response("INVITE", 180)
    caller.cancel()
    await caller.response("INVITE", 487)
    assert (await bench.reports.wait(FarEndHungUp)).sign is HangUpSign.CANCEL
    await bench.reports.wait(LegReleased)
    bench.line.execute(Answer(offer.leg))
    assert bench.reports.events[-2:] == [
        FarEndHungUp(offer.leg, HangUpSign.CANCEL),
        LegReleased(offer.leg),
    ]


async def test_answer_then_bye(bench: Bench):
    caller, leg = await bench.answered_call()
    rings = len(bench.reports.of(RingBurst))
    caller.bye()
    await caller.response("BYE", 200)
    await bench.reports.wait(LegReleased)
    assert bench.reports.events[-2:] == [FarEndHungUp(leg, HangUpSign.BYE), LegReleased(leg)]
    assert len(bench.reports.of(RingBurst)) == rings == 1


@pytest.mark.parametrize("codec", ["PCMA", "PCMU"])
async def test_prompt_reaches_the_caller_sample_by_sample(bench: Bench, codec: str, tmp_path):
    first, second = tone(0.53), tone(0.311, 500)
    recordings = (write_wav(tmp_path / "1.wav", first), write_wav(tmp_path / "2.wav", second))
    caller, leg = await bench.answered_call(codec=codec)
    bench.line.execute(Play(leg, 7, recordings))
    finished = await bench.reports.wait(PlayFinished)
    assert finished == PlayFinished(leg, 7, complete=True)
    assert bench.reports.of(PlayStarted) == [PlayStarted(leg, 7)]
    await caller.rtp.wait_for_packets(len(caller.rtp.packets) + 2)
    said = g711.decode(caller.rtp.payload_type, g711.encode(caller.rtp.payload_type, first + second))
    heard = caller.rtp.heard()
    start = next(i for i, s in enumerate(heard) if abs(s) > 100) - 1
    assert heard[start : start + len(said)] == said
    last = bench.reports.time_of(finished)
    began = bench.reports.time_of(bench.reports.of(PlayStarted)[0])
    assert last - began == pytest.approx(len(said) / 8000, abs=0.15)


async def test_stop_and_new_prompt_cut_the_running_one(bench: Bench, tmp_path):
    long = write_wav(tmp_path / "long.wav", tone(20))
    _, leg = await bench.answered_call()
    bench.line.execute(Play(leg, 1, (long,)))
    await bench.reports.wait(PlayStarted)
    bench.line.execute(Play(leg, 2, (long,)))
    await bench.reports.wait(PlayStarted, count=2)
    bench.line.execute(StopPlaying(leg))
    await bench.reports.wait(PlayFinished, count=2)
    assert [e for e in bench.reports.events if isinstance(e, (PlayStarted, PlayFinished))] == [
        PlayStarted(leg, 1),
        PlayFinished(leg, 1, complete=False),
        PlayStarted(leg, 2),
        PlayFinished(leg, 2, complete=False),
    ]


async def test_a_call_over_tcp(bench: Bench, tmp_path):
    caller, leg = await bench.answered_call(kind=TcpCaller)
    bench.line.execute(Play(leg, 1, (write_wav(tmp_path / "1.wav", tone(0.3)),)))
    assert await bench.reports.wait(PlayFinished) == PlayFinished(leg, 1, complete=True)
    assert max(caller.rtp.heard()) == pytest.approx(8000, abs=300)
    await caller.offer("sendonly")
    await bench.reports.wait(FarEndHeld)
    caller.bye()
    await caller.response("BYE", 200)
    await bench.reports.wait(LegReleased)
    assert bench.reports.events[-2:] == [FarEndHungUp(leg, HangUpSign.BYE), LegReleased(leg)]


@pytest.mark.parametrize("kind", [Caller, TcpCaller])
async def test_release_sends_bye(bench: Bench, kind: type[Caller]):
    caller, leg = await bench.answered_call(kind=kind)
    bench.line.execute(Release(leg))
    await caller.incoming("BYE")
    await bench.reports.wait(LegReleased)
    assert not bench.reports.of(FarEndHungUp)


async def test_release_before_answer_is_480(bench: Bench):
    caller = await bench.caller()
    caller.invite()
    offer = await bench.reports.wait(CallOffered)
    bench.line.execute(Release(offer.leg))
    await caller.response("INVITE", 480)
    await bench.reports.wait(LegReleased)
    assert not bench.reports.of(Answered)
