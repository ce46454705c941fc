"""The log: to stderr, a line an event, times with offset; to the journal with priorities instead of times."""

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from drivers.line.masking import without_numbers

PRIORITIES = {logging.CRITICAL: 2, logging.ERROR: 3, logging.WARNING: 4, logging.INFO: 6, logging.DEBUG: 7}
"""Of the journal, by level; sd-daemon(3)."""


class _Formatter(logging.Formatter):
    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:
        return datetime.fromtimestamp(record.created).astimezone().isoformat(timespec="milliseconds")

    def format(self, record: logging.LogRecord) -> str:
        """Whoever logs names no customer's number; what an error or another's text brings along is masked here."""
        return without_numbers(super().format(record))


class _JournalFormatter(_Formatter):
    """The journal has its own times, and takes each line's priority from its front."""

    def format(self, record: logging.LogRecord) -> str:
        priority = next((PRIORITIES[level] for level in PRIORITIES if record.levelno >= level), 7)
        return "\n".join(f"<{priority}>{line}" for line in super().format(record).splitlines())


def set_up_log(*, verbose: bool = False) -> None:
    """Send the log to stderr; `verbose` shows DEBUG too."""
    handler = logging.StreamHandler(sys.stderr)
    if _to_the_journal():
        handler.setFormatter(_JournalFormatter("%(name)s: %(message)s"))
    else:
        handler.setFormatter(_Formatter("%(asctime)s %(levelname)-7s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.DEBUG if verbose else logging.INFO, handlers=[handler], force=True)


def _to_the_journal() -> bool:
    """Whether the journal reads stderr: systemd names its stream (systemd.exec(5), JOURNAL_STREAM), and somebody
    may have redirected it since."""
    stream = os.environ.get("JOURNAL_STREAM")
    if stream is None:
        return False
    try:
        file = os.fstat(sys.stderr.fileno())
    except (OSError, ValueError):  # closed, or no file at all
        return False
    return stream == f"{file.st_dev}:{file.st_ino}"


@contextmanager
def no_log(up_to: int = logging.CRITICAL) -> Iterator[None]:
    """For a command whose answer is all that is to be seen: what drivers and libraries log on their way, up to
    this level, is for a gateway's log."""
    before = logging.root.manager.disable
    logging.disable(up_to)
    try:
        yield
    finally:
        logging.disable(before)
