"""Telephones that the line can dial: by number, each with what becomes of a call to it. Pure, in line time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from drivers.emulator.audio import BUSY_TONE, CONGESTION_TONE, RINGBACK_TONE, VACANT_TONE, ToneKind
from drivers.emulator.callers import Action, Caller, Conversation

if TYPE_CHECKING:
    from drivers.emulator.exchange import Exchange

SET_UP = 0.8
"""Seconds of nothing between the last digit and the first tone; a mobile telephone may take several."""
RINGS_FOR = 60.0
"""Seconds after which the exchange gives a call up that nobody answers."""


@dataclass(frozen=True, slots=True)
class Called:
    """A telephone. Make one by the class methods."""

    tone: ToneKind = RINGBACK_TONE
    """What the dialling line hears."""
    answers_after: float | None = None
    """Seconds from the first ringback's beginning to the pick-up; None: never."""
    script: Iterable[Action] = ()
    """What he says and does once he has picked up, as a Caller's."""
    reverses: bool = False
    """The exchange reverses the line when he picks up."""
    set_up: float = SET_UP
    rings_for: float = RINGS_FOR
    """Seconds of ringing after which it is over: busy tone, as where he declines."""

    @classmethod
    def answering(cls, *script: Action, after: float = 7.0, reverses: bool = False) -> Called:
        """Picks up, in the second pause of the ringing unless told otherwise, and follows `script`."""
        return cls(answers_after=after, script=script, reverses=reverses)

    @classmethod
    def busy(cls) -> Called:
        """Is engaged."""
        return cls(BUSY_TONE)

    @classmethod
    def congested(cls) -> Called:
        """Cannot be reached: the network is full."""
        return cls(CONGESTION_TONE)

    @classmethod
    def vacant(cls) -> Called:
        """Nobody's number."""
        return cls(VACANT_TONE)

    @classmethod
    def absent(cls) -> Called:
        """Rings, and nobody comes."""
        return cls()


class CalledLeg:
    """One call to such a telephone; see pbx.Outgoing for what an exchange asks of it."""

    def __init__(self, called: Called, number: str, exchange: Exchange) -> None:
        self._called, self._exchange = called, exchange
        self._began = exchange.now + called.set_up
        self.caller = Caller("dialled", called.script, number)
        self.end = Conversation(self.caller, len(exchange.calls))
        self.reverses = called.reverses

    @property
    def tone(self) -> ToneKind | None:
        """What is heard now."""
        if self._since < 0:
            return None
        over = self._called.tone is RINGBACK_TONE and self._since >= self._called.rings_for
        return BUSY_TONE if over else self._called.tone

    @property
    def answered(self) -> bool:
        """Whether he has picked up."""
        after = self._called.answers_after
        return after is not None and self._since >= after

    @property
    def refused(self) -> bool:
        """Whether nobody will answer any more."""
        return self._since >= 0 and self.tone is not RINGBACK_TONE

    def give_up(self) -> None:
        """The dialling line put down."""

    @property
    def _since(self) -> float:
        return self._exchange.now - self._began


class Directory:
    """A public network behind a line (`exchange.pbx = Directory({…})`): numbers, and nobody at any other."""

    def __init__(self, numbers: Mapping[str, Called]) -> None:
        self._numbers = dict(numbers)
        self.dialled: list[str] = []
        """Every number that was dialled."""

    def dial(self, caller: Exchange, digits: str) -> CalledLeg:
        """The line of `caller` has dialled."""
        self.dialled.append(digits)
        return CalledLeg(self._numbers.get(digits, Called.vacant()), digits, caller)
