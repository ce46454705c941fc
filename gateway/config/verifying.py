"""Looking at passwords that come from anywhere: one at a time, at a pace, and not for long from who guesses."""

import asyncio
import contextlib
from collections import Counter, OrderedDict
from collections.abc import AsyncIterator, Callable, Collection
from pathlib import Path
from typing import Final

from gateway.config.lock_out import LockOut
from gateway.config.password_file import ANYBODY, PasswordFileWrong, Person, read_people
from gateway.config.passwords import matches

PACE: Final = 0.2
"""Seconds from one stranger's password to the next, when many come: each is 30 ms of a core."""
AHEAD: Final = 1.0
"""Seconds of that pace that are had at once after a pause."""
ACQUAINTED: Final = 1000
"""Addresses from which somebody has logged in before; they do not wait for strangers."""


class LockedOut(Exception):
    """This password is not looked at."""

    def __init__(self, seconds: int, busy: bool = False) -> None:
        super().__init__("too many log-ins at a time" if busy else f"too many wrong passwords; for {seconds} s")
        self.seconds = seconds
        """Until there may be another."""
        self.busy = busy
        """Whether too many others are to blame."""


class Verifier:
    """The people of one file; it is read anew each time, so that they come and go meanwhile. On one event loop."""

    def __init__(
        self,
        file: Path,
        lock_out: LockOut,
        time: Callable[[], float],
        *,
        most_waiting: int,
        of_a_source: int,
        rights: Collection[str] = (),
        alone: bool = False,
    ) -> None:
        """`most_waiting`: strangers that may wait for their turn, and as many acquainted ones; `of_a_source`: from
        one address. `time` is a monotonic clock in seconds. `rights` and `alone` as in `read_people`."""
        self._file, self._rights, self._alone = file, rights, alone
        self._lock_out = lock_out
        self._time = time
        self._most, self._of_a_source = most_waiting, of_a_source
        self._waiting: Counter[bool] = Counter()
        self._sources: Counter[str] = Counter()
        self._acquainted: OrderedDict[str, None] = OrderedDict()
        self._strangers, self._one = asyncio.Lock(), asyncio.Lock()
        self._next = 0.0

    async def verify(self, source: str, name: str, password: str) -> Person | None:
        """Who this is, from the address `source`; None: nobody whom the file knows, which takes as long. Raises
        LockedOut, or PasswordFileWrong."""
        self._refuse_locked(source)
        known = source in self._acquainted
        if self._waiting[known] >= self._most or self._sources[source] >= self._of_a_source:
            raise LockedOut(1, busy=True)
        self._waiting[known] += 1
        self._sources[source] += 1
        try:
            async with self._turn(known):
                self._refuse_locked(source)  # those before it may have been wrong
                return await self._look(source, name, password)
        finally:
            self._waiting[known] -= 1
            self._sources[source] -= 1
            if not self._sources[source]:
                del self._sources[source]

    async def _look(self, source: str, name: str, password: str) -> Person | None:
        self._lock_out.attempt(source)
        looking = asyncio.ensure_future(asyncio.to_thread(self._person, name, password))
        try:
            person = await asyncio.shield(looking)
        except asyncio.CancelledError:
            await asyncio.wait([looking])  # whoever hangs up meanwhile keeps his turn: a thread does not stop
            raise
        except PasswordFileWrong:
            self._lock_out.right(source)  # nobody has found out whether it was
            raise
        if person is not None:
            self._lock_out.right(source)
            self._acquainted[source] = None
            self._acquainted.move_to_end(source)
            if len(self._acquainted) > ACQUAINTED:
                self._acquainted.popitem(last=False)
        return person

    def _refuse_locked(self, source: str) -> None:
        locked = self._lock_out.locked(source)
        if locked:
            raise LockedOut(locked)

    @contextlib.asynccontextmanager
    async def _turn(self, known: bool) -> AsyncIterator[None]:
        """Strangers stand in a queue of their own, of which the first alone stands among the acquainted."""
        async with contextlib.AsyncExitStack() as held:
            if not known:
                await held.enter_async_context(self._strangers)
                now = self._time()
                self._next = max(self._next, now - AHEAD) + PACE
                await asyncio.sleep(self._next - now)
            await held.enter_async_context(self._one)
            yield

    def _person(self, name: str, password: str) -> Person | None:
        people = read_people(self._file, rights=self._rights, alone=self._alone)
        known = people.get(name, people.get(ANYBODY))
        # Somebody's hash in any case: how long it takes must not tell whether there is such a user.
        right = matches((known or next(iter(people.values()))).kept, password)
        return known if right else None
