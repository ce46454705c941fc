"""What the spool of an earlier run holds goes into the database, in order and once."""

import logging
from collections.abc import Callable, Iterator, Sequence
from datetime import tzinfo
from itertools import islice
from pathlib import Path

from gateway.records.entry import Entry, EntryUnreadable, decoded
from gateway.records.spool_file import DAMAGED, lines_of

log = logging.getLogger(__name__)

BATCH = 500
"""Facts a transaction takes."""


def replay(path: Path, zone: tzinfo, write: Callable[[Sequence[Entry]], None]) -> None:
    """Write the facts of a spool's file by `write`, which leaves out those that are there. The file stays.

    Lines that cannot be read are left out, and kept in a file of their own. Raises what `write` raises, and
    OSError; all can be done again then.
    """
    damaged: list[bytes] = []
    entries = _entries(path, zone, damaged)
    written = 0
    while batch := list(islice(entries, BATCH)):
        write(batch)
        written += len(batch)
    if damaged:
        aside = path.with_name(path.name + DAMAGED)
        aside.touch(mode=0o600)
        aside.write_bytes(b"\n".join(damaged))
        log.error("records: %d lines of the spool could not be read, and are kept in %s", len(damaged), aside)
    if written:
        log.warning("records: %d facts that an earlier run had left in the spool are written", written)


def _entries(path: Path, zone: tzinfo, damaged: list[bytes]) -> Iterator[Entry]:
    for line in lines_of(path):
        try:
            yield decoded(line, zone)
        except EntryUnreadable:
            damaged.append(line)
