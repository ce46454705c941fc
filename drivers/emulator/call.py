"""One call over the emulated line, as an observer at the exchange would note it down."""

import asyncio
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from drivers.emulator.callers import Caller


@dataclass(frozen=True, slots=True)
class CallReport:
    """What happened. Times are seconds of line time."""

    label: str
    number: str | None
    rings: int
    """Bursts rung, whole ones."""
    answered: bool
    answered_after: float | None
    """From the first burst's beginning to off-hook."""
    answered_in_burst: bool
    """Off-hook came while the bell rang rather than in the gap."""
    released_by: str
    """caller · modem · handset (a telephone beside the modem had it last) · exchange (nobody answered)."""
    duration: float
    """From the first burst's beginning to the end."""
    held_after_hang_up: float | None
    """From the caller's hang-up to the modem's on-hook; None where the caller did not hang up first."""
    heard: NDArray[np.int16]
    """What the caller heard, from the answer to his hang-up, 8000 Hz."""

    @property
    def talk_time(self) -> float:
        """Seconds the caller was connected."""
        return len(self.heard) / 8000


class Call:
    """A call in progress; the exchange writes it, tests and demo read it."""

    def __init__(self, caller: Caller, began: float) -> None:
        self.caller = caller
        self.began = began
        self.rings_at: list[float] = []
        """Line time of each ring's end."""
        self.caller_id_sent = False
        self.answered_at: float | None = None
        self.hung_up_at: float | None = None
        self.report: CallReport | None = None
        """None until the call is over."""
        self.leaving = False
        self._in_burst = False
        self._heard: list[NDArray[np.int16]] = []
        self._answered = asyncio.Event()
        self._left = asyncio.Event()
        self._over = asyncio.Event()

    @property
    def heard(self) -> NDArray[np.int16]:
        """What the caller has heard so far."""
        return np.concatenate(self._heard) if self._heard else np.zeros(0, dtype=np.int16)

    @property
    def last_heard(self) -> NDArray[np.int16]:
        """The newest 20 ms of it."""
        return self._heard[-1] if self._heard else np.zeros(0, dtype=np.int16)

    @property
    def bursts(self) -> int:
        """Rings so far."""
        return len(self.rings_at)

    def leave(self) -> None:
        """The caller gives up ringing, or hangs up, whatever his script says."""
        self.leaving = True

    async def answered(self) -> None:
        """Wait until it is answered or over."""
        await self._answered.wait()

    async def left(self) -> None:
        """Wait until the caller has hung up or the call is over."""
        await self._left.wait()

    async def ended(self) -> CallReport:
        """Wait until the line is free again."""
        await self._over.wait()
        assert self.report is not None
        return self.report

    def connect(self, now: float, in_burst: bool) -> None:
        """The modem went off-hook."""
        self.answered_at, self._in_burst = now, in_burst
        self._answered.set()

    def hear(self, frame: NDArray[np.int16]) -> None:
        """20 ms reached the caller's ear."""
        self._heard.append(frame)

    def hang_up(self, now: float) -> None:
        """The caller put the receiver down."""
        self.hung_up_at = now
        self._left.set()

    def end(self, now: float, *, released_by: str) -> None:
        """The call is over; who came first is the one who released it."""
        self.report = CallReport(
            label=self.caller.label,
            number=self.caller.number,
            rings=self.bursts,
            answered=self.answered_at is not None,
            answered_after=None if self.answered_at is None else self.answered_at - self.began,
            answered_in_burst=self._in_burst,
            released_by="caller" if self.hung_up_at is not None else released_by,
            duration=now - self.began,
            held_after_hang_up=None if self.hung_up_at is None else now - self.hung_up_at,
            heard=self.heard,
        )
        for event in (self._answered, self._left, self._over):
            event.set()
