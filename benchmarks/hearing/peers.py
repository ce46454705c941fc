"""Tables of the peers: voice detectors frame by frame, and each in the place of ours inside our own ears."""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import islice
from typing import Final

import numpy as np
from numpy.typing import NDArray

from benchmarks.corpus import Scene, Split, scenes
from benchmarks.hearing.detectors import OURS, PEERS, Detector, NotInstalled, Peer
from benchmarks.hearing.frames import Labelled, Tally, area, judge, missed_at, why_not
from benchmarks.hearing.metrics import DUE, VOICES, quantile, ticks
from benchmarks.hearing.page import Section, Table, percent, seconds, share
from benchmarks.hearing.replay import Outcome, replay
from benchmarks.hearing.verdicts import (
    accuracy,
    changes_a_minute,
    decision_times,
    noise_alone,
    silence_alone,
    speech_called_silent,
    verdict_of,
)
from drivers.hearing.ears import Ears
from drivers.hearing.frames import FRAME, Signal, frames_in
from drivers.hearing.levels import FULL_SCALE
from drivers.line import Verdict

EVERYONE: Final = (OURS, *PEERS)
_FALSE: Final = 0.02
# These four are drivers.hearing.voice's.
_FAINTEST: Final = 10**-5.5  # mean square, -55 dBFS: no verdict depends on what is fainter
_OVER: Final = frames_in(0.2)  # of such quiet, then nobody is asked
_GOES_ON: Final = 0.15  # under the threshold, for a voice already there
_SURE: Final = 0.8
_TIMED: Final = dict.fromkeys(("speech", "noise", "silence"), 4)  # scenes on which the cost is measured

BY_FRAME = f"""\
*Missed*: voice frames called none, over the noises by ratio, and alone by kind. *Called voice*: frames without
voice called voice, noises by name. A frame of speech is voice if it lies within 15 dB of the active speech
level; pauses are not counted; an answer is taken when the detector has had the whole chunk that the frame lies
in. Each detector has its authors' threshold. *AUC*: how often a voice frame scores over one without voice, all
columns together; *missed at {share(_FALSE, 0)}*: voice frames missed at the threshold that calls so many of the
others voice. A crowd is made of voices. *µs*: CPU of a 20 ms frame over {sum(_TIMED.values())} scenes, as many of
speech as of noise and of silence, each with its 4.5 s of idle line; our Python between us and the detector is in
it (cutting to chunks, and doubling the rate for those that want 16 kHz). The model of ours is not asked where
nothing depends on it; all others are asked always."""

IN_EARS = """\
Each detector in the place of ours in our own ears, over the same scenes; figures by scene as under *Verdicts*,
and by time where it says so. Nothing in the ears was tuned to the others: their word is taken at their authors'
threshold (0.15 less while a voice goes on), and like ours they are asked under -55 dBFS only while they say voice
and for 0.2 s after. The ears begin a voice upon 12 voiced frames within a second or 6 *sure* ones (a score
of 0.8); who says plain yes or no is never sure, and so later on short words. Noise that a detector calls voice may
still be judged noisy, as a voice that does not stand out of the noise."""


@dataclass(slots=True)
class ByFrame:
    """What the detectors made of all frames."""

    tallies: dict[tuple[str, str], Tally] = field(default_factory=dict)
    """By detector and column."""
    columns: dict[str, bool] = field(default_factory=dict)
    """Name and whether it is voice, in the order met."""
    micros: dict[str, float] = field(default_factory=dict)
    """CPU of a frame, by detector."""

    def add(self, column: str, found: Mapping[str, Tally]) -> None:
        """What was made of one sound."""
        for name, tally in found.items():
            self.columns.setdefault(column, tally.voice)
            self.tallies.setdefault((name, column), Tally(tally.voice)).add(tally)


def judged(sound: Labelled) -> tuple[str, dict[str, Tally]]:
    """The work of one process: a sound's column and what the detectors made of it."""
    return sound.column, judge(sound)


def micros_a_frame(split: Split) -> dict[str, float]:
    """CPU of a frame by detector, over _TIMED scenes."""
    sounds = [one for kind, many in _TIMED.items() for one in islice(scenes(split, kinds=(kind,)), many)]
    frames = np.concatenate([one.samples for one in sounds]).reshape(-1, FRAME)
    took = {}
    for peer in EVERYONE:
        if why_not(peer) is None:
            detector = peer.make()
            for frame in frames[:50]:
                detector.hear(frame)
            start = time.process_time()
            for frame in frames:
                detector.hear(frame)
            took[peer.name] = 1e6 * (time.process_time() - start) / len(frames)
    return took


