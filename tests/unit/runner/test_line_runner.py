"""The adapter: facts to engines, orders to the line, one timer, draining, and what fails alone."""

import asyncio
from datetime import datetime

import pytest

from drivers.line import (
    Answer,
    CallOffered,
    FarEndHungUp,
    FaultCode,
    HandsetLifted,
    HangUpSign,
    LegFailed,
    LegReleased,
    LineFault,
    LineTrouble,
    LineTroubleOver,
    MediaLost,
    MediaRestored,
    Play,
    Release,
    RingBurst,
    TroubleCode,
    Verdict,
    VerdictReached,
)
from drivers.line.scripted import ScriptedLine
from gateway.call import facts
from gateway.call.engine import CallEngine
from gateway.call.facts import CallAnswered, Notice, Offered, PromptFinished, Released, ReleasedBy
from gateway.call.requests import RequestRefused, SayPhrase
from tests.unit.runner.bench import ZONE, Ledger, rings, runner

pytestmark = pytest.mark.unit


class Broken:
    """A listener that always fails."""

    def receive(self, notice: Notice) -> None:
        raise RuntimeError("broken listener")


async def test_carries_facts_in_and_orders_out() -> None:
    line, ledger = ScriptedLine(), Ledger()
    run = runner(line, ledger)
    await run.open()
    rings(line)
    assert [type(c) for c in line.commands][:1] == [Answer]
    assert isinstance(line.commands[-1], Play)
    line.finish_prompt()
    assert ledger.of(PromptFinished)[0].fact.complete
    line.report(FarEndHungUp("1", HangUpSign.BYE))
    line.report(LegReleased("1"))
    assert ledger.of(Released)[0].fact == Released(ReleasedBy.CUSTOMER, "bye")
    await run.drain(0)
    assert line.closed


async def test_a_loss_is_told_to_the_listeners_and_the_call_goes_on() -> None:
    line, ledger = ScriptedLine(), Ledger()
    run = runner(line, ledger)
    await run.open()
    rings(line)
    line.report(VerdictReached("1", Verdict.SPEECH, -22.0, 25.0))
    line.report(MediaLost("1"))
    line.finish_prompt()
    line.report(MediaRestored("1"))
    kinds = (facts.VerdictGiven, facts.MediaLost, facts.MediaRestored)
    told = [notice.fact for notice in ledger.notices if isinstance(notice.fact, kinds)]
    assert told == [facts.VerdictGiven(Verdict.SPEECH, -22.0, 25.0), facts.MediaLost(), facts.MediaRestored()]
    assert not ledger.of(Released)
    await run.drain(0)


async def test_12_09_a_parallel_telephone_gets_the_line() -> None:
    line, ledger = ScriptedLine(), Ledger()
    run = runner(line, ledger)
    await run.open()
    rings(line)
    line.report(HandsetLifted("1"))
    assert line.commands[-1] == Release("1")
    assert ledger.of(Released)[0].fact == Released(ReleasedBy.HANDSET, "parallel telephone")
    assert [notice.fact for notice in ledger.notices if isinstance(notice.fact, facts.HandsetLifted)]
    await run.drain(0)


async def test_fires_the_engines_timer() -> None:
    line, ledger = ScriptedLine(), Ledger()
    run = runner(line, ledger)
    await run.open()
    line.report(CallOffered("1"))
    line.report(RingBurst("1", 1))
    line.report(RingBurst("1", 2))
    assert not line.commands
    await ledger.until(CallAnswered)
    await run.drain(0)


async def test_two_legs_are_two_calls_greeted_by_two_agents() -> None:
    line, ledger = ScriptedLine(), Ledger()
    run = runner(line, ledger)
    await run.open()
    rings(line, "1")
    rings(line, "2")
    offered = ledger.of(Offered)
    assert len({notice.call for notice in offered}) == 2
    line.report(FarEndHungUp("1", HangUpSign.BYE))
    line.report(LegReleased("1"))
    ended = [notice.call for notice in ledger.of(Released)]
    assert ended == [offered[0].call]
    await run.drain(0)


async def test_a_broken_listener_costs_no_call() -> None:
    line, ledger = ScriptedLine(), Ledger()
    run = runner(line, Broken(), ledger)
    await run.open()
    rings(line)
    assert ledger.of(CallAnswered)
    await run.drain(0)


async def test_a_failing_engine_ends_its_own_call_on_record() -> None:
    line, ledger = ScriptedLine(), Ledger()
    run = runner(line, ledger)
    await run.open()
    rings(line)
    rings(line, "2")
    engine = run._legs["2"]._engine
    assert isinstance(engine, CallEngine)
    engine._handlers.clear()
    line.report(VerdictReached("2", Verdict.SPEECH, -20.0, None))
    ended = ledger.of(Released)
    assert [notice.fact for notice in ended] == [Released(ReleasedBy.FAULT, FaultCode.INTERNAL.value)]
    assert Release("2") in line.commands
    assert Release("1") not in line.commands, "the other call goes on"
    await run.drain(0)


