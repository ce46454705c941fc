"""The calls that ended last, as the feed shows them. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from drivers.line.masking import shown
from gateway.feed.encoding import rfc3339

MOST = 20
"""Calls that are shown: a page of a wallboard; records and reports have the others."""


@dataclass(frozen=True, slots=True)
class EndedCall:
    """A call that has ended and is on record. Times are aware, in the site's zone; `caller` is whole here, and
    masked where it is shown. The clauses are each in one of the three, `broken` if it was broken once."""

    call: str
    line: str
    driver: str
    direction: str
    caller: str | None
    agent: str
    offered_at: datetime
    answered_at: datetime | None
    ended_at: datetime
    rings: int
    outcome: str
    released_by: str
    cause: str
    attended_by: str | None = None
    """The first agent who talked with him; None: nobody did."""
    kept: tuple[str, ...] = ()
    broken: tuple[str, ...] = ()
    not_applicable: tuple[str, ...] = ()

    def fields(self, *, show_numbers: bool) -> dict[str, Any]:
        """Its JSON."""
        return {
            "call": self.call,
            "line": self.line,
            "driver": self.driver,
            "direction": self.direction,
            "caller": shown(self.caller, show_numbers),
            "agent": self.agent,
            "attended_by": self.attended_by,
            "offered_at": rfc3339(self.offered_at),
            "answered_at": None if self.answered_at is None else rfc3339(self.answered_at),
            "ended_at": rfc3339(self.ended_at),
            "rings": self.rings,
            "outcome": self.outcome,
            "released_by": self.released_by,
            "cause": self.cause,
            "kept": list(self.kept),
            "broken": list(self.broken),
            "not_applicable": list(self.not_applicable),
        }


class LastCalls:
    """The MOST calls that ended last; however they come in, each once, the last one first."""

    def __init__(self, *, show_numbers: bool = False) -> None:
        self._show_numbers = show_numbers
        self._calls: dict[str, EndedCall] = {}

    def add(self, calls: Iterable[EndedCall]) -> bool:
        """Take calls that have ended; tells whether what is shown has changed."""
        before = self._calls
        known = before | {call.call: call for call in calls}
        ordered = sorted(known.values(), key=lambda call: (call.ended_at, call.call), reverse=True)
        self._calls = {call.call: call for call in ordered[:MOST]}
        return self._calls != before

    def fields(self) -> dict[str, Any]:
        """What the topic `calls` holds."""
        return {"calls": [call.fields(show_numbers=self._show_numbers) for call in self._calls.values()]}
