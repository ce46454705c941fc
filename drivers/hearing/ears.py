"""The ears of a line: 8000 Hz audio in, verdicts and call-progress tones out. No clock, no IO, no thread."""

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from drivers.hearing.echo import Cleaned, EchoCanceller
from drivers.hearing.frames import FRAME, FRAMES_PER_SECOND, Signal
from drivers.hearing.heard import Heard, ToneEnded, ToneHeard, VerdictHeard
from drivers.hearing.judge import Judge
from drivers.hearing.levels import FULL_SCALE
from drivers.hearing.memory import Frame
from drivers.hearing.spectrum import Spectra
from drivers.hearing.tonality import are_signalling
from drivers.hearing.tones import Measured, ToneDetector
from drivers.hearing.voice import VoiceDetector

_CLIPS_AT: Final = 32124 / FULL_SCALE  # the largest sample µ-law can carry; A-law's is 32256
_FAINTEST: Final = 10**-6.0  # mean square, -60 dBFS: a fainter frame is no voice, and what fills it of no concern
_TONE_FLOOR: Final = 10**-5.0  # mean square, -50 dBFS: fainter frames are silence, tone or not
_AT_ONCE: Final = 50  # frames that are looked at together at most: more gain nothing, and hold memory
_NO_BANDS: Final = (None,) * _AT_ONCE


def make_ready() -> None:
    """Load the voice model, which takes 0.1 s to 1 s: at the start of a line, so that no call waits for it."""
    VoiceDetector()


class _Prepared(NamedTuple):
    """A frame, and what is known of it whatever was before."""

    cleaned: Cleaned
    hops: Measured
    frame: Signal
    """Without our echo."""
    power: float
    bands: NDArray[np.float64] | None
    tone: bool
    clipped: float
    """Share of its samples."""


class Ears:
    """Hears one far end. The same audio gives the same reports, however it is cut into pieces."""

    def __init__(self, tones: str = "cn") -> None:
        """`tones` names a table of drivers.hearing.tone_tables; ValueError for an unknown one."""
        self._tones = ToneDetector(tones)
        self._echo = EchoCanceller()
        self._voice = VoiceDetector()
        self._judge = Judge()
        self.reset()

    def reset(self) -> None:
        """Forget everything: the next sample is the first, and the next verdict is reported."""
        self._tones.reset()
        self._echo.reset()
        self._voice.reset()
        self._judge.reset()
        self._frames = 0
        self._in_tone = False

    @property
    def seconds(self) -> float:
        """Audio heard since these ears were made or reset: the time `t` of the reports."""
        return self._frames / FRAMES_PER_SECOND

    def hear(self, samples: NDArray[np.int16], near_end: NDArray[np.int16] | None = None) -> list[Heard]:
        """What is to be reported after these samples (any whole number of 20 ms frames, 160 samples each).

        `near_end` is what we ourselves were playing during the same samples, None for nothing: its echo is not
        the far end's voice. Raises ValueError for a wrong number of samples, or samples that are no int16.
        """
        if samples.dtype != np.int16:
            raise ValueError(f"samples of {samples.dtype}: the ears take int16")
        if len(samples) % FRAME or (near_end is not None and len(near_end) != len(samples)):
            raise ValueError(
                f"{len(samples)} samples: whole frames of {FRAME} are heard, near_end of the same length"
            )
        whole = samples.reshape(-1, FRAME) / FULL_SCALE
        near = None if near_end is None else near_end.reshape(-1, FRAME) / FULL_SCALE
        return [
            report
            for start in range(0, len(whole), _AT_ONCE)
            for frame in self._prepare(
                whole[start : start + _AT_ONCE], None if near is None else near[start : start + _AT_ONCE]
            )
            for report in self._hear(frame)
        ]

    def _prepare(self, whole: Signal, near: Signal | None) -> Iterator[_Prepared]:
        """What can be done for several frames at once: a call of numpy's costs more than what it does to one."""
        lines = whole - np.add.reduce(whole, axis=1, keepdims=True) / FRAME
        played = [None] * len(lines) if near is None else near
        rows = list(lines)
        cleaned = [self._echo.clean(line, ours) for line, ours in zip(rows, played, strict=True)]
        rest = [None if one.frame is line else one.frame for one, line in zip(cleaned, rows, strict=True)]
        beside = any(one is not None for one in rest)
        hops = self._tones.measure(lines, rest if beside else None, near)
        frames = np.stack([one.frame for one in cleaned]) if beside else lines
        powers = np.einsum("ij,ij->i", frames, frames) / FRAME
        spectra = Spectra(frames)
        bands = spectra.bands if powers.max() >= _FAINTEST else _NO_BANDS
        loud = powers >= _TONE_FLOOR
        tones = loud & are_signalling(spectra.all) if loud.any() else loud
        return map(_Prepared, cleaned, hops, frames, powers.tolist(), bands, tones.tolist(), _clipped(whole))

    def _hear(self, prepared: _Prepared) -> list[Heard]:
        cleaned, hops, frame, power, bands, is_tone, clipped = prepared
        audible = bands is not None and power >= _FAINTEST
        self._frames += 1
        now = self.seconds
        changes = self._tones.hear(hops)
        reports: list[Heard] = [
            ToneHeard(now, change.tone) if change.sounding else ToneEnded(now, change.tone) for change in changes
        ]
        voiced = self._voice.hear(frame, power) and cleaned.far_end
        tone = self._is_tone(is_tone) or (cleaned.echoing and self._tones.sounding)
        # The model lags behind the end of a voice, and a tone over noise may sound like one to it; of a voice's
        # frames in the training half of the corpus 5 % at most look like a tone.
        voiced = voiced and audible and not tone
        known = cleaned.far_end or tone or power < _TONE_FLOOR
        if cleaned.jumped:
            self._judge.disregard_voice()
        seen = Frame(
            power,
            bands=bands if audible else None,
            voiced=voiced,
            sure=voiced and self._voice.sure and not cleaned.echoing,
            tone=tone,
            evidence=known,
            hidden_below=cleaned.limit,
            clipped=clipped,
        )
        finding = self._judge.hear(seen)
        if finding is not None:
            reports.append(VerdictHeard(now, finding.verdict, round(finding.level_dbfs, 1), finding.snr_db))
        return reports

    def _is_tone(self, here: bool) -> bool:
        """Whether the frame belongs to a tone, the edges where it begins and ends included; `here`: it is full of
        it."""
        was, self._in_tone = self._in_tone, here
        if here and not was:
            self._judge.disregard_last()
        return was or here


def _clipped(whole: NDArray[np.float64]) -> list[float]:
    """Share of each frame's samples."""
    high = np.abs(whole) >= _CLIPS_AT
    return [0.0] * len(whole) if not high.any() else (np.count_nonzero(high, axis=1) / FRAME).tolist()
