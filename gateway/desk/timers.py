"""Many deadlines, the next of which is found at once."""

from collections.abc import Hashable
from heapq import heappop, heappush
from itertools import count
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)


class Timers(Generic[Key]):
    """One deadline a key. Setting one costs the logarithm of how many there are."""

    def __init__(self) -> None:
        self._due: dict[Key, tuple[float, int]] = {}
        self._heap: list[tuple[float, int, Key]] = []
        """Holds what was cleared or moved too, until it comes to the top."""
        self._serial = count()

    def set(self, key: Key, due: float) -> None:
        """Let `key` be due then; its former deadline is forgotten."""
        self._due[key] = due, (serial := next(self._serial))
        heappush(self._heap, (due, serial, key))

    def clear(self, key: Key) -> None:
        """Forget the deadline of `key`, if any."""
        self._due.pop(key, None)

    def next(self) -> float | None:
        """The earliest deadline; None: there is none."""
        while self._heap:
            due, serial, key = self._heap[0]
            if self._due.get(key) == (due, serial):
                return due
            heappop(self._heap)
        return None

    def take(self, now: float) -> list[Key]:
        """The keys that are due by `now`, in the order of their deadlines; they are forgotten."""
        taken: list[Key] = []
        while (due := self.next()) is not None and due <= now:
            taken.append(heappop(self._heap)[2])
            del self._due[taken[-1]]
        return taken
