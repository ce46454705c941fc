"""A scene through our ears, as the SIP leg hears: two frames at a time."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from benchmarks.corpus import Scene
from benchmarks.hearing.tone_peers import made, told
from drivers.hearing.clearing import ClearingVote
from drivers.hearing.ears import Ears
from drivers.hearing.frames import FRAME
from drivers.hearing.heard import Heard, ToneHeard, VerdictHeard
from drivers.line import HangUpSign, Tone, Verdict

Samples = NDArray[np.int16]
AT_ONCE: Final = 2 * FRAME
"""Samples that the SIP leg hands over at once."""
TONE_KINDS: Final = frozenset({"tone", "impostor", "signalling"})
"""Kinds of scenes that are about tones."""


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """What was heard in a scene. All times are seconds from the scene's first sample."""

    scene: Scene
    """Its facts, the samples taken out."""
    steps: tuple[tuple[float, Verdict], ...]
    tones: tuple[tuple[float, Tone], ...]
    signs: tuple[tuple[float, HangUpSign], ...]
    """Where the gateway would have hung up: the beginning of each time that the vote is carried."""
    peers: Mapping[str, tuple[tuple[float, Tone], ...]] = field(default_factory=dict)
    """By peer: the tones that it told."""


def bare(scene: Scene) -> Scene:
    """The scene's facts without its sound."""
    return replace(scene, samples=np.zeros(0, np.int16), near_end=None)


def replay_beside(scene: Scene) -> Outcome:
    """The scene through our ears, and through the peers'."""
    return replace(replay(scene), peers={name: told(other, scene.samples) for name, other in made().items()})


def replay(scene: Scene, ears: Ears | None = None) -> Outcome:
    """The scene through `ears`, new or reset ones."""
    ears = Ears() if ears is None else ears
    heard: list[Heard] = []
    signs: list[tuple[float, HangUpSign]] = []
    for t, reports, sign in listen(ears, scene.samples, scene.near_end):
        heard += reports
        if sign is not None:
            signs.append((t, sign))
    return Outcome(
        bare(scene),
        tuple((one.t, one.verdict) for one in heard if isinstance(one, VerdictHeard)),
        tuple((one.t, one.tone) for one in heard if isinstance(one, ToneHeard)),
        tuple(signs),
    )


def listen(
    ears: Ears, samples: Samples, near_end: Samples | None = None
) -> Iterator[tuple[float, list[Heard], HangUpSign | None]]:
    """After each two frames: the time, the reports, and the sign if the vote has just been carried.

    `near_end` is our prompt, as long as `samples`; before its first and after its last sound nothing is played.
    """
    vote, carried = ClearingVote(), False
    begins, ends = _prompt(near_end)
    for start in range(0, len(samples), AT_ONCE):
        plays = near_end is not None and start + AT_ONCE > begins and start < ends
        played = near_end[start : start + AT_ONCE] if near_end is not None and plays else None
        reports = ears.hear(samples[start : start + AT_ONCE], played)
        sign = vote.hear(reports, ears.seconds)
        yield ears.seconds, reports, sign if sign is not None and not carried else None
        carried = sign is not None


def _prompt(near_end: Samples | None) -> tuple[int, int]:
    """From the first to the last sound of our prompt: outside it the leg has nothing to say, not zeros."""
    said = np.zeros(0, np.intp) if near_end is None else np.flatnonzero(near_end)
    return (int(said[0]), int(said[-1]) + 1) if len(said) else (0, 0)
