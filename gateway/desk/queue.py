"""Customers who wait for an agent, in the order of service (TT-4)."""

import math
from bisect import bisect_left, insort
from collections.abc import Iterator

from gateway.desk.customer import Customer
from gateway.desk.timers import Timers

Key = tuple[float, float, int]


class Queue:
    """Rank goes before waiting time, until somebody has waited `starve_after` seconds: from then on nobody goes
    before him who has waited less than he. So those who came later cannot keep him waiting, however many and of
    whatever rank."""

    def __init__(self, starve_after: float) -> None:
        self._starve_after = starve_after
        self._order: list[Key] = []
        self._customers: dict[int, Customer] = {}
        self._keys: dict[int, Key] = {}
        self._patience: Timers[int] = Timers()
        self._moved = 0
        """Those from this place on may stand elsewhere than they were told."""

    def __len__(self) -> int:
        return len(self._order)

    def __iter__(self) -> Iterator[Customer]:
        return (self._customers[key[-1]] for key in self._order)

    def first(self, number: int) -> list[Customer]:
        """The first `number` of them."""
        return [self._customers[key[-1]] for key in self._order[:number]]

    def add(self, customer: Customer, now: float) -> None:
        """He waits, since `customer.came`."""
        starves = customer.came + self._starve_after
        self._insert(customer, starving=now >= starves)
        if now < starves:
            self._patience.set(customer.serial, starves)

    def remove(self, customer: Customer) -> None:
        """He does not wait any more; nothing happens if he did not."""
        if customer.serial in self._customers:
            self._delete(customer.serial)
            self._patience.clear(customer.serial)

    def next_deadline(self) -> float | None:
        """When `promote` may change the order."""
        return self._patience.next()

    def promote(self, now: float) -> None:
        """Let nobody overtake those any more who have waited long enough by `now`."""
        for serial in self._patience.take(now):
            self._insert(self._delete(serial), starving=True)

    def moved(self) -> list[tuple[Customer, int]]:
        """Who stands elsewhere than he was last told, and where, from 1. From now on he has been told."""
        moved: list[tuple[Customer, int]] = []
        for place, key in enumerate(self._order[self._moved :], self._moved + 1):
            customer = self._customers[key[-1]]
            if customer.told != place:
                customer.told = place
                moved.append((customer, place))
        self._moved = len(self._order)
        return moved

    def _insert(self, customer: Customer, *, starving: bool) -> None:
        rank = -math.inf if starving else math.inf if customer.rank is None else float(customer.rank)
        key = (rank, customer.came, customer.serial)
        insort(self._order, key)
        self._customers[customer.serial], self._keys[customer.serial] = customer, key
        self._moved = min(self._moved, bisect_left(self._order, key))

    def _delete(self, serial: int) -> Customer:
        place = bisect_left(self._order, self._keys.pop(serial))
        del self._order[place]
        self._moved = min(self._moved, place)
        return self._customers.pop(serial)
