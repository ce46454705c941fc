"""Takes facts from the calls and hands them to the backlog: whoever tells one never waits for a disk."""

import logging
import threading
from collections.abc import Callable

from gateway.call.facts import Notice
from gateway.records.backlog import Backlog
from gateway.records.entry import Entry, encoded

log = logging.getLogger(__name__)

STOP = 5.0
"""Seconds that stopping waits for the spool's disk; a disk that has not taken some kilobytes by then hangs."""


class Intake:
    """Numbers the facts of a run and writes them to the spool from a thread of its own."""

    def __init__(self, run: str, backlog: Backlog, limit: int, kept: Callable[[], None]) -> None:
        """`run` names the run of the gateway; `limit`: facts that may wait for the spool; `kept` is called on the
        thread whenever some were handed on."""
        self.run = run
        self._backlog = backlog
        self._limit = limit
        self._kept = kept
        self._arrived: list[Notice] = []
        self._news = threading.Condition()
        self._stopping = False
        self._seq = 0
        self._thread: threading.Thread | None = None
        self.lost = 0
        """Facts that came while too many waited, or that hold what cannot be stored."""

    @property
    def waiting(self) -> int:
        """Facts that are not in the backlog yet."""
        return len(self._arrived)

    def start(self) -> None:
        """Begin to hand on."""
        self._thread = threading.Thread(target=self._work, name="records: spool", daemon=True)
        self._thread.start()

    def receive(self, notice: Notice) -> None:
        """Take a notice from any thread; returns at once, never raises."""
        with self._news:
            if len(self._arrived) >= self._limit:
                self.lost += 1
                return
            self._arrived.append(notice)
            self._news.notify()

    def stop(self) -> None:
        """Hand on what has arrived. Blocks while the spool's disk does. Idempotent."""
        with self._news:
            self._stopping = True
            self._news.notify()
        if self._thread is not None:
            self._thread.join(STOP)

    def _work(self) -> None:
        while True:
            with self._news:
                while not self._arrived and not self._stopping:
                    self._news.wait()
                arrived, self._arrived = self._arrived, []
            if not arrived:
                return
            self._hand_on(arrived)

    def _hand_on(self, arrived: list[Notice]) -> None:
        self._backlog.put([written for notice in arrived if (written := self._written(notice)) is not None])
        self._kept()

    def _written(self, notice: Notice) -> tuple[Entry, bytes] | None:
        """The notice's entry and its line."""
        self._seq += 1
        try:
            entry = Entry.of(self.run, self._seq, notice)
            return entry, encoded(entry)
        except Exception:  # whatever one fact holds, the others are not lost with it
            self.lost += 1
            log.exception("records: a %s of call %s was lost", type(notice.fact).__name__, notice.call)
            return None
