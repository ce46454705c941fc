"""What will happen, in order of time."""

import heapq
from collections.abc import Callable
from itertools import count
from typing import Generic, TypeVar

Item = TypeVar("Item")


class Schedule(Generic[Item]):
    """Items with the second at which each is due; those of one moment keep the order in which they came."""

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, Item]] = []
        self._order = count()

    @property
    def next_at(self) -> float | None:
        """When the first item is due; None where there is none."""
        return self._heap[0][0] if self._heap else None

    def add(self, at: float, item: Item) -> None:
        """`item` is due at second `at`."""
        heapq.heappush(self._heap, (at, next(self._order), item))

    def pop(self) -> Item:
        """The first item; there must be one."""
        return heapq.heappop(self._heap)[2]

    def take(self, wanted: Callable[[Item], bool]) -> list[tuple[float, Item]]:
        """Every item that is `wanted`, with its second, in order; it is due no more."""
        taken = [(at, item) for at, _, item in sorted(self._heap, key=lambda entry: entry[:2]) if wanted(item)]
        self._heap = [entry for entry in self._heap if not wanted(entry[2])]
        heapq.heapify(self._heap)
        return taken

    def clear(self) -> None:
        """Nothing is due any more."""
        self._heap.clear()
