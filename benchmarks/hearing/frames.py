"""Frame by frame: what voice detectors make of speech, noise, music and tones, against labels by construction.

Labels. A frame of a scene of speech alone is voice if its level is within 15 dB of the scene's active speech
level and over -58 dBFS; what lies lower (pauses, endings) is not counted. Speech over noise is mixed here from a
scene of speech and one of noise, so that the label is known from the speech before mixing, and goes through
A-law. Every frame of noise, silence, signalling and tones from half a second after its beginning is not
voice. An answer is taken when the detector has had the whole chunk that the frame lies in, so that nobody is
punished for its chunk's length.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import cycle
from typing import Final

import numpy as np
from numpy.typing import NDArray

from benchmarks.corpus import Scene, Split, scenes
from benchmarks.hearing.detectors import OURS, PEERS, Detector, NotInstalled, Peer
from drivers.hearing import g711
from drivers.hearing.frames import FRAME, FRAMES_PER_SECOND
from drivers.hearing.levels import FULL_SCALE

SNRS: Final = (30, 20, 15, 10, 5, 0)
SPEECH_KINDS: Final = ("speech", "faint speech", "loud speech")
OTHER_KINDS: Final = ("silence", "noise", "signalling", "tone")
_WITHIN: Final = 10**-1.5
_AUDIBLE: Final = 10**-5.8
_SETTLED: Final = 0.5
_BINS: Final = 1000


@dataclass(frozen=True, slots=True, eq=False)
class Labelled:
    """Sound with a label for each of its frames that counts."""

    column: str
    """Where the tables put it."""
    samples: NDArray[np.int16]
    voice: bool
    counted: NDArray[np.bool_]


@dataclass(slots=True)
class Tally:
    """What one detector made of the frames of one column."""

    voice: bool
    frames: int = 0
    voiced: int = 0
    scores: NDArray[np.int64] = field(default_factory=lambda: np.zeros(_BINS, dtype=np.int64))

    def add(self, other: "Tally") -> None:
        """The frames of another beside these."""
        self.frames += other.frames
        self.voiced += other.voiced
        self.scores = self.scores + other.scores

    @property
    def wrong(self) -> float:
        """Share of the frames called wrongly; NaN without one."""
        if not self.frames:
            return float("nan")
        return (self.frames - self.voiced if self.voice else self.voiced) / self.frames


def labelled(split: Split, share: float) -> Iterator[Labelled]:
    """All that is to be judged, lazily."""
    yield from over_noise(split, share)
    for scene in scenes(split, kinds=SPEECH_KINDS, share=share):
        yield Labelled(scene.kind, scene.samples, voice=True, counted=voice_frames(scene))
    for scene in scenes(split, kinds=OTHER_KINDS, share=share):
        counted = np.zeros(len(scene.samples) // FRAME, dtype=np.bool_)
        counted[round((scene.begins + _SETTLED) * FRAMES_PER_SECOND) : int(scene.ends * FRAMES_PER_SECOND)] = True
        yield Labelled(column_of(scene), scene.samples, voice=False, counted=counted)


def column_of(scene: Scene) -> str:
    """Noises by name, all else by kind."""
    return scene.detail if scene.kind == "noise" else scene.kind


def voice_frames(scene: Scene) -> NDArray[np.bool_]:
    """The frames of a scene of speech alone that are voice beyond doubt."""
    frames = scene.samples.reshape(-1, FRAME) / FULL_SCALE
    power = np.mean((frames - frames.mean(axis=1, keepdims=True)) ** 2, axis=1)
    assert scene.voice_dbfs is not None, f"{scene.name}: a scene of speech without its level"
    loud = power >= max(10 ** (scene.voice_dbfs / 10) * _WITHIN, _AUDIBLE)
    t = np.arange(len(frames)) / FRAMES_PER_SECOND
    return np.asarray(loud & (t >= scene.begins) & (t < scene.ends))


def over_noise(split: Split, share: float) -> Iterator[Labelled]:
    """Each scene of speech over the next noise, at every ratio."""
    noises = list(scenes(split, kinds=("noise",), share=share))
    for scene, noise in zip(scenes(split, kinds=("speech",), share=share), cycle(noises), strict=False):
        counted = voice_frames(scene)
        assert scene.voice_dbfs is not None
        said = scene.samples / FULL_SCALE
        inside = noise.samples[round(noise.begins * 8000) : round(noise.ends * 8000)] / FULL_SCALE
        under = np.resize(inside - inside.mean(), len(said))
        under *= 10 ** (scene.voice_dbfs / 20) / np.sqrt(np.mean(under**2))
        for snr in SNRS:
            mixed = np.clip((said + under * 10 ** (-snr / 20)) * FULL_SCALE, -32768, 32767).astype(np.int16)
            through = g711.decode_alaw(g711.encode_alaw(mixed))
            yield Labelled(f"{snr} dB", through, voice=True, counted=counted)


@cache
def _made(peer: Peer) -> Detector | None:
    try:
        return peer.make()
    except NotInstalled:
        return None


@cache
def why_not(peer: Peer) -> str | None:
    """What keeps a detector from running here, None if it runs."""
    try:
        peer.make()
    except NotInstalled as reason:
        return str(reason)
    return None


def judge(sound: Labelled) -> dict[str, Tally]:
    """By detector that runs here: what it made of this sound."""
    made = ((peer, _made(peer)) for peer in (OURS, *PEERS))
    return {peer.name: _tally(peer, detector, sound) for peer, detector in made if detector is not None}


def _tally(peer: Peer, detector: Detector, sound: Labelled) -> Tally:
    detector.reset()
    frames = np.concatenate([sound.samples, np.zeros(peer.lag * FRAME, np.int16)]).reshape(-1, FRAME)
    scores = np.array([detector.hear(frame) for frame in frames])[peer.lag :][sound.counted]
    bins = np.bincount(np.minimum((scores * _BINS).astype(np.intp), _BINS - 1), minlength=_BINS)
    return Tally(sound.voice, len(scores), int((scores >= peer.threshold).sum()), bins.astype(np.int64))


def area(voice: NDArray[np.int64], other: NDArray[np.int64]) -> float:
    """Area under the ROC curve from two histograms of scores: how often voice scores over what is none."""
    below = np.cumsum(other) - other
    return float((voice * (below + other / 2)).sum() / max(int(voice.sum()) * int(other.sum()), 1))


def missed_at(voice: NDArray[np.int64], other: NDArray[np.int64], false: float) -> float:
    """Share of voice missed at the lowest threshold that lets no more than that share of the rest through."""
    through = np.cumsum(other[::-1])[::-1] / max(int(other.sum()), 1)
    fitting = np.flatnonzero(through <= false)
    return float(voice[: fitting[0]].sum() / max(int(voice.sum()), 1)) if len(fitting) else 1.0
