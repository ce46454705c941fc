"""An adaptive filter that models how our prompt comes back: partitioned blocks in the frequency domain, two paths.

As in network echo cancellers the background learns block by block, the foreground does the work and takes over
what the background learnt only once that has proved better: whoever talks over the prompt cannot spoil it. All is
single precision: it rounds some 140 dB under what it rounds, the samples' own 16 bits at 90 dB under full scale.
"""

from collections import deque
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from drivers.hearing.frames import FRAME, Signal

PARTITIONS: Final = 16
"""Of 20 ms each: echoes up to 320 ms late."""

_SIZE: Final = 2 * FRAME
_BINS: Final = FRAME + 1
_STEP: Final = 0.5
_EVEN_SHARE: Final = 0.6  # of the step is for all partitions alike, the rest for those where the echo was found
_SHARED_EVERY: Final = 8  # lessons: the echo's place changes slowly…
_FRESH: Final = 100  # …but for the first 2 s, in which it is found
_REGULAR: Final = 1e-3 * FRAME  # keeps the step finite where the prompt has nothing: -60 dBFS over its length
_SMOOTH: Final = 0.2  # weight of a block in the running powers: about 0.1 s
_BETTER: Final = 0.8  # background error to foreground error, 1 dB, before it takes over
_WORSE: Final = 2.0  # 3 dB the other way: the background was led astray, begin again from the foreground
_ONES: Final = np.ones(PARTITIONS, np.float32)
_QUIET: Final = 1e-6  # mean square, -60 dBFS: a block so faint, or lost on its way, teaches little…
_RARELY: Final = 4  # …and only one in so many is learnt from, lest an echo that has gone be believed in for good

_NOTHING: Final[Signal] = np.zeros(FRAME)

_Spectra = NDArray[np.complex64]
_Reals = NDArray[np.float32]


