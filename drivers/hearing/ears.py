"""The ears of a line: 8000 Hz audio in, verdicts and call-progress tones out. No clock, no IO, no thread."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from drivers.hearing.echo import EchoCanceller
from drivers.hearing.frames import FRAME, FRAMES_PER_SECOND, Signal
from drivers.hearing.heard import Heard, ToneEnded, ToneHeard, VerdictHeard
from drivers.hearing.judge import Judge
from drivers.hearing.levels import FULL_SCALE
from drivers.hearing.memory import Frame
from drivers.hearing.spectrum import bands_of, spectrum_of
from drivers.hearing.tonality import is_signalling
from drivers.hearing.tones import ToneDetector
from drivers.hearing.voice import VoiceDetector

_CLIPS_AT: Final = 32124 / FULL_SCALE  # the largest sample µ-law can carry; A-law's is 32256
_FAINTEST: Final = 10**-6.0  # mean square, -60 dBFS: a fainter frame is no voice, and what fills it of no concern
_TONE_FLOOR: Final = 10**-5.0  # mean square, -50 dBFS: fainter frames are silence, tone or not


def make_ready() -> None:
    """Load the voice model, which takes 0.1 s to 1 s: at the start of a line, so that no call waits for it."""
    VoiceDetector()


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
        reports: list[Heard] = []
        whole = samples.reshape(-1, FRAME) / FULL_SCALE
        lines = whole - whole.mean(axis=1, keepdims=True)
        clipped = (np.abs(whole) >= _CLIPS_AT).mean(axis=1)
        near = None if near_end is None else near_end.reshape(-1, FRAME) / FULL_SCALE
        for at, line in enumerate(lines):
            reports += self._hear_frame(line, float(clipped[at]), None if near is None else near[at])
        return reports

    def _hear_frame(self, line: Signal, clipped: float, played: Signal | None) -> list[Heard]:
        """`line` without its direct current; `clipped` is the share of its samples that were."""
        self._frames += 1
        now = self.seconds
        cleaned = self._echo.clean(line, played)
        frame = cleaned.frame
        power = float(frame @ frame) / FRAME
        changes = self._tones.hear(line, frame if cleaned.echoing else None, played)
        reports: list[Heard] = [
            ToneHeard(now, change.tone) if change.sounding else ToneEnded(now, change.tone) for change in changes
        ]
        voiced = self._voice.hear(frame, power) and cleaned.far_end
        spectrum = spectrum_of(frame) if power >= _FAINTEST else None
        tone = self._is_tone(spectrum, power) or (cleaned.echoing and self._tones.sounding)
        # The model lags behind the end of a voice, and a tone over noise may sound like one to it; of a voice's
        # frames in the training half of the corpus 5 % at most look like a tone.
        voiced = voiced and spectrum is not None and not tone
        known = cleaned.far_end or tone or power < _TONE_FLOOR
        if cleaned.jumped:
            self._judge.disregard_voice()
        seen = Frame(
            power,
            bands=None if spectrum is None else bands_of(spectrum),
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

    def _is_tone(self, spectrum: NDArray[np.float64] | None, power: float) -> bool:
        """Whether the frame belongs to a tone, the edges where it begins and ends included."""
        was, self._in_tone = (
            self._in_tone,
            (spectrum is not None and power >= _TONE_FLOOR and is_signalling(spectrum)),
        )
        if self._in_tone and not was:
            self._judge.disregard_last()
        return was or self._in_tone
