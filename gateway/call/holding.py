"""After the last prompt: hold the line until the customer has gone (JH-2), or a clause (JH-6, JH-7, WD-2, WD-8) or
the guard lets it go.

A customer who is understood on a ladder's last rung is listened to at once. After a farewell a few words are his
own farewell; who goes on speaking has more to say, and is listened to when he has ended.
"""

from dataclasses import dataclass

from gateway.call.transitions import Trigger

REOPENS = 3.0
"""Seconds of speech after the farewell that are more than a farewell: 「好的,谢谢,再见」 takes two, and the ears
tell an end about a second late."""


@dataclass(frozen=True, slots=True)
class ReleaseOrder:
    """`clause` orders the release, `wait` seconds after a last prompt that was said to its end."""

    clause: str
    wait: float


class Holding:
    """The end of a call, from its last prompt on.

    `ladder` tells that the last prompt is a ladder's final one. `order` is None where the line waits for the
    customer (JH-2), and the guard is all there is.
    """

    def __init__(self, guard: float, order: ReleaseOrder | None, *, ladder: bool) -> None:
        self._guard = guard
        self._complete = False
        self._said = False
        self._spoke_at: float | None = None
        self._ordered_at: float | None = None
        self._guard_at: float | None = None
        self.order = order
        self.ladder = ladder

    @property
    def deadline(self) -> float | None:
        """When the line may be let go; None while the last prompt is being said or the customer speaks."""
        return self._ordered_at if self._ordered_at is not None else self._guard_at

    def said(self, complete: bool, now: float) -> None:
        """The last prompt has ended on the line. Only one said to its end lets a clause order the release."""
        self._said, self._complete = True, complete
        if self._spoke_at is None or (self.ladder and complete):
            self._arm(now)
        else:
            self._spoke_at = now

    def hear(self, understood: bool, now: float) -> bool:
        """A new verdict, and whether it means that the customer is being understood; True when he must be listened
        to again. Nothing runs against speech."""
        spoke_at = self._spoke_at
        self._spoke_at = (now if spoke_at is None else spoke_at) if understood else None
        if not self._said:
            return False
        if self.ladder:
            return self._spoke_at is not None
        if self._spoke_at is not None:
            self._guard_at = self._ordered_at = None
        elif spoke_at is not None:
            self._arm(now)
            return now - spoke_at >= REOPENS
        return False

    def resume(self, now: float) -> None:
        """The customer had put us on hold: what was waited for is waited for anew."""
        self._spoke_at = None
        if self._said:
            self._arm(now)

    def expire(self) -> Trigger:
        """The deadline has passed: by what the line is released."""
        return Trigger.GUARD_RAN_OUT if self._ordered_at is None else Trigger.CLAUSE_ORDERS

    def _arm(self, now: float) -> None:
        """Let the wait for the release begin: the clause's, or the guard's."""
        self._ordered_at = self._guard_at = None
        if self.order is not None and self._complete:
            self._ordered_at = now + self.order.wait
        else:
            self._guard_at = now + self._guard
