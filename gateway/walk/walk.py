"""One call from its first ring to its end, by the engine that takes real calls: no clock, no sleep, no line."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from drivers.line import CallerId, CallOffered, FarEndHeld, FarEndResumed, LegEvent, LineCommand
from gateway.call.desk_news import DeskNews
from gateway.call.engine import CallEngine, Effects
from gateway.call.facts import CallFact, Notice, Offered, PromptFinished, PromptStarted
from gateway.call.plan import Plan
from gateway.call.prompt import Prompt
from gateway.call.requests import CallRequest, RequestRefused
from gateway.records.compliance import judged
from gateway.records.folding import fold
from gateway.records.record import CallRecord, Judgement
from gateway.records.rules import Rules
from gateway.walk.customer import Act, Customer
from gateway.walk.line import Length, VirtualLine
from gateway.walk.script import Script
from gateway.walk.signalling import SIP, Signalling

LIMIT = 24 * 3600.0
"""Seconds after which a call that goes on is given up: no wait of any dialplan is longer than an hour."""
CALLER = CallerId("13812345678")
LEG = CALL = SITE = "walk"
LINE = "virtual"


@dataclass(frozen=True, slots=True)
class Moment:
    """A fact and when it came: seconds from the moment it began to ring, and as a notice."""

    seconds: float
    notice: Notice

    @property
    def fact(self) -> CallFact:
        """What happened."""
        assert isinstance(self.notice.fact, CallFact)
        return self.notice.fact


@dataclass(frozen=True, slots=True)
class Walk:
    """A call that was walked through."""

    plan: Plan
    moments: tuple[Moment, ...]
    record: CallRecord
    """Its record, with the judgement of each clause; open if the call did not end within LIMIT."""
    refused: tuple[tuple[float, str], ...] = ()
    """What the agent asked for and the engine would not do: when, and why."""
    unused: tuple[str, ...] = ()
    """Keys and phrases of the script that had no place in the call."""

    @property
    def broken(self) -> tuple[Judgement, ...]:
        """The clauses that were not kept."""
        return tuple(judgement for judgement in self.record.compliance if not judgement.kept)

    @property
    def said(self) -> tuple[Prompt, ...]:
        """Each prompt that began on the line, in order, as often as it did."""
        return tuple(moment.fact.prompt for moment in self.moments if isinstance(moment.fact, PromptStarted))

    def begun(self) -> list[tuple[float, str]]:
        """When each prompt began on the line, and its key."""
        return [(m.seconds, m.fact.prompt.key) for m in self.moments if isinstance(m.fact, PromptStarted)]

    def ended(self) -> list[tuple[float, str]]:
        """When each prompt ended on the line, and its key."""
        return [(m.seconds, m.fact.prompt.key) for m in self.moments if isinstance(m.fact, PromptFinished)]


class Acting(Protocol):
    """Whoever is at the other end of the line, and the agent beside it. Seconds as a Moment's."""

    @property
    def next_at(self) -> float | None:
        """When something is done; None while they wait."""

    @property
    def unused(self) -> tuple[str, ...]:
        """What they meant to do and had no occasion for."""

    def act(self, now: float) -> Act:
        """What is done at second `now`."""

    def hear(self, fact: CallFact, now: float) -> None:
        """A fact of the call."""


def walk(plan: Plan, script: Script, at: datetime, signalling: Signalling = SIP) -> Walk:
    """Walk one call through `plan`. `at`, aware, is when it begins to ring."""
    return walk_with(plan, Customer(LEG, script, signalling), at, signalling)


def walk_with(plan: Plan, customer: Acting, at: datetime, signalling: Signalling = SIP) -> Walk:
    """As `walk`, with a customer of one's own."""
    call = _VirtualCall(plan, customer, at, signalling)
    call.run()
    return call.result()


def _lengths(plan: Plan) -> Length:
    """Of everything that the plan can play: its prompts, and numbers read back digit by digit."""
    whole = {prompt.recordings: prompt.duration for prompt in plan.prompts()}
    pieces = {recordings[0]: seconds for recordings, seconds in whole.items() if len(recordings) == 1}
    pieces.update(plan.call_back.digits.values() if plan.call_back else ())
    return lambda recordings: whole[recordings] if recordings in whole else sum(pieces[r] for r in recordings)


class _VirtualCall:
    def __init__(self, plan: Plan, customer: Acting, at: datetime, signalling: Signalling) -> None:
        self._plan = plan
        self._at = at
        self._now = 0.0
        self._line = VirtualLine(LEG, _lengths(plan), CALLER, signalling)
        self._customer = customer
        offered = Offered(SITE, LINE, signalling.driver.value, plan.dialplan, plan.agent)
        self._engine = CallEngine(plan, LEG, offered, now=0.0)
        self._moments: list[Moment] = []
        self._refused: list[tuple[float, str]] = []
        self._record: CallRecord | None = None

    def run(self) -> None:
        """Until nothing is due any more."""
        self._tell(CallOffered(LEG))
        while (step := self._next_step()) is not None:
            step()

    def result(self) -> Walk:
        record = self._record
        assert record is not None
        if not record.open:
            record = judged(record, Rules.of(self._plan))
        return Walk(
            plan=self._plan,
            moments=tuple(self._moments),
            record=record,
            refused=tuple(self._refused),
            unused=self._customer.unused,
        )

    def _next_step(self) -> Callable[[], None] | None:
        """What is due first; of what is due at one moment the line's facts go before the engine's timers."""
        steps: list[tuple[float | None, Callable[[], None]]] = [
            (self._line.next_at, self._line_reports),
            (self._customer.next_at, self._customer_acts),
            (self._engine.next_deadline(), self._time_passes),
        ]
        due = [(at, step) for at, step in steps if at is not None]
        at, step = min(due, key=lambda entry: entry[0], default=(LIMIT, None))
        if step is None or at >= LIMIT:
            return None
        self._now = max(self._now, at)
        return step

    def _line_reports(self) -> None:
        self._tell(self._line.report(self._now))

    def _time_passes(self) -> None:
        self._carry_out(self._engine.fire_timers(now=self._now))

    def _customer_acts(self) -> None:
        act = self._customer.act(self._now)
        if isinstance(act, CallRequest):
            self._ask(act)
            return
        if isinstance(act, DeskNews):
            self._carry_out(self._engine.news(act, now=self._now))
            return
        if isinstance(act, FarEndHeld):
            self._line.hold(self._now)
        elif isinstance(act, FarEndResumed):
            self._line.resume(self._now)
        self._tell(act)

    def _ask(self, request: CallRequest) -> None:
        try:
            self._carry_out(self._engine.request(request, now=self._now))
        except RequestRefused as refusal:
            self._refused.append((self._now, str(refusal)))

    def _tell(self, event: LegEvent) -> None:
        self._carry_out(self._engine.receive(event, now=self._now))

    def _carry_out(self, effects: Effects) -> None:
        for effect in effects:
            if isinstance(effect, LineCommand):
                self._line.execute(effect, self._now)
            else:
                self._happened(effect)

    def _happened(self, fact: CallFact) -> None:
        # By way of UTC: in the zone itself a sum would miss an hour that the clocks are changed by.
        at = (self._at.astimezone(UTC) + timedelta(seconds=self._now)).astimezone(self._at.tzinfo)
        notice = Notice(at, LINE, CALL, fact)
        self._moments.append(Moment(self._now, notice))
        self._record = fold(self._record, notice)
        self._customer.hear(fact, self._now)
