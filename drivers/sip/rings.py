"""Rings on a line that has none: SIP says 180 once, and the customer hears his exchange ring all the while."""

import asyncio
from collections.abc import Callable


class RingTimer:
    """Ring 1 at once, ring n (n-1) periods after it, until stopped. On the event loop."""

    def __init__(
        self, period: float, ring: Callable[[int, float], None], *, offered_at: float | None = None
    ) -> None:
        """`ring` is told a ring's number and its time. `offered_at` is by the loop's clock; None: now."""
        self._period = period
        self._ring = ring
        self._loop = asyncio.get_running_loop()
        self._offered_at = self._loop.time() if offered_at is None else offered_at
        self._next: asyncio.TimerHandle | None = None
        self._stopped = False
        self._number = 0

    def start(self) -> None:
        """Ring for the first time, unless it was stopped before."""
        if not self._stopped:
            self._burst(1)

    def stop(self) -> None:
        """Ring no more. Idempotent."""
        self._stopped = True
        if self._next is not None:
            self._next.cancel()

    def catch_up(self, until: float) -> None:
        """The customer was answered, or gave up, at `until`: what he had heard by then is told, though this
        process was held up meanwhile, or the line took long to do as it was told. Only the first time counts: who
        hangs up after he was answered has heard no ring since."""
        self.stop()
        while self._number and self._offered_at + self._number * self._period <= until:
            self._burst(self._number + 1)
        self._number = 0

    def _burst(self, number: int) -> None:
        """Counted from the offer, so that a late timer does not delay the rings after it."""
        self._number = number
        self._ring(number, self._offered_at + (number - 1) * self._period)
        if not self._stopped:
            self._next = self._loop.call_at(self._offered_at + number * self._period, self._burst, number + 1)