async def test_drain_lets_a_live_call_end_by_itself_and_takes_no_new_one() -> None:
    line, ledger = ScriptedLine(), Ledger()
    run = runner(line, ledger)
    await run.open()
    rings(line, "1")
    draining = asyncio.create_task(run.drain(60))
    await asyncio.sleep(0)
    assert not line.takes_calls
    rings(line, "2")
    assert ledger.of(Released)[-1].fact == Released(ReleasedBy.SHUTDOWN, "shutdown")
    assert not draining.done()
    line.report(FarEndHungUp("1", HangUpSign.BYE))
    line.report(LegReleased("1"))
    async with asyncio.timeout(30):
        await draining
    assert ledger.of(Released)[-1].fact == Released(ReleasedBy.CUSTOMER, "bye")


async def test_past_the_drain_time_what_is_up_is_released() -> None:
    line, ledger = ScriptedLine(), Ledger()
    run = runner(line, ledger)
    await run.open()
    rings(line)
    await run.drain(0)
    assert ledger.of(Released)[-1].fact == Released(ReleasedBy.SHUTDOWN, "shutdown")
    assert line.closed


async def test_line_faults_are_told_and_a_lost_leg_is_forgotten() -> None:
    line, ledger = ScriptedLine(), Ledger()
    run = runner(line, ledger)
    await run.open()
    rings(line)
    line.report(LegFailed("1", FaultCode.PORT_LOST, "unplugged"))
    line.report(LineFault(FaultCode.PORT_LOST, "unplugged"))
    assert ledger.of(Released)[-1].fact == Released(ReleasedBy.FAULT, "port_lost")
    assert ledger.of(LineFault)[0].call is None
    rings(line, "2")
    assert len(ledger.of(Offered)) == 2
    await run.drain(0)


async def test_a_trouble_of_a_line_is_told_and_the_line_goes_on() -> None:
    line, ledger = ScriptedLine(), Ledger()
    run = runner(line, ledger)
    await run.open()
    line.report(LineTrouble(TroubleCode.NO_DIAL_TONE, "no dial tone; check the cable"))
    rings(line)
    line.report(LineTroubleOver(TroubleCode.NO_DIAL_TONE, "a call came in"))
    news = [(n.call, type(n.fact)) for n in ledger.notices if isinstance(n.fact, LineTrouble | LineTroubleOver)]
    assert news == [(None, LineTrouble), (None, LineTroubleOver)]
    assert len(ledger.of(Offered)) == 1
    assert not ledger.of(LineFault)
    await run.drain(0)


async def test_a_call_keeps_its_durations_when_the_clock_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    class Jumping(datetime):
        jump = 0

        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
            cls.jump += 1
            return datetime(2026, 1, 1, 12 - cls.jump, tzinfo=ZONE)

    monkeypatch.setattr("gateway.runner.line_runner.datetime", Jumping)
    line, ledger = ScriptedLine(), Ledger()
    run = runner(line, ledger)
    await run.open()
    rings(line)
    times = [notice.at for notice in ledger.notices if notice.call]
    assert times == sorted(times)
    await run.drain(0)


async def test_a_call_that_is_over_is_asked_for_nothing_while_its_leg_clears_down() -> None:
    line, ledger = ScriptedLine(), Ledger()
    run = runner(line, ledger)
    await run.open()
    rings(line)
    line.report(FarEndHungUp("1", HangUpSign.BYE))
    call = ledger.of(Released)[0].call
    assert call is not None
    assert run.has(call), "the line has not told yet that it is on-hook"
    with pytest.raises(RequestRefused, match="the call is over"):
        run.request(call, SayPhrase("nuisance"))
    line.report(LegReleased("1"))
    await run.drain(0)


async def test_a_request_that_breaks_the_engine_is_not_taken_for_done(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("broken engine")

    line, ledger = ScriptedLine(), Ledger()
    run = runner(line, ledger)
    await run.open()
    rings(line)
    monkeypatch.setattr(CallEngine, "request", fail)
    call = ledger.of(Offered)[0].call
    assert call is not None
    with pytest.raises(RequestRefused, match="the call is over"):
        run.request(call, SayPhrase("nuisance"))
    assert ledger.of(Released)[0].fact == Released(ReleasedBy.FAULT, FaultCode.INTERNAL.value)
    line.report(LegReleased("1"))
    await run.drain(0)
