"""A modem's Sink for when no calls are served: it only notes."""

import asyncio


class Listener:
    """Counts what comes by itself; times are the loop's."""

    def __init__(self) -> None:
        self.rings = 0
        self._loop = asyncio.get_running_loop()
        self.begin()

    def begin(self) -> None:
        """Measure audio from now."""
        self._first: float | None = None
        self._last = 0.0
        self._bytes = 0

    @property
    def lasted(self) -> float:
        """Seconds from the first audio to the last."""
        return self._last - self._first if self._first is not None else 0.0

    @property
    def rate(self) -> float | None:
        """Bytes a second, from the first portion, which only starts the clock, to the last; None without audio."""
        return self._bytes / self.lasted if self.lasted > 0 else None

    def ring_received(self) -> None:
        """Count it."""
        self.rings += 1

    def line_received(self, line: str) -> bool:
        """Nothing is kept from the command in flight."""
        return False

    def event_received(self, code: str) -> None:
        """Of no interest."""

    def audio_received(self, audio: bytes) -> None:
        """Count it."""
        now = self._loop.time()
        if self._first is None:
            self._first = now
        else:
            self._bytes += len(audio)
        self._last = now
