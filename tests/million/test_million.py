"""The million's checkers: good calls pass, the same seed gives the same ones, each planted fault is caught."""

from collections.abc import Sequence

import pytest

from drivers.line import (
    Answer,
    CallOffered,
    FarEndHungUp,
    HangUpSign,
    LegEvent,
    LegFailed,
    MediaLost,
    Release,
    Verdict,
    VerdictReached,
)
from gateway.call.engine import CallEngine, Effects
from gateway.call.facts import PromptFinished, PromptStarted, Released, ReleasedBy, StateEntered, VerdictGiven
from gateway.call.states import CallState
from gateway.desk import serving
from gateway.records.entry import Entry
from gateway.records.ledger import Ledger
from gateway.records.record import CallRecord
from gateway.runner import line_runner
from tests.million.shift import Shift, work
from tests.million.violation import Violation

pytestmark = pytest.mark.unit

SHIFT = Shift(seed=1, number=0, calls=30)


def test_good_calls_pass_and_the_same_seed_gives_the_same_ones() -> None:
    assert work(SHIFT).told == work(SHIFT).told > SHIFT.calls * 10


class Planted(CallEngine):
    """An engine with a fault."""

    def receive(self, event: LegEvent, *, now: float) -> Effects:
        return self.spoilt(event, super().receive(event, now=now), now)

    def spoilt(self, event: LegEvent, effects: Effects, now: float) -> Effects:
        raise NotImplementedError

    def ends(self, by: ReleasedBy, cause: str) -> Effects:
        """All that a release tells."""
        self._course.state = CallState.RELEASED
        return (Release(self._leg), StateEntered(CallState.RELEASED), Released(by, cause))


class ReleasesWhoIsSilent(Planted):
    def spoilt(self, event: LegEvent, effects: Effects, now: float) -> Effects:
        silent = isinstance(event, VerdictReached) and event.verdict is Verdict.SILENT
        up = self.state is not CallState.RELEASED
        return (*effects, *self.ends(ReleasedBy.STANDARD, self._plan.silent.clause)) if silent and up else effects


class TakesALossForAHangUp(Planted):
    def spoilt(self, event: LegEvent, effects: Effects, now: float) -> Effects:
        lost = isinstance(event, MediaLost) and self.state is not CallState.RELEASED
        return (*effects, *self.ends(ReleasedBy.CUSTOMER, "bye")) if lost else effects


class ForgetsHowAPromptEnded(Planted):
    def spoilt(self, event: LegEvent, effects: Effects, now: float) -> Effects:
        return tuple(effect for effect in effects if not isinstance(effect, PromptFinished))


class ForgetsTheEnd(Planted):
    def spoilt(self, event: LegEvent, effects: Effects, now: float) -> Effects:
        return () if isinstance(event, LegFailed | FarEndHungUp) else effects


class TellsOnAfterTheEnd(Planted):
    def spoilt(self, event: LegEvent, effects: Effects, now: float) -> Effects:
        ended = isinstance(event, FarEndHungUp) and event.sign is HangUpSign.BYE
        return (*effects, VerdictGiven(Verdict.SILENT, -60.0, None)) if ended else effects


class AnswersAtOnce(Planted):
    def spoilt(self, event: LegEvent, effects: Effects, now: float) -> Effects:
        return (*effects, Answer(self._leg)) if isinstance(event, CallOffered) else effects


class NeverAnswers(Planted):
    def spoilt(self, event: LegEvent, effects: Effects, now: float) -> Effects:
        return tuple(one for one in effects if not isinstance(one, Answer))


class SaysEachPromptTwice(Planted):
    def spoilt(self, event: LegEvent, effects: Effects, now: float) -> Effects:
        return tuple(one for e in effects for one in ((e, e) if isinstance(e, PromptStarted) else (e,)))


ENGINES = {
    ReleasesWhoIsSilent: "customer_goes_first",
    TakesALossForAHangUp: "customer_goes_first",
    ForgetsHowAPromptEnded: "every_prompt_ends",
    ForgetsTheEnd: "its leg has gone, and it has no end",
    TellsOnAfterTheEnd: "an error of our own|after the release",
    AnswersAtOnce: "answered_in_a_gap",
    NeverAnswers: "answered_by_the_limit",
    SaysEachPromptTwice: "every_prompt_ends",
}


@pytest.mark.parametrize("engine", ENGINES)
def test_an_engine_with_a_fault_is_caught(engine: type[Planted], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line_runner, "CallEngine", engine)
    with pytest.raises(Violation, match=ENGINES[engine]):
        work(SHIFT)


def test_a_desk_that_leaves_customers_waiting_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "matches", lambda *_: ())
    with pytest.raises(Violation, match="waits, and agent"):
        work(SHIFT)


def test_records_that_lose_a_fact_are_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    write = Ledger.write

    def lossy(self: Ledger, entries: Sequence[Entry], *, again: bool = False) -> list[CallRecord]:
        return write(self, [entry for entry in entries if entry.seq % 500], again=again)

    monkeypatch.setattr(Ledger, "write", lossy)
    with pytest.raises(Violation, match="facts were told"):
        work(SHIFT)
