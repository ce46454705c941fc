"""After the last prompt: hold the line until the customer has gone (JH-2), or a clause or the guard lets it go.

A customer who is understood on a ladder's last rung is listened to at once. After a farewell a few words are his
own farewell; who goes on speaking has more to say, and is listened to when he has ended.
"""

from drivers.line import Verdict
from gateway.call.listening import INTELLIGIBLE
from gateway.call.plan import Ladder
from gateway.call.transitions import Trigger

REOPENS = 3.0
"""Seconds of speech after the farewell that are more than a farewell: 「好的,谢谢,再见」 takes two, and the ears
tell an end about a second late."""


class Holding:
    """The end of a call, from its last prompt on."""

    def __init__(self, guard: float, ladder: Ladder | None) -> None:
        self._guard = guard
        self._ladder = ladder
        self._said = False
        self._spoke_at: float | None = None
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
        self._said = True
        if self._ladder is not None and complete:
            self._ordered_at = now + self._ladder.release_wait
        elif self._spoke_at is None:
            self._guard_at = now + self._guard
        else:
            self._spoke_at = now

    def hear(self, verdict: Verdict, now: float) -> bool:
        """A new verdict; True when the customer must be listened to again. The guard never runs against speech."""
        spoke_at = self._spoke_at
        self._spoke_at = (now if spoke_at is None else spoke_at) if verdict in INTELLIGIBLE else None
        if not self._said:
            return False
        if self._ladder is not None:
            return self._spoke_at is not None
        if self._spoke_at is not None:
            self._guard_at = None
        elif spoke_at is not None:
            self._guard_at = now + self._guard
            return now - spoke_at >= REOPENS
        return False

    def resume(self, now: float) -> None:
        """The customer had put us on hold: what was waited for is waited for anew."""
        self._spoke_at = None
        if self._ordered_at is not None and self._ladder is not None:
            self._ordered_at = now + self._ladder.release_wait
        elif self._said:
            self._guard_at = now + self._guard

    def expire(self) -> Trigger:
        """The deadline has passed: by what the line is released."""
        return Trigger.GUARD_RAN_OUT if self._ordered_at is None else Trigger.CLAUSE_ORDERS
