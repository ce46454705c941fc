"""How often something may be done: a bucket of tokens that fills up with time. Pure."""


class Bucket:
    """`burst` at once, and `per_second` in the long run."""

    def __init__(self, burst: int, per_second: float) -> None:
        self._burst = float(burst)
        self._per_second = per_second
        self._left = float(burst)
        self._at: float | None = None

    def take(self, now: float) -> bool:
        """Whether it may be done now, in seconds of any one clock; a clock that is set back fills nothing."""
        if self._at is not None:
            self._left = min(self._burst, self._left + max(0.0, now - self._at) * self._per_second)
        self._at = now
        if self._left < 1.0:
            return False
        self._left -= 1.0
        return True
