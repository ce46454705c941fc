"""What the figures need of one call. Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Outcome(StrEnum):
    """What became of the offer: answered by us or at a parallel telephone, given up by the caller before that, or
    neither. Of a call of ours: answered by the customer, `unreached`, or failed."""

    ANSWERED = "answered"
    ABANDONED = "abandoned"
    FAILED = "failed"
    UNREACHED = "unreached"


class Direction(StrEnum):
    """Who calls whom."""

    IN = "in"
    """The customer us."""
    OUT = "out"
    """We him: a call-back."""


@dataclass(frozen=True, slots=True)
class CallFigures:
    """One call, as it is counted. Times are aware, in the site's zone; durations are seconds.

    What an ended call alone can tell is None, or empty, while it is up.
    """

    call: str
    line: str
    agent: str
    """Who greeted."""
    offered_at: datetime
    rings: int
    direction: str = Direction.IN
    """A Direction's value; most figures leave out our own calls."""
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    outcome: str | None = None
    """An Outcome's value."""
    released_by: str | None = None
    """A ReleasedBy's value."""
    cause: str | None = None
    attended_by: str | None = None
    """The first agent who talked to him; None: nobody did."""
    waited: float | None = None
    """Seconds that he waited for somebody, all waits together; None: he never did."""
    talked: float | None = None
    """Seconds that he and agents heard each other, all together; None: never."""
    heard: tuple[str, ...] = ()
    """The verdicts of the ears, each once: speech, silent, noisy, faint, loud."""
    kept: tuple[str, ...] = ()
    """Clauses that the call kept in every step, each once."""
    broken: tuple[str, ...] = ()
    """Clauses that it broke in one step at least, each once."""
