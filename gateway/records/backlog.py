"""The facts that are not in the database yet, in their order: in the spool's file, the next ones in memory too."""

from collections import deque
from collections.abc import Callable, Sequence
from datetime import tzinfo
from errno import EDQUOT, ENOSPC
from threading import Lock
from time import monotonic

from gateway.records.entry import Entry, EntryUnreadable, decoded
from gateway.records.spool_file import SpoolFile

AGAIN = 5.0
"""Seconds after which a file that could not be made is tried anew."""
CLOSE = 5.0
"""Seconds that closing waits for the file's disk: one that has not taken some kilobytes by then hangs."""
IN_MEMORY = 5_000
"""Facts kept in memory beside the file, some megabytes: as many as ten calls a second make in ten seconds. Those
behind them are read from the file when their turn comes."""


FULL = frozenset({None, ENOSPC, EDQUOT})
"""Errors of a disk that takes more once there is room: SpoolFull, which has no number, and the kernel's. After any
other one (EROFS, EIO) the file system may never take anything again through what is open, though another was
mounted in its place."""


class Backlog:
    """One thread puts facts in, another takes them out and tells when they are done; any may look.

    A fact is *safe* once it is in the file or in the database: no end of the process can lose it then.
    """

    def __init__(self, zone: tzinfo, limit: int) -> None:
        """`limit`: facts kept in memory where they cannot be written to the file."""
        self._zone = zone
        self._limit = limit
        self._lock = Lock()
        self._file: SpoolFile | None = None
        self._dead = False
        """Whether the file is to be left for a new one as soon as all that it holds is in the database."""
        self._make: Callable[[], SpoolFile] | None = None
        self._try_at = 0.0
        self._memory: deque[Entry] = deque()
        self._unsafe: deque[int] = deque()
        """Numbers of the facts that are in memory alone."""
        self._behind = 0
        """Facts that are in the file alone, behind those in memory."""
        self._read_from = 0
        self._taken = 0
        self._last = 0
        self.careful = False
        """Whether each fact is flushed to the disk itself: while the database does not do so."""
        self.lost = 0
        """Facts that could be kept nowhere, and those in the file that turned out to be unreadable."""
        self.trouble: str | None = None
        """Why facts are not written to the file; None: they are."""

    def open(self, make: Callable[[], SpoolFile]) -> None:
        """Write to the file that `make` makes, from now on; where it raises OSError, once it does not."""
        with self._lock:
            self._make = make
            self._have_file()

    def __len__(self) -> int:
        """Facts that are not in the database."""
        return len(self._memory) + self._behind + self._taken

    @property
    def unsafe(self) -> int:
        """Facts that are in memory alone."""
        return len(self._unsafe)

    @property
    def safe(self) -> int:
        """The number up to which every fact is safe, but for those lost."""
        with self._lock:
            return self._unsafe[0] - 1 if self._unsafe else self._last

    def put(self, entries: Sequence[tuple[Entry, bytes]]) -> None:
        """Keep these facts, each with its line: in the file if that can be, else in memory up to the limit."""
        with self._lock:
            at = self._append(b"".join(line for _, line in entries))
            for entry, line in entries:
                self._keep(entry, at)
                at = None if at is None else at + len(line)

    def take(self, count: int) -> list[Entry]:
        """The next facts, up to so many; each batch ends with `done` or `put_back`, before the next is taken."""
        with self._lock:
            if not self._memory and self._behind:
                self._read_back()
            batch = [self._memory.popleft() for _ in range(min(count, len(self._memory)))]
            self._taken = len(batch)
            return batch

    def put_back(self, batch: Sequence[Entry]) -> None:
        """They could not be written: they are the next ones again."""
        with self._lock:
            self._memory.extendleft(reversed(batch))
            self._taken = 0

    def done(self, batch: Sequence[Entry]) -> None:
        """They are in the database. Where nothing else waits the file is blanked, or left if its disk is dead."""
        with self._lock:
            self._taken = 0
            while batch and self._unsafe and self._unsafe[0] <= batch[-1].seq:
                self._unsafe.popleft()
            if not self._memory and not self._behind and self._file is not None:
                self._empty(self._file)

    def flush(self) -> None:
        """Have all that is in the file on the disk itself, from now on each fact at once (`careful`)."""
        with self._lock:
            self.careful = True
            try:
                if self._file is not None:
                    self._file.flush()
            except OSError as error:
                self.trouble = error.strerror

    def close(self) -> None:
        """Close the file; what it holds stays for the next run. One whose disk hangs is left as it is."""
        if not self._lock.acquire(timeout=CLOSE):
            return
        try:
            file, self._file, self._make = self._file, None, None
            if file is not None:
                file.close()
        finally:
            self._lock.release()

    def _append(self, lines: bytes) -> int | None:
        """Where the lines begin in the file; None where they could not be written."""
        if self._file is None and monotonic() >= self._try_at:
            self._have_file()
        if self._file is None:
            return None
        try:
            at = self._file.append(lines)
            if self.careful:
                self._file.flush()
        except OSError as error:
            self.trouble = error.strerror or str(error)
            self._dead = error.errno not in FULL
            return None
        self.trouble, self._dead = None, False
        return at

    def _empty(self, file: SpoolFile) -> None:
        """All that the file holds is in the database."""
        try:
            if file.end:
                file.blank()
        except OSError as error:  # what is left there is left out when it is written again
            self.trouble = error.strerror
            self._dead = error.errno not in FULL
        if self._dead:
            file.discard()
            self._file, self._dead = None, False

    def _have_file(self) -> None:
        if self._make is not None:
            try:
                self._file = self._make()
                self.trouble = None
            except OSError as error:
                self.trouble = error.strerror or str(error)
                self._try_at = monotonic() + AGAIN

    def _keep(self, entry: Entry, at: int | None) -> None:
        room = IN_MEMORY if at is not None else self._limit
        self._last = entry.seq
        if not self._behind and len(self._memory) < room:
            self._memory.append(entry)
            if at is None:
                self._unsafe.append(entry.seq)
        elif at is None:
            self.lost += 1
        else:
            self._read_from = self._read_from if self._behind else at
            self._behind += 1

    def _read_back(self) -> None:
        """Have the next facts of the file in memory."""
        assert self._file is not None
        for line in self._file.read(self._read_from):
            if not self._behind or len(self._memory) >= IN_MEMORY:
                break
            self._read_from += len(line) + 1
            self._behind -= 1
            try:
                self._memory.append(decoded(line, self._zone))
            except EntryUnreadable:
                self.lost += 1
