"""What the figures need of one call. Pure."""

from dataclasses import dataclass
from datetime import datetime

INBOUND = "in"


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
    direction: str = INBOUND
    """`in`; `out` for a call-back, which most figures leave out."""
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    outcome: str | None = None
    """An Outcome's value: answered, abandoned, failed; unreached for a call-back."""
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