class EchoFilter:
    """One call's echo path. Per 20 ms block: `play`, then `guess` and `learn`, or neither where nothing is heard.

    All signals are 160 samples, full scale 1.
    """

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forget the echo path and what was played."""
        # What was played, newest first from `_at`: a ring held twice over, so that all of it is always one slice.
        self._spectra: _Spectra = np.zeros((2 * PARTITIONS, _BINS), np.complex64)
        self._conjugates: _Spectra = np.zeros_like(self._spectra)
        self._powers: _Reals = np.zeros(self._spectra.shape, np.float32)
        self._at = 0
        self._unseen: deque[Signal] = deque(maxlen=PARTITIONS + 1)
        self._foreground: _Spectra = np.zeros((PARTITIONS, _BINS), np.complex64)
        self._background: _Spectra = np.zeros_like(self._foreground)
        self._products: _Spectra = np.empty_like(self._foreground)
        self._sums: _Spectra = np.empty((3, _BINS), np.complex64)
        # Blocks to be transformed, all at once as a call costs more than a transform: what was played, zeros and
        # the background's error, the response of one of its partitions and zeros.
        self._blocks: _Reals = np.zeros((3, _SIZE), np.float32)
        self._responses: NDArray[np.floating[Any]] = np.zeros_like(self._blocks)
        self._turn = 0
        self.forget()

    def forget(self) -> None:
        """Forget the echo path: from now on there is none, until one is learnt."""
        self._foreground[:] = self._background[:] = 0
        self._share()
        self._heard = self._foreground_error = self._background_error = 0.0
        self._lesson, self._studying = False, True
        self._wait = self._lessons = 0
        self.empty = True
        """No lesson was taken yet."""
        self.knows = False
        """Whether an echo was found: else every guess is nothing."""

    @property
    def helps(self) -> bool:
        """Whether what is heard has been weaker by 1 dB, in the last 0.1 s, for the echo taken away."""
        return self._foreground_error < _BETTER * self._heard

    def play(self, played: Signal) -> None:
        """The newest block of the prompt."""
        self._unseen.append(played)

    def guess(self, heard: float) -> Signal:
        """The echo in the block that came in while the newest was played; `heard` is that block's mean square."""
        self._wait = max(self._wait - 1, 0)
        self._studying = heard >= _QUIET or self._wait == 0
        if not self._studying and not self.knows:
            return _NOTHING  # what was played is looked at when it is needed
        while self._unseen:
            self._transform(self._unseen.popleft())
        if self.knows:
            self._sum(self._foreground, 0)
        if not self._studying:
            return np.fft.irfft(self._sums[0])[FRAME:].astype(np.float64)
        self._sum(self._background, 1)
        self._sums[2] = self._background[self._turn]
        first = 0 if self.knows else 1
        self._responses[first:] = np.fft.irfft(self._sums[first:])
        return self._responses[0, FRAME:].astype(np.float64) if self.knows else _NOTHING

    def _sum(self, weights: _Spectra, place: int) -> None:
        np.multiply(weights, self._spectra[self._at : self._at + PARTITIONS], out=self._products)
        np.matmul(_ONES, self._products.view(np.float32), out=self._sums.view(np.float32)[place])

    def _transform(self, played: Signal) -> None:
        """One block more in the ring; the step of the block before is taken first, both by one transform."""
        blocks = self._blocks
        blocks[0, :FRAME] = blocks[0, FRAME:]
        blocks[0, FRAME:] = played
        if self._lesson:
            spectrum, gradient, held = np.fft.rfft(blocks)
            self._adapt(gradient, held)
        else:
            spectrum = np.fft.rfft(blocks[0])
        conjugate = spectrum.conj()
        power = (spectrum * conjugate).real
        self._at = at = (self._at or PARTITIONS) - 1
        for place in (at, at + PARTITIONS):
            self._spectra[place], self._conjugates[place], self._powers[place] = spectrum, conjugate, power

    def learn(self, frame: Signal, heard: float, left: float) -> None:
        """After `guess`: the block it was for, its mean square and that of what the guess leaves of it."""
        if not self._studying:
            return
        self._wait = _RARELY
        self._lessons += 1
        error = frame - self._responses[1, FRAME:]
        wrong = float(error.dot(error)) / FRAME
        self._heard += _SMOOTH * (heard - self._heard)
        self._foreground_error += _SMOOTH * (left - self._foreground_error)
        self._background_error += _SMOOTH * (wrong - self._background_error)
        self._blocks[1, FRAME:] = error
        self._blocks[2, :FRAME] = self._responses[2, :FRAME]
        self._lesson, self.empty = True, False
        if self._background_error < _BETTER * min(self._foreground_error, self._heard):
            self._foreground[:] = self._background
            self.knows = True
            self._foreground_error = self._background_error
        elif self._background_error > _WORSE * self._foreground_error:
            self._background[:] = self._foreground
            self._background_error = self._foreground_error
            self._lesson = False

    def _adapt(self, gradient: _Spectra, held: _Spectra) -> None:
        """One normalised step of the background; each block one partition is held to its 20 ms, in turn."""
        weights, turn, at = self._background, self._turn, self._at
        weights[turn] = held
        power = self._shares @ self._powers[at : at + PARTITIONS]
        power += _REGULAR
        gradient /= power
        np.multiply(self._conjugates[at : at + PARTITIONS], gradient, out=self._products)
        change = self._products.view(np.float32)  # to scale complex numbers as what they are costs a third more
        change *= self._steps
        weights += self._products
        self._lesson = False
        self._turn = (turn + 1) % PARTITIONS
        if self._turn % _SHARED_EVERY == 0 or self._lessons < _FRESH:
            self._share()

    def _share(self) -> None:
        """Give each partition its share of the step, by how much of the echo was found in it."""
        real = self._background.real
        strength = np.sqrt(np.einsum("pk,pk->p", real, real) + 1e-12)
        shares = _EVEN_SHARE + (1 - _EVEN_SHARE) * PARTITIONS * strength / strength.sum()
        self._shares: _Reals = shares.astype(np.float32)
        self._steps: _Reals = _STEP * self._shares[:, None]
