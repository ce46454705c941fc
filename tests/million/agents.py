"""Random agents: at their telephones or not, on them for a while, coming and going."""

from collections.abc import Sequence
from functools import partial
from random import Random

from drivers.line import (
    DialFailure,
    DigitReceived,
    FarEndHeld,
    FarEndResumed,
    FarEndRinging,
    HangUpSign,
    MediaLost,
    MediaRestored,
)
from gateway.call.requests import AgentWish, RequestRefused
from gateway.runner.switchboard import Switchboard
from tests.million.loop import HastyLoop
from tests.million.telephone_line import Leg, TelephoneLine

WISHES = ("log_in", "log_in", "log_out", "away", "back", "back", "after_call")
NOT_REACHED = (DialFailure.BUSY, DialFailure.REFUSED, DialFailure.UNREACHABLE, DialFailure.CONGESTION)
CHANGES = 20.0
"""Seconds between two wishes, on average."""
CODE = "*13"


class Agents:
    """All of them, on the desk's lines."""

    def __init__(
        self, numbers: Sequence[str], desk: Sequence[TelephoneLine], loop: HastyLoop, chance: Random
    ) -> None:
        self.switchboard: Switchboard | None = None
        self._numbers = numbers
        self._loop, self._chance = loop, chance
        for line in desk:
            line.dialled = partial(self._is_rung, line)

    def begin(self) -> None:
        """Most of them are there."""
        for number in self._numbers:
            self._board().reached(number, True)
            self._wishes(number, "log_in")
        self._loop.call_later(CHANGES, self._changes)

    def doubted(self, number: str) -> None:
        """His telephone is asked whether it is there."""
        there = self._chance.random() < 0.5
        self._loop.call_later(0.5, self._board().reached, number, there)
        if not there:
            self._loop.call_later(20.0, self._board().reached, number, True)

    def _board(self) -> Switchboard:
        assert self.switchboard is not None
        return self.switchboard

    def _changes(self) -> None:
        number = self._chance.choice(self._numbers)
        if self._chance.random() < 0.2:
            self._board().reached(number, False)
            self._loop.call_later(self._chance.uniform(0.0, 60.0), self._board().reached, number, True)
        else:
            self._wishes(number, self._chance.choice(WISHES))
        self._loop.call_later(self._chance.expovariate(1 / CHANGES), self._changes)

    def _wishes(self, number: str, wish: str) -> None:
        try:
            self._board().wish(number, AgentWish(wish))
        except RequestRefused:
            return

    def _is_rung(self, line: TelephoneLine, leg: Leg) -> None:
        comes = self._chance.random()
        if comes < 0.1:
            later = self._chance.uniform(0.0, 3.0)
            self._loop.call_later(later, line.no_line, leg, self._chance.choice(NOT_REACHED))
            return
        line.later(0.3, leg, FarEndRinging(leg.name))
        if comes < 0.85:  # who does not come is given up by the desk
            self._loop.call_later(self._chance.uniform(0.5, 14.0), self._picks_up, line, leg)

    def _picks_up(self, line: TelephoneLine, leg: Leg) -> None:
        if line.up.get(leg.name) is not leg or leg.releasing:
            return
        line.answers(leg)
        happens, talks = self._chance.random(), self._chance.expovariate(1 / 30.0)
        self._loop.call_later(talks, line.goes, leg.name, HangUpSign.BYE)
        if happens < 0.1:
            line.later(0.3 * talks, leg, FarEndHeld(leg.name))
            line.later(0.6 * talks, leg, FarEndResumed(leg.name))
        elif happens < 0.2:
            line.later(0.3 * talks, leg, MediaLost(leg.name))
            line.later(0.6 * talks, leg, MediaRestored(leg.name))
        elif happens < 0.3:
            for place, digit in enumerate(CODE):
                line.later(0.2 * talks + 0.2 * place, leg, DigitReceived(leg.name, digit))
