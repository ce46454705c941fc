"""Takes our own prompt's echo out of what is heard, and tells what of the rest may still be echo.

A partitioned-block frequency-domain adaptive filter models the echo path (hybrid, network delay up to 320 ms). Two
paths, as network echo cancellers have them: the background filter learns from every block, the foreground filter
does the work and takes over what the background learnt only once that has proved better; so a customer who talks
over the prompt cannot spoil it. Until it has learnt, and for what it cannot remove, a guard holds back every frame
that is no louder than the echo may be.
"""

from collections import deque
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from drivers.hearing.frames import FRAME, Signal, frames_in

_PARTITIONS: Final = 16  # of 20 ms each: echoes up to 320 ms late
_SIZE: Final = 2 * FRAME
_STEP: Final = 0.5
_EVEN_SHARE: Final = 0.6  # of the step is for all partitions alike, the rest for those where the echo was found
_REGULAR: Final = (
    1e-3  # keeps the step finite where the prompt has nothing: about -60 dBFS over the filter's length
)
_SMOOTH: Final = 0.2  # weight of a frame in the running error powers: about 0.1 s
_SLOWER: Final = 0.06  # the same for the loss that is counted on: about 0.3 s
_FAINTEST: Final = 10**-5.0  # mean square, -50 dBFS: what is fainter beside an echo is not told from it
_BETTER: Final = 0.8  # background error to foreground error, 1 dB, before it takes over
_WORSE: Final = 2.0  # 3 dB the other way: the background was led astray, begin again from the foreground
_SILENT: Final = 1e-6  # mean square, -60 dBFS: a prompt this faint has no echo to speak of
_WEAKEST_LOSS: Final = 10**-0.8  # no line returns more than 8 dB under what it was given (ITU-T G.122: >= 6…10)
_BEST: Final = 10**-2.0  # 20 dB: more is never counted on, codecs and modems are not linear
_FORGET: Final = 10**0.001  # per frame, 0.5 dB a second: a measured loss is believed less with age
_QUICK: Final = 0.1  # weight of a frame where the filter's fit is watched: about 0.2 s
_UNFIT: Final = 0.4  # of the filter's echo is in what is heard: less, and the echo path has jumped
_FIT: Final = 0.7
_DROWNED: Final = 16.0  # 12 dB over the filter's echo a voice leaves its fit unknown
_JUMP: Final = frames_in(0.9)  # how long a prompt may come back after a jump of half a second
_MARGIN: Final = 10**0.6  # 6 dB over the expected echo before a frame is the far end's


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A frame without the echo that could be removed; `far_end` False if what is left may be echo all the same, up
    to a mean square of `limit`; `echoing` while a prompt or its echo may be there at all; `jumped` once when the
    echo path turns out to have changed: `far_end` of the last half second was wrong."""

    frame: Signal
    far_end: bool
    echoing: bool
    limit: float = 0.0
    jumped: bool = False


class _Filter:
    """One set of weights over the prompt's recent spectra, and the running power of its error."""

    def __init__(self) -> None:
        self.weights: NDArray[np.complex128] = np.zeros((_PARTITIONS, FRAME + 1), dtype=np.complex128)
        self.error = 0.0

    def echo(self, spectra: NDArray[np.complex128]) -> Signal:
        whole = np.fft.irfft(np.einsum("pk,pk->k", self.weights, spectra), _SIZE)
        return np.asarray(whole[FRAME:], dtype=np.float64)

    def watch(self, power: float) -> None:
        self.error += _SMOOTH * (power - self.error)

    def take(self, other: "_Filter") -> None:
        self.weights[:] = other.weights
        self.error = other.error


