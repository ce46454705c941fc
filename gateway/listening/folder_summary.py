"""What a folder of recordings came to: everything together, and those that stand out."""

from dataclasses import dataclass, field
from heapq import heappush, heapreplace
from pathlib import Path
from typing import Any, Final

from drivers.line import Verdict
from gateway.listening.tally import UNDECIDED, Summary

TOP: Final = 10
"""Recordings named of each kind."""
_POOR_SNR: Final = 20.0  # dB; a clean line has 30 and more, below 10 a voice is `noisy`
_SOME: Final = 0.05  # of the time: less is a moment, not a poor recording

STANDING_OUT: Final = {
    "worst_snr": "voice least over the noise",
    "noisy": "noisy",
    "faint": "faint",
    "loud": "loud or clipped",
    "silent": "nobody heard",
    "cut_short": "cut short",
}
"""Kinds of recordings that stand out, and how people call them."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A recording and the figure it stands out by: dB, share of its time, or seconds."""

    file: Path
    figure: float


@dataclass(slots=True)
class FolderSummary:
    """Adds up recordings as they are heard; keeps names of those alone that stand out or failed."""

    whole: Summary = field(default_factory=Summary)
    recordings: int = 0
    faults: list[str] = field(default_factory=list)
    cut_short: int = 0
    _top: dict[str, list[tuple[float, str]]] = field(default_factory=lambda: {kind: [] for kind in STANDING_OUT})

    def add(self, file: Path, summary: Summary) -> None:
        """One that was heard."""
        self.whole = self.whole.plus(summary)
        self.recordings += 1
        self.cut_short += summary.missing > 0
        for kind, rank in _ranks(summary).items():
            top = self._top[kind]
            if len(top) < TOP:
                heappush(top, (rank, str(file)))
            elif rank > top[0][0]:
                heapreplace(top, (rank, str(file)))

    def standing_out(self, kind: str) -> list[Standing]:
        """Those of a kind, the most striking first, TOP at most."""
        sign = -1 if kind == "worst_snr" else 1
        ranked = sorted(self._top[kind], key=lambda one: (-one[0], one[1]))
        return [Standing(Path(name), sign * rank) for rank, name in ranked]

    def as_json(self) -> dict[str, Any]:
        """The `summary` of a folder: that of a recording, and more."""
        return {
            "recordings": self.recordings,
            "unread": len(self.faults),
            "cut_short": self.cut_short,
            **self.whole.as_json(),
            "standing_out": {
                kind: [{"file": str(one.file), "figure": round(one.figure, 3)} for one in self.standing_out(kind)]
                for kind in STANDING_OUT
            },
        }


def _ranks(summary: Summary) -> dict[str, float]:
    """The kinds a recording stands out by, with how much."""
    ranks = {
        verdict.value: summary.share(verdict.value)
        for verdict in (Verdict.NOISY, Verdict.FAINT, Verdict.LOUD)
        if summary.share(verdict.value) >= _SOME
    }
    if summary.lowest_snr_db is not None and summary.lowest_snr_db < _POOR_SNR:
        ranks["worst_snr"] = -summary.lowest_snr_db
    if Verdict.SILENT.value in summary.verdicts and set(summary.verdicts) <= {Verdict.SILENT.value, UNDECIDED}:
        ranks["silent"] = summary.duration
    if summary.missing:
        ranks["cut_short"] = summary.missing
    return ranks
