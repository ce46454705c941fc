"""One leg: its engine, and the wall clock its facts are stamped with."""

import logging
from collections import deque
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Protocol

from drivers.line import FaultCode, LegEvent, LineCommand, Release
from gateway.call.desk_news import DeskNews
from gateway.call.engine import Effect, Effects
from gateway.call.facts import CallFact, Notice, Released, ReleasedBy
from gateway.call.requests import CallRequest, RequestRefused

log = logging.getLogger(__name__)


class Engine(Protocol):
    """What decides a leg: a CallEngine for a customer's, an AgentLeg for an agent's."""

    def receive(self, event: LegEvent, *, now: float) -> Effects: ...
    def next_deadline(self) -> float | None: ...
    def fire_timers(self, *, now: float) -> Effects: ...
    def request(self, request: CallRequest, *, now: float) -> Effects: ...
    def news(self, news: DeskNews, *, now: float) -> Effects: ...
    def shut_down(self, *, now: float) -> Effects: ...


class Leg:
    """Drives one engine and carries its effects out, in order: commands to `execute`, facts to `tell`.

    Facts are stamped from the offer's wall clock plus time gone by, so that neither a clock set during a call nor
    summer time, which begins or ends in it, can turn its durations round.
    """

    def __init__(
        self,
        leg: str,
        call: str,
        engine: Engine,
        *,
        line: str,
        at: datetime,
        now: float,
        execute: Callable[[LineCommand], None],
        tell: Callable[[Notice], None],
    ) -> None:
        """`call` names it in its facts; `at` and `now` are the offer's time by the wall's clock and the loop's."""
        self.leg = leg
        self.call = call
        self._line = line
        self._at, self._began = at.astimezone(UTC), now
        self._zone = at.tzinfo
        self._execute = execute
        self._tell = tell
        self._latest = now
        self._ended = False
        self._due: float | None = None
        self._due_known = False
        self._waiting: deque[Callable[[float], Effects]] = deque()
        self._engine = engine

    def receive(self, event: LegEvent, now: float) -> None:
        """Take a fact of this leg."""
        self._drive(lambda at: self._engine.receive(event, now=at), now)

    def fire_timers(self, now: float) -> None:
        """Do what has come due."""
        self._drive(lambda at: self._engine.fire_timers(now=at), now)

    def shut_down(self, now: float) -> None:
        """Release the leg: the process stops."""
        self._drive(lambda at: self._engine.shut_down(now=at), now)

    def news(self, news: DeskNews, now: float) -> None:
        """The desk has something to tell."""
        self._drive(lambda at: self._engine.news(news, now=at), now)

    def begin(self, decide: Callable[[float], Effects], now: float) -> None:
        """Let the engine decide something that only its maker can ask of it: to dial, to greet by another plan."""
        self._drive(decide, now)

    def request(self, request: CallRequest, now: float) -> None:
        """What people ask of the call. Raises RequestRefused, and then nothing has changed."""
        refused: list[RequestRefused] = []

        def decide(at: float) -> Effects:
            try:
                return self._engine.request(request, now=at)
            except RequestRefused as refusal:
                refused.append(refusal)
                return ()

        self._drive(decide, now)
        if refused:
            raise refused[0]
        if self._ended:  # before, or by an engine that failed: no request ends a call
            raise RequestRefused("the call is over")

    def next_deadline(self) -> float | None:
        """When `fire_timers` is wanted. The engine is asked once after each of its decisions: a line asks for all
        its legs whenever one of them has news."""
        if self._ended:
            return None
        if not self._due_known:
            self._due, self._due_known = self._engine.next_deadline(), True
        return self._due

    def _drive(self, decide: Callable[[float], Effects], now: float) -> None:
        """Let the engine decide at `now`; its time never goes back, though a fact may be told late."""
        # A line may report an order's outcome from within `execute`: it waits until the order's fellows are out.
        self._waiting.append(decide)
        if len(self._waiting) > 1:
            return
        self._latest = max(self._latest, now)
        while self._waiting:
            self._decide(self._waiting[0], self._latest)
            self._waiting.popleft()

    def _decide(self, decide: Callable[[float], Effects], now: float) -> None:
        if self._ended:
            return
        self._due_known = False
        try:
            effects: Effects = decide(now)
        except Exception:
            # A fault in the engine must end this call alone, on record; the line and other calls go on.
            log.exception("call %s: the engine failed; the call is released as a fault", self.call)
            effects = (Release(self.leg), Released(ReleasedBy.FAULT, FaultCode.INTERNAL.value))
        if not effects:
            return
        at = (self._at + timedelta(seconds=now - self._began)).astimezone(self._zone)
        for effect in effects:
            try:
                self._carry_out(effect, at)
            except Exception:  # what one order costs must not leave the leg deaf to all that comes
                log.exception("call %s: %s was not carried out", self.call, type(effect).__name__)

    def _carry_out(self, effect: Effect, at: datetime) -> None:
        if isinstance(effect, LineCommand):
            self._execute(effect)
            return
        assert isinstance(effect, CallFact)
        self._ended = self._ended or isinstance(effect, Released)
        self._tell(Notice(at, self._line, self.call, effect))


def earliest(legs: Iterable[Leg]) -> float | None:
    """When the first of them wants `fire_timers`; None: none of them does. Asked at each fact of a line: without a
    generator."""
    found: float | None = None
    for leg in legs:
        due = leg.next_deadline()
        if due is not None and (found is None or due < found):
            found = due
    return found
