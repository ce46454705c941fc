"""What became of a recording: how long each verdict stood, which tones came."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Final

from drivers.hearing.heard import Heard, ToneHeard, VerdictHeard
from drivers.line import Verdict

UNDECIDED: Final = "undecided"
"""What stands before the first verdict."""


@dataclass(frozen=True, slots=True)
class Summary:
    """A recording, or several together. Times in seconds."""

    duration: float = 0.0
    verdicts: dict[str, float] = field(default_factory=dict)
    """Seconds for which each verdict stood."""
    decisions: int = 0
    """Lines that were printed: verdicts, tones that came and tones that ended."""
    tones: Counter[str] = field(default_factory=Counter)
    """How often each tone came."""
    lowest_snr_db: float | None = None
    """Of all verdicts on a voice; None where there was no voice."""
    missing: float = 0.0
    """What the file's header promises beyond what is there."""

    def share(self, verdict: str) -> float:
        """Of the time heard, 0 to 1."""
        return self.verdicts.get(verdict, 0.0) / self.duration if self.duration else 0.0

    def plus(self, other: "Summary") -> "Summary":
        """Both together."""
        names = dict.fromkeys((*self.verdicts, *other.verdicts))
        return Summary(
            self.duration + other.duration,
            {name: self.verdicts.get(name, 0.0) + other.verdicts.get(name, 0.0) for name in names},
            self.decisions + other.decisions,
            self.tones + other.tones,
            _lower(self.lowest_snr_db, other.lowest_snr_db),
            self.missing + other.missing,
        )

    def as_json(self) -> dict[str, Any]:
        """The contract's `summary`: verdicts as shares of the time."""
        return {
            "duration": round(self.duration, 3),
            "verdicts": {verdict: round(self.share(verdict), 3) for verdict in self.verdicts},
            "decisions": self.decisions,
            "tones": dict(self.tones),
            "lowest_snr_db": self.lowest_snr_db,
            "missing": round(self.missing, 3),
        }


class Tally:
    """Counts decisions as they come, in their order."""

    def __init__(self) -> None:
        self._seconds: dict[str, float] = {}
        self._tones: Counter[str] = Counter()
        self._decisions = 0
        self._lowest: float | None = None
        self._since = 0.0
        self._verdict: Verdict | None = None

    def add(self, heard: Heard) -> None:
        """One decision more."""
        self._decisions += 1
        if isinstance(heard, ToneHeard):
            self._tones[heard.tone.value] += 1
        elif isinstance(heard, VerdictHeard):
            self._close(heard.t)
            self._verdict = heard.verdict
            self._lowest = _lower(self._lowest, heard.snr_db)

    def summary(self, duration: float, missing: float = 0.0) -> Summary:
        """What it came to, when `duration` seconds have been heard; to be asked once."""
        self._close(duration)
        return Summary(duration, self._seconds, self._decisions, self._tones, self._lowest, missing)

    def _close(self, now: float) -> None:
        if now > self._since:
            verdict = self._verdict.value if self._verdict else UNDECIDED
            self._seconds[verdict] = self._seconds.get(verdict, 0.0) + now - self._since
            self._since = now


def _lower(one: float | None, other: float | None) -> float | None:
    if one is None or other is None:
        return other if one is None else one
    return min(one, other)