class EchoCanceller:
    """One call's echo. Costs nothing while no prompt plays."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forget the echo path."""
        self._near: deque[float] = deque(maxlen=_PARTITIONS + 1)
        self._past: deque[float] = deque(maxlen=_JUMP)
        self._guessed = self._agreed = self._rest = 0.0
        self._lost = False
        self._spectra: NDArray[np.complex128] = np.zeros((_PARTITIONS, FRAME + 1), dtype=np.complex128)
        self._before: Signal = np.zeros(FRAME)
        self._background, self._foreground = _Filter(), _Filter()
        self._heard = 0.0
        self._slow_heard = self._slow_error = 0.0
        self._slow_near = 0.0
        self._left = self._returned = 1.0
        self._echoes: deque[float] = deque(maxlen=frames_in(0.1))
        self._turn = 0

    def clean(self, frame: Signal, near: Signal | None) -> Cleaned:
        """`frame` (160 samples, DC taken away) less the echo of all that was played, `near` the newest."""
        played = np.zeros(FRAME) if near is None else near
        self._near.append(float(played @ played) / FRAME)
        self._past.append(self._near[-1])
        if max(self._past if self._lost else self._near) < _SILENT:
            return Cleaned(frame, far_end=True, echoing=False)
        self._spectra[1:] = self._spectra[:-1].copy()
        self._spectra[0] = np.fft.rfft(np.concatenate([self._before, played]))
        self._before = played
        guess = self._foreground.echo(self._spectra)
        rest = frame - guess
        self._learn(frame, rest)
        jumped = self._has_jumped(frame, guess, rest)
        limit = self._limit(frame, guess, rest)
        if float(rest @ rest) > float(frame @ frame):
            rest = frame  # taking an echo away never makes what is heard louder: there is none like this
        far_end = float(rest @ rest) / FRAME > limit
        return Cleaned(rest, far_end, echoing=True, limit=limit, jumped=jumped)

    def _learn(self, frame: Signal, rest: Signal) -> None:
        background, foreground = self._background, self._foreground
        error = frame - background.echo(self._spectra)
        background.watch(float(error @ error) / FRAME)
        foreground.watch(float(rest @ rest) / FRAME)
        self._heard += _SMOOTH * (float(frame @ frame) / FRAME - self._heard)
        self._adapt(error)
        if background.error < _BETTER * foreground.error and background.error < _BETTER * self._heard:
            foreground.take(background)
        elif background.error > _WORSE * foreground.error:
            background.take(foreground)

    def _adapt(self, error: Signal) -> None:
        """One normalised step of the background filter; each block one partition is held to its 20 ms."""
        gradient = np.fft.rfft(np.concatenate([np.zeros(FRAME), error]))
        weights = self._background.weights
        strength = np.sqrt(np.einsum("pk,pk->p", weights.real, weights.real) + 1e-12)
        shares = _EVEN_SHARE + (1 - _EVEN_SHARE) * _PARTITIONS * strength / strength.sum()
        power = shares @ (self._spectra.real**2 + self._spectra.imag**2)
        weights += shares[:, None] * self._spectra.conj() * (_STEP * gradient / (power + _REGULAR * FRAME))
        self._turn = (self._turn + 1) % _PARTITIONS
        response = np.fft.irfft(weights[self._turn], _SIZE)
        response[FRAME:] = 0.0
        weights[self._turn] = np.fft.rfft(response)

    def _has_jumped(self, frame: Signal, guess: Signal, rest: Signal) -> bool:
        """Whether it shows now that the filter's echo is no longer in what is heard.

        A voice over the echo does not hide it there: the two are not alike. While the filter is lost, all that is
        no louder than any line's echo is held to be echo.
        """
        self._guessed += _QUICK * (float(guess @ guess) / FRAME - self._guessed)
        self._agreed += _QUICK * (float(frame @ guess) / FRAME - self._agreed)
        self._rest += _QUICK * (float(rest @ rest) / FRAME - self._rest)
        if self._guessed < _SILENT:
            return False
        fit = self._agreed / self._guessed
        if self._lost:
            self._lost = fit < _FIT
            return False
        self._lost = fit < _UNFIT and self._rest < _DROWNED * self._guessed
        if self._lost:
            self._left = self._returned = 1.0
        return self._lost

    def _limit(self, frame: Signal, guess: Signal, rest: Signal) -> float:
        """The power up to which the rest may be echo."""
        self._echoes.append(float(guess @ guess) / FRAME)
        power = float(rest @ rest) / FRAME
        self._slow_heard += _SLOWER * (float(frame @ frame) / FRAME - self._slow_heard)
        self._slow_error += _SLOWER * (power - self._slow_error)
        if self._slow_heard > _FAINTEST:
            self._left = min(self._left * _FORGET, max(self._slow_error / self._slow_heard, _BEST), 1.0)
        # Against the oldest prompt power: whatever the delay, the ratio then errs on the side of more echo.
        self._slow_near += _SLOWER * (self._near[0] - self._slow_near)
        if self._slow_near > _FAINTEST and len(self._near) == self._near.maxlen:
            self._returned = min(self._returned * _FORGET, self._slow_heard / self._slow_near)
        if self._lost:
            return max(max(self._past) * _WEAKEST_LOSS, _FAINTEST)
        most = max(self._near) * min(_WEAKEST_LOSS, _MARGIN * self._returned)
        expected = self._left * max(*self._echoes, most)
        return max(_MARGIN * expected, _FAINTEST)
