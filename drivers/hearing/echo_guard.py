"""Decides what of the sound beside our own prompt may be its echo all the same.

Until the filter has learnt the line, and for what it cannot remove, every frame is held back that is no louder
than the echo may be. Every power here is the mean square of a 20 ms frame, full scale 1.
"""

from collections import deque
from typing import Final

from drivers.hearing.echo_filter import PARTITIONS
from drivers.hearing.frames import frames_in

SILENT: Final = 1e-6
"""-60 dBFS: a prompt this faint has no echo to speak of."""
FAINTEST: Final = 10**-5.0
"""-50 dBFS: what is fainter beside a prompt is not told from its echo."""

_SLOWER: Final = 0.06  # weight of a frame in the loss that is counted on: about 0.3 s
_WEAKEST_LOSS: Final = 10**-0.8  # no line returns more than 8 dB under what it was given (ITU-T G.122: >= 6…10)
_BEST: Final = 10**-2.0  # 20 dB: more is never counted on, codecs and modems are not linear
_FORGET: Final = 10**0.001  # per frame, 0.5 dB a second: a measured loss is believed less with age
_QUICK: Final = 0.1  # weight of a frame where the filter's fit is watched: about 0.2 s
_UNFIT: Final = 0.4  # of the filter's echo is in what is heard: less, and the echo path has jumped
_FIT: Final = 0.7
_DROWNED: Final = 16.0  # 12 dB over the filter's echo a voice leaves its fit unknown
_JUMP: Final = frames_in(0.9)  # how long a prompt may come back after a jump of half a second
_NOTHING: Final = 10**-6.0  # mean square, -60 dBFS: under a prompt of…
_AMPLE: Final = 10**-2.5  # …at least -25 dBFS all through 0.9 s, a line that returns 35 dB less at most
_MARGIN: Final = 10**0.6  # 6 dB over the expected echo before a frame is the far end's


class EchoGuard:
    """Per frame: `played`, then, if that said so, `seen`."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forget the line."""
        self._near: deque[float] = deque(maxlen=PARTITIONS + 1)
        self._past: deque[float] = deque(maxlen=_JUMP)
        self._prompts: deque[float] = deque(maxlen=_JUMP)
        self._echoes: deque[float] = deque(maxlen=frames_in(0.1))
        self._guessed = self._agreed = self._rest = 0.0
        self._slow_heard = self._slow_error = self._slow_near = self._slow_played = 0.0
        self._left = self._returned = 1.0
        self.lost = False
        """The echo path has jumped and is not found again: all that any line could return is held to be echo."""
        self.limit = FAINTEST
        """The power up to which what the filter leaves may be echo."""

    def played(self, power: float) -> bool:
        """The newest of the prompt; whether it or its echo may be there at all."""
        self._near.append(power)
        self._past.append(power)
        return max(self._past if self.lost else self._near) >= SILENT

    def seen(self, heard: float, guessed: float, agreed: float) -> bool:
        """What was heard, the filter's echo, and the mean product of the two; whether the path has jumped."""
        rest = max(0.0, heard - 2 * agreed + guessed)
        jumped = self._has_jumped(guessed, agreed, rest)
        self._echoes.append(guessed)
        self._slow_heard += _SLOWER * (heard - self._slow_heard)
        self._slow_error += _SLOWER * (rest - self._slow_error)
        if self._slow_heard > FAINTEST:
            self._left = min(self._left * _FORGET, max(self._slow_error / self._slow_heard, _BEST), 1.0)
        self._measure_loss()
        self.limit = self._limit()
        return jumped

    @property
    def nothing_returns(self) -> bool:
        """Whether it shows just now that none of the prompt comes back."""
        if self._slow_heard > _NOTHING or len(self._prompts) < _JUMP:
            return False
        return min(self._prompts) > _AMPLE

    def forget(self) -> None:
        """The filter was emptied: what it achieved counts no more; the loss that the line has shown does."""
        self.lost = False
        self._left = 1.0
        self._guessed = self._agreed = self._rest = 0.0

    def _measure_loss(self) -> None:
        """How much of a prompt the line returned at most, after smoothing and whatever the delay."""
        # Against the oldest prompt power: whatever the delay, the ratio then errs on the side of more echo.
        self._slow_near += _SLOWER * (self._near[0] - self._slow_near)
        self._slow_played += _SLOWER * (self._near[-1] - self._slow_played)
        self._prompts.append(self._slow_played)
        # While lost against the weakest within the longest delay there may be.
        prompt, known = (min(self._prompts), self._prompts) if self.lost else (self._slow_near, self._near)
        if prompt > FAINTEST and len(known) == known.maxlen:
            self._returned = min(self._returned * _FORGET, self._slow_heard / prompt)

    def _has_jumped(self, guessed: float, agreed: float, rest: float) -> bool:
        """Whether it shows now that the filter's echo is no longer in what is heard.

        A voice over the echo does not hide it there: the two are not alike. While the filter is lost, all that is
        no louder than any line's echo is held to be echo.
        """
        self._guessed += _QUICK * (guessed - self._guessed)
        self._agreed += _QUICK * (agreed - self._agreed)
        self._rest += _QUICK * (rest - self._rest)
        if self._guessed < SILENT:
            return False
        fit = self._agreed / self._guessed
        if self.lost:
            self.lost = fit < _FIT
            return False
        self.lost = fit < _UNFIT and self._rest < _DROWNED * self._guessed
        if self.lost:
            self._left = self._returned = 1.0
        return self.lost

    def _limit(self) -> float:
        if self.lost:
            return max(max(self._past) * min(_WEAKEST_LOSS, _MARGIN * self._returned), FAINTEST)
        most = max(self._near) * min(_WEAKEST_LOSS, _MARGIN * self._returned)
        return max(_MARGIN * self._left * max(*self._echoes, most), FAINTEST)
