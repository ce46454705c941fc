"""After the last prompt: hold the line until the customer has gone (JH-2), or a clause or the guard lets it go."""

from drivers.line import Verdict
from gateway.call.listening import INTELLIGIBLE
from gateway.call.plan import Ladder
from gateway.call.transitions import Trigger


class Holding:
    """The end of a call, from its last prompt on."""

    def __init__(self, guard: float, ladder: Ladder | None) -> None:
        self._guard = guard
        self._ladder = ladder
        self._speaking = False
        self._ordered_at: float | None = None
        self._guard_at: float | None = None

    @property
    def ladder(self) -> Ladder | None:
        """The ladder whose final prompt this end began with; None for a farewell."""
        return self._ladder

    @property
    def deadline(self) -> float | None:
        """When the line may be let go; None while the last prompt is being said or the customer speaks."""
        return self._ordered_at if self._ordered_at is not None else self._guard_at

    def said(self, complete: bool, now: float) -> None:
        """The last prompt has ended on the line. Only one said to its end lets a clause order the release."""
        if self._ladder is not None and complete:
            self._ordered_at = now + self._ladder.release_wait
        elif not self._speaking:
            self._guard_at = now + self._guard

    def hear(self, verdict: Verdict, now: float) -> None:
        """The guard never runs against a customer who speaks; it begins anew when he has ended."""
        speaking, self._speaking = self._speaking, verdict in INTELLIGIBLE
        if self._speaking:
            self._guard_at = None
        elif speaking and self._ordered_at is None:
            self._guard_at = now + self._guard

    def expire(self) -> Trigger:
        """The deadline has passed: by what the line is released."""
        return Trigger.GUARD_RAN_OUT if self._ordered_at is None else Trigger.CLAUSE_ORDERS
