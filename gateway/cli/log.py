"""The log: to stderr, a line an event, times with offset."""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from drivers.line.masking import without_numbers


class _Formatter(logging.Formatter):
    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:
        return datetime.fromtimestamp(record.created).astimezone().isoformat(timespec="milliseconds")

    def format(self, record: logging.LogRecord) -> str:
        """Whoever logs names no customer's number; what an error or another's text brings along is masked here."""
        return without_numbers(super().format(record))


def set_up_log(*, verbose: bool = False) -> None:
    """Send the log to stderr; `verbose` shows DEBUG too."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Formatter("%(asctime)s %(levelname)-7s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.DEBUG if verbose else logging.INFO, handlers=[handler], force=True)


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
