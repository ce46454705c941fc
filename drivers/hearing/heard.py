"""What the ears report. `t` is seconds of audio heard since the ears were made or reset."""

from dataclasses import dataclass

from drivers.line import Tone, Verdict


@dataclass(frozen=True, slots=True)
class VerdictHeard:
    """The verdict changed (or is the first)."""

    t: float
    verdict: Verdict
    level_dbfs: float
    """Level of what the verdict is about: the active voice, else everything heard."""
    snr_db: float | None
    """Voice over noise; None where there is no voice."""


@dataclass(frozen=True, slots=True)
class ToneHeard:
    """A call-progress tone was recognised; reported again only after it ended."""

    t: float
    tone: Tone


@dataclass(frozen=True, slots=True)
class ToneEnded:
    """A tone that was reported is over: its next burst did not come in time, or a continuous one stopped."""

    t: float
    tone: Tone


Heard = VerdictHeard | ToneHeard | ToneEnded
