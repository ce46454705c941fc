"""Hours of what is no hang-up: how often the gateway would have hung up all the same."""

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from benchmarks.corpus import Split
from benchmarks.corpus.endless import endless
from benchmarks.hearing.metrics import at_most
from benchmarks.hearing.page import Section, Table
from benchmarks.hearing.replay import listen
from benchmarks.hearing.spread import spread
from benchmarks.hearing.tone_peers import TONE_PEERS, made, told
from benchmarks.hearing.tones import OURS, RELEASED, tellers
from drivers.hearing.clearing import CLEARING_TONES
from drivers.hearing.ears import Ears
from drivers.hearing.heard import ToneHeard

WORKERS: Final = 2
_NAME: Final = 120  # characters of a piece's name in a table
Piece = tuple[str, NDArray[np.int16], NDArray[np.int16] | None]
"""What it is, what is heard, our prompt."""
_KINDS: Final = {
    "speech of": "speech",
    "speech over": "speech over noise",
    "music": "music",
    "noise": "noise",
    "prompts": "prompts with echo and customer",
    "DTMF": "keys",
}

MEANING = """\
Sound of no hang-up, made of the half's voices and music, pieces of two minutes, each heard by new ears, two
frames at a time. *Told*: reports of busy, congestion, dial tone or howler; *of ringback* apart. *Released*: signs
of the clearing vote, upon each of which the gateway would have hung up. *At most an hour*: one-sided 95 % upper
limit of the rate."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What was made of one piece."""

    name: str
    kind: str
    seconds: float
    told: tuple[tuple[float, str], ...]
    """Moment and name of each clearing tone told."""
    ringback: int
    released: tuple[tuple[float, str], ...]
    peers: dict[str, int]
    """Clearing tones told, by peer."""
    spent: float
    """CPU seconds of our ears."""


@dataclass(slots=True)
class Hours:
    """What was made of all pieces."""

    pieces: list[Heard] = field(default_factory=list)

    @property
    def heard(self) -> float:
        """Seconds of sound."""
        return sum(one.seconds for one in self.pieces)

    def told_an_hour(self, teller: str) -> float:
        """Clearing tones told an hour by ours, by the vote, or by the peer of that name."""
        return 3600 * sum(self.told_by(teller)) / max(self.heard, 1e-9)

    def told_by(self, teller: str) -> list[int]:
        """How often in each piece."""
        if teller == OURS.name:
            return [len(one.told) for one in self.pieces]
        if teller == RELEASED.name:
            return [len(one.released) for one in self.pieces]
        return [one.peers.get(teller, 0) for one in self.pieces]

    @property
    def false_releases(self) -> int:
        """How often the gateway would have hung up."""
        return sum(len(one.released) for one in self.pieces)


def run(hours: float, split: Split, workers: int = WORKERS) -> Hours:
    """Hear at least so many hours of that half."""
    return Hours(list(spread(hear, endless(hours, split), f"{hours:g} h without a hang-up", workers)))


def kind_of(name: str) -> str:
    """What kind of piece it is, by its name: "0001 train music, …"."""
    source = name.split(" ", 2)[-1]
    return next((kind for begins, kind in _KINDS.items() if source.startswith(begins)), "machines and impostors")


def hear(piece: Piece) -> Heard:
    """The work of one process: a piece through our ears and the peers'."""
    what, samples, near_end = piece
    ears, start = Ears(), time.process_time()
    clearing: list[tuple[float, str]] = []
    released: list[tuple[float, str]] = []
    ringback = 0
    for t, reports, sign in listen(ears, samples, near_end):
        tones = [one.tone for one in reports if isinstance(one, ToneHeard)]
        clearing += [(t, tone.value) for tone in tones if tone in CLEARING_TONES]
        ringback += sum(tone not in CLEARING_TONES for tone in tones)
        released += [(t, sign.value)] if sign is not None else []
    spent = time.process_time() - start
    peers = {name: sum(t in CLEARING_TONES for _, t in told(peer, samples)) for name, peer in made().items()}
    return Heard(
        what, kind_of(what), len(samples) / 8000, tuple(clearing), ringback, tuple(released), peers, spent
    )


def section(hours: Hours) -> Section:
    """The tables of hours heard and of each false report."""
    kinds = list(dict.fromkeys(one.kind for one in hours.pieces))
    rows = [_row(kind, [one for one in hours.pieces if one.kind == kind]) for kind in kinds]
    rows.append(_row("all", hours.pieces))
    times = hours.heard / max(sum(one.spent for one in hours.pieces), 1e-9)
    speed = f" Heard {times:.0f} times faster than it sounds, by one core."
    header = ("what", "heard", "told", "of ringback", "released", "released an hour, at most")
    return Section(
        "False hang-ups",
        [
            Table("Hours without a hang-up", header, rows, MEANING + speed),
            Table("Beside others", ("who", "told", "told an hour", "most by"), _beside(hours)),
            Table("Each one", ("piece", "at", "what"), _each(hours) or [("none", "–", "–")]),
        ],
    )


def _row(name: str, pieces: Sequence[Heard]) -> tuple[str, ...]:
    heard = sum(one.seconds for one in pieces) / 3600
    released = sum(len(one.released) for one in pieces)
    counts = (sum(len(one.told) for one in pieces), sum(one.ringback for one in pieces), released)
    return name, f"{heard:.2f} h", *map(str, counts), f"{at_most(released, heard):.2f}"


def _beside(hours: Hours) -> list[tuple[str, ...]]:
    rows = [_rate(teller.name, hours) for teller in tellers()]
    return rows + [(peer.name, "not installed", "–", "–") for peer in TONE_PEERS if peer.name not in made()]


def _rate(name: str, hours: Hours) -> tuple[str, ...]:
    by_kind: Counter[str] = Counter()
    counts = hours.told_by(name)
    for piece, count in zip(hours.pieces, counts, strict=True):
        by_kind[piece.kind] += count
    most = ", ".join(f"{kind} {count}" for kind, count in by_kind.most_common(4) if count)
    return name, str(sum(counts)), f"{hours.told_an_hour(name):.1f}", most or "–"


def _each(hours: Hours) -> list[tuple[str, str, str]]:
    rows = []
    for one in hours.pieces:
        rows += [(_short(one.name), f"{t:.1f} s", f"{tone} told") for t, tone in one.told]
        rows += [(_short(one.name), f"{t:.1f} s", f"released by {sign}") for t, sign in one.released]
    return rows


def _short(name: str) -> str:
    """A piece of many sounds names them all; its number finds it."""
    return name if len(name) <= _NAME else f"{name[: _NAME - 1]}…"
