"""Is it a human voice: the voice model asked only where an answer matters."""

import math
from typing import Final

import numpy as np

from drivers.hearing.frames import FRAME, Signal, frames_in
from drivers.hearing.silero import CHUNK, VoiceModel

_BEGINS: Final = 0.5  # the model's own recommended threshold
_GOES_ON: Final = 0.35  # and for a voice already there, as its authors do
_SURE: Final = 0.8  # short words reach 0.9 and more; noise, tones, coughs and music of as short never 0.7
_FAINTEST: Final = 10**-5.5  # mean square, -55 dBFS: below this no verdict depends on it
_USUAL: Final = 10**-2.6  # mean square, -26 dBFS: fainter speech is lifted to this, the model was trained on it
_MOST_GAIN: Final = 10**0.9  # 18 dB
_FADES: Final = 0.98  # of the loudest chunk's power from chunk to chunk, 3 dB a second: a pause is not lifted
_OVER: Final = frames_in(0.2)  # of quiet, then nothing is pending in the model and it may rest


class VoiceDetector:
    """Tells for each frame whether voice was heard by then; lags the sound by up to two chunks (64 ms)."""

    def __init__(self) -> None:
        self._model = VoiceModel()
        self._waiting: Signal = np.zeros(CHUNK + FRAME)
        self._count = self._quiet = 0
        self._fresh = True
        self._loudest = _FAINTEST
        self._voiced = False
        self.sure = False
        """Whether there is voice beyond doubt in what was heard last."""

    def reset(self) -> None:
        """Forget what was heard."""
        self._voiced = False
        self._forget()

    def hear(self, frame: Signal, power: float) -> bool:
        """Whether there is voice; `frame` is 160 samples, DC taken away, `power` its mean square."""
        if power < _FAINTEST and not self._voiced:
            if self._fresh:
                return False
            self._quiet += 1
            if self._quiet > _OVER:
                self._forget()
                return False
        else:
            self._quiet = 0
        self._fresh = False
        self._waiting[self._count : self._count + FRAME] = frame
        self._count += FRAME
        if self._count >= CHUNK:
            self._ask()
        return self._voiced

    def _ask(self) -> None:
        chunk = self._waiting[:CHUNK]
        self._loudest = max(float(chunk @ chunk) / CHUNK, self._loudest * _FADES, _FAINTEST)
        gain = min(max(math.sqrt(_USUAL / self._loudest), 1.0), _MOST_GAIN)
        probability = self._model.probability(chunk * gain)
        self._count -= CHUNK
        self._waiting[: self._count] = self._waiting[CHUNK : CHUNK + self._count]
        self.sure = probability >= _SURE
        self._voiced = probability >= (_GOES_ON if self._voiced else _BEGINS)

    def _forget(self) -> None:
        self.sure = False
        self._model.reset()
        self._count = self._quiet = 0
        self._fresh = True
        self._loudest = _FAINTEST


assert FRAME < CHUNK
