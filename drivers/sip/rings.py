"""Rings on a line that has none: SIP says 180 once, and the customer hears his exchange ring all the while."""

import asyncio
from collections.abc import Callable


class RingTimer:
    """Ring 1 at once, ring n (n-1) periods after it, until stopped. On the event loop."""

    def __init__(self, period: float, ring: Callable[[int], None]) -> None:
        self._period = period
        self._ring = ring
        self._loop = asyncio.get_running_loop()
        self._offered_at = self._loop.time()
        self._next: asyncio.TimerHandle | None = None
        self._stopped = False

    def start(self) -> None:
        """Ring for the first time, unless it was stopped before."""
        if not self._stopped:
            self._burst(1)

    def stop(self) -> None:
        """Ring no more. Idempotent."""
        self._stopped = True
        if self._next is not None:
            self._next.cancel()

    def _burst(self, number: int) -> None:
        """Counted from the offer, so that a late timer does not delay the rings after it."""
        self._ring(number)
        if not self._stopped:
            self._next = self._loop.call_at(self._offered_at + number * self._period, self._burst, number + 1)
