"""What each browser that follows the lines is sent next. No sockets, no clock of its own: it waits for nothing,
and wakes those who wait at their seats.

Every browser that keeps up gets the same bytes. One that does not has no queue: what it has missed is left out,
and once it reads again it gets all that is shown then.
"""

import asyncio
import json
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, Final

from gateway.wallboard.store import Payload, Store

TICK: Final = 0.2
"""Seconds from one `change` to the next at the least: more than five a second nobody can see."""
ALIVE: Final = 2.0
"""Seconds from one sign of life to the next."""
STALE: Final = 6.0
"""Seconds without a frame after which what is shown is stale: the gateway sends one every 2 s; two may be late on
a busy machine."""
RETRY: Final = 5
"""Seconds after which somebody for whom there was no room may ask again."""


class NoRoom(Exception):
    """As many browsers as may follow do; the message tells whose limit it is."""


class Seat:
    """One browser's place."""

    def __init__(self, hub: "Hub", source: str) -> None:
        self._hub = hub
        self.source = source
        self.news = asyncio.Event()
        """Set while there is something to be sent."""
        self._next: bytes | None = None
        self._behind = True
        """It has to begin with all that is shown."""
        self.news.set()

    def offer(self, event: bytes) -> None:
        """To be sent next; if the one before has not been fetched, this browser is behind."""
        self._behind = self._behind or self._next is not None
        self._next = None if self._behind else event
        self.news.set()

    def fetch(self) -> bytes:
        """What is to be sent now; may be nothing."""
        self.news.clear()
        sent = self._hub.snapshot() if self._behind else self._next or b""
        self._next, self._behind = None, False
        return sent


class Hub:
    """Takes the gateway's frames, and has them told to whoever has a seat."""

    def __init__(
        self,
        site: str,
        time: Callable[[], float],
        now: Callable[[], str],
        *,
        most: int,
        of_one_source: Callable[[str], int],
    ) -> None:
        """`time` is a monotonic clock in seconds, `now` the time as it is told to browsers. `most` seats at a
        time, `of_one_source` of them for one address."""
        self._site = site
        self._time, self._now = time, now
        self._most, self._of_one_source = most, of_one_source
        self._store = Store()
        self._changed: dict[str, Payload | None] = {}
        self._seats: set[Seat] = set()
        self._sources: Counter[str] = Counter()
        self._shown: str | None = None
        """All that is shown, as JSON; None: to be made anew."""
        self._fed = self._told = time()
        self._fed_at = now()

    @property
    def seats(self) -> int:
        """How many follow."""
        return len(self._seats)

    @property
    def stale(self) -> bool:
        """Whether the gateway's frames have stopped."""
        return self._time() - self._fed > STALE

    def join(self, source: str) -> Seat:
        """A seat for a browser at this address. Raises NoRoom."""
        if len(self._seats) >= self._most:
            raise NoRoom(f"{self._most} browsers follow the lines already")
        if self._sources[source] >= self._of_one_source(source):
            raise NoRoom(f"{self._sources[source]} browsers of this address follow the lines already")
        seat = Seat(self, source)
        self._seats.add(seat)
        self._sources[source] += 1
        return seat

    def leave(self, seat: Seat) -> None:
        """Its browser has gone. Idempotent."""
        if seat in self._seats:
            self._seats.remove(seat)
            self._sources[seat.source] -= 1
            self._sources += Counter()  # without those that are at zero

    def take(self, messages: Mapping[str, Any]) -> None:
        """A frame of the gateway's."""
        self._fed, self._fed_at = self._time(), self._now()
        changed = self._store.take(messages)
        if changed:
            self._changed |= changed
            self._shown = None

    def tick(self) -> None:
        """To be called every TICK seconds."""
        event = b""
        if self._changed and not self.stale:
            event = encoded("change", {"at": self._now(), "messages": self._changed})
            self._changed = {}
        if self._time() - self._told > ALIVE - TICK / 2:  # with the tick that is nearest
            event += self._told_stale() if self.stale else encoded("alive", {"at": self._now()})
            self._told = self._time()
        if event:
            for seat in self._seats:
                seat.offer(event)

    def snapshot(self) -> bytes:
        """All that is shown."""
        if self._shown is None:
            self._shown = compact(self._store.shown())
        begun = compact({"at": self._now(), "site": self._site})[:-1]
        return framed("snapshot", f'{begun},"messages":{self._shown}}}') + (
            self._told_stale() if self.stale else b""
        )

    def _told_stale(self) -> bytes:
        return encoded("stale", {"at": self._now(), "since": self._fed_at})


def compact(data: Mapping[str, Any]) -> str:
    """JSON on one line."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def framed(event: str, data: str) -> bytes:
    """A server-sent event (HTML Living Standard §9.2); `data` is one line."""
    return f"event: {event}\ndata: {data}\n\n".encode(errors="replace")


def encoded(event: str, data: Mapping[str, Any]) -> bytes:
    """A server-sent event whose data is JSON."""
    return framed(event, compact(data))