class InEars:
    """A peer with the face of our own voice detector."""

    def __init__(self, peer: Peer, detector: Detector) -> None:
        self._peer, self._detector = peer, detector
        self.reset()

    def reset(self) -> None:
        """Forget what was heard."""
        self._detector.reset()
        self._voiced = self.sure = False
        self._quiet, self._resting = 0, True

    def hear(self, frame: Signal, power: float) -> bool:
        """As drivers.hearing.voice.VoiceDetector, and asked when its model would be."""
        if power < _FAINTEST and not self._voiced:
            self._quiet += 1
            if not self._resting and self._quiet > _OVER:
                self.reset()
            if self._resting:
                return False
        else:
            self._quiet, self._resting = 0, False
        pcm: NDArray[np.int16] = np.clip(np.round(frame * FULL_SCALE), -32768, 32767).astype(np.int16)
        score = self._detector.hear(pcm)
        goes_on = _GOES_ON if self._voiced and self._peer.graded else 0.0
        self._voiced = score >= self._peer.threshold - goes_on
        self.sure = self._voiced and self._peer.graded and score >= _SURE
        return self._voiced


@cache
def _ears(peer: Peer) -> Ears | None:
    ears = Ears()
    if peer is not OURS:
        try:
            # Only here does another's detector take the place of ours: the product needs no seam for it.
            ears._voice = InEars(peer, peer.make())  # type: ignore[assignment]
        except NotInstalled:
            return None
    return ears


def in_ears(scene: Scene) -> dict[str, Outcome]:
    """The work of one process: the scene through our ears with each detector."""
    outcomes = {}
    for peer in EVERYONE:
        ears = _ears(peer)
        if ears is not None:
            ears.reset()
            outcomes[peer.name] = replay(scene, ears)
    return outcomes


def section(by_frame: ByFrame, outcomes: Sequence[Mapping[str, Outcome]]) -> Section:
    """Both comparisons."""
    voice = [name for name, is_voice in by_frame.columns.items() if is_voice]
    other = [name for name, is_voice in by_frame.columns.items() if not is_voice]
    return Section(
        "Voice detectors",
        [
            Table("Frame by frame: voice missed", _HEADER + tuple(voice), _by_frame(by_frame, voice, full=True)),
            Table(
                "Frame by frame: called voice",
                ("detector", *other),
                _by_frame(by_frame, other, full=False),
                BY_FRAME,
            ),
            Table("In our own ears", _EARS_HEADER, _in_ears(outcomes), IN_EARS),
        ],
    )


_HEADER: Final = ("detector", "µs", "AUC", f"missed at {share(_FALSE, 0)}")


def _by_frame(by_frame: ByFrame, columns: Sequence[str], *, full: bool) -> list[tuple[str, ...]]:
    rows = []
    for peer in EVERYONE:
        reason = why_not(peer)
        if reason is not None:
            rows.append((peer.name, reason, *["–"] * (len(columns) + (2 if full else -1))))
            continue
        tallies = [by_frame.tallies.get((peer.name, column), Tally(voice=True)) for column in columns]
        head = _head(by_frame, peer) if full else ()
        rows.append((peer.name, *head, *(share(tally.wrong) for tally in tallies)))
    return rows


def _head(by_frame: ByFrame, peer: Peer) -> tuple[str, ...]:
    micros = by_frame.micros.get(peer.name)
    cost = "–" if micros is None else f"{micros:.0f}" if micros >= 10 else f"{micros:.1f}"
    if not peer.graded:
        return cost, "–", "–"
    voice, other = (
        np.sum(
            [t.scores for (name, _), t in by_frame.tallies.items() if name == peer.name and t.voice is kind],
            axis=0,
        )
        for kind in (True, False)
    )
    return cost, f"{area(voice, other):.4f}", share(missed_at(voice, other, _FALSE))


_EARS_HEADER: Final = (
    "detector",
    "accuracy",
    "speech called silent",
    "by time",
    "silence called speech",
    "noise alone called speech",
    "decided after: 95 %",
    "changes a minute",
)


def _in_ears(outcomes: Sequence[Mapping[str, Outcome]]) -> list[tuple[str, ...]]:
    rows = []
    for peer in EVERYONE:
        mine = [one[peer.name] for one in outcomes if peer.name in one]
        mine = [one for one in mine if one.scene.ends > one.scene.begins + DUE]
        reason = why_not(peer)
        cells = (reason, *["–"] * (len(_EARS_HEADER) - 2)) if reason is not None else _ears_cells(mine)
        rows.append((peer.name, *cells))
    return rows


def _ears_cells(mine: Sequence[Outcome]) -> tuple[str, ...]:
    silent = frozenset({Verdict.SILENT})
    talking = speech_called_silent(mine)
    found = [ticks(one.steps, one.scene.begins + DUE, one.scene.ends) for one in talking]
    by_time = percent(sum(one[Verdict.SILENT] for one in found), sum(one.total() for one in found), 2)
    return (
        percent(*accuracy(mine), 2),
        _wrong(talking, silent),
        by_time,
        _wrong(silence_alone(mine), VOICES),
        _wrong(noise_alone(mine), VOICES),
        seconds(quantile(decision_times(mine), 0.95)),
        f"{changes_a_minute(mine):.2f}",
    )


def _wrong(scenes: Iterable[Outcome], wrong: frozenset[Verdict]) -> str:
    judged = [verdict_of(one) in wrong for one in scenes]
    return percent(sum(judged), len(judged), 2)
