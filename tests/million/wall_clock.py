"""The wall's clock in virtual time, which people set as they like."""

from collections.abc import Callable
from datetime import datetime, timedelta, tzinfo


class WallClock:
    """Stands where a module has `datetime`, of which it takes `now` alone."""

    def __init__(self, at: datetime, passed: Callable[[], float]) -> None:
        """`at`: what it shows when `passed` gives 0 seconds."""
        self._at, self._passed = at, passed

    def now(self, zone: tzinfo) -> datetime:
        """As datetime.now."""
        return (self._at + timedelta(seconds=self._passed())).astimezone(zone)

    def steps(self, seconds: float) -> None:
        """Somebody sets it."""
        self._at += timedelta(seconds=seconds)
