"""Is it a human voice: the voice model asked only where an answer matters."""

import math
from typing import Final

import numpy as np

from drivers.hearing.frames import FRAME, Signal, frames_in
from drivers.hearing.silero import CHUNK, CONTEXT, VoiceModel

_BEGINS: Final = 0.5  # the model's own recommended threshold
_GOES_ON: Final = 0.35  # and for a voice already there, as its authors do
_SURE: Final = 0.8  # short words reach 0.9 and more; noise, tones, coughs and music of as short never 0.7
_FAINTEST: Final = 10**-5.5  # mean square, -55 dBFS: below this no verdict depends on it
_USUAL: Final = 10**-2.6  # mean square, -26 dBFS: fainter speech is lifted to this, the model was trained on it
_MOST_GAIN: Final = 10**0.9  # 18 dB
_FADES: Final = 0.98  # of the loudest chunk's power from chunk to chunk, 3 dB a second: a pause is not lifted
_VOICE: Final = 0.99  # a probability of at least this twice in a row: no doubt; where a voice ends it soon falls
_NOISE: Final = 0.1  # likewise, at most this
_LESS_VOICE: Final = 0.1  # 10 dB: fainter than that against the chunk last asked about, the voice may be over
_MORE_NOISE: Final = 2.0  # 3 dB: louder than that, a voice may have begun in the noise
_SLOWLY: Final = 0.2  # weight of a chunk in the running power of noise
_SKIPPED_IN_VOICE: Final = 1  # chunks at most between two questions: more makes the model slow to see the end
_SKIPPED_IN_NOISE: Final = 3
_OVER: Final = frames_in(0.2)  # of quiet, then nothing is pending in the model and it may rest


class _Certainty:
    """Whether the model's answer to the next chunk is known beforehand."""

    def __init__(self) -> None:
        self._answer = 0.5
        self._same = 0
        self._power = 0.0
        self._skipped = 0

    def holds(self, power: float) -> bool:
        """Whether a chunk of this mean square may be skipped: there is voice as before, or noise as before."""
        if self._answer >= _VOICE:
            known = self._skipped < _SKIPPED_IN_VOICE and power > _LESS_VOICE * self._power
        else:
            known = self._skipped < _SKIPPED_IN_NOISE and power < _MORE_NOISE * self._power
        known = known and self._same >= 2
        self._skipped = self._skipped + 1 if known else 0
        return known

    def learn(self, answer: float, power: float) -> None:
        """The model's answer to a chunk that was not skipped."""
        voice = min(answer, self._answer) >= _VOICE
        noise = max(answer, self._answer) <= _NOISE
        self._same = self._same + 1 if voice or noise else 0
        self._power += (power - self._power) * (_SLOWLY if noise else 1.0)
        self._answer = answer


class VoiceDetector:
    """Tells for each frame whether voice was heard by then; lags the sound by up to two chunks (64 ms)."""

    def __init__(self) -> None:
        self._model = VoiceModel()
        self._waiting: Signal = np.zeros(CONTEXT + CHUNK + FRAME)
        self._count = CONTEXT
        self._quiet = 0
        self._fresh = True
        self._loudest = _FAINTEST
        self._certainty = _Certainty()
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
        if self._count >= CONTEXT + CHUNK:
            self._ask()
        return self._voiced

    def _ask(self) -> None:
        sound = self._waiting[: CONTEXT + CHUNK].copy()
        self._count -= CHUNK
        self._waiting[: self._count] = self._waiting[CHUNK : CHUNK + self._count]
        chunk = sound[CONTEXT:]
        power = float(chunk @ chunk) / CHUNK
        self._loudest = max(power, self._loudest * _FADES, _FAINTEST)
        if self._certainty.holds(power):
            return
        gain = min(max(math.sqrt(_USUAL / self._loudest), 1.0), _MOST_GAIN)
        probability = self._model.probability(sound * gain)
        self._certainty.learn(probability, power)
        self.sure = probability >= _SURE
        self._voiced = probability >= (_GOES_ON if self._voiced else _BEGINS)

    def _forget(self) -> None:
        self.sure = False
        self._model.reset()
        self._waiting[:CONTEXT] = 0.0
        self._count = CONTEXT
        self._quiet = 0
        self._fresh = True
        self._loudest = _FAINTEST
        self._certainty = _Certainty()


assert FRAME < CHUNK
