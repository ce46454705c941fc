"""Tells people what keeps facts of calls from being recorded: alerts for the feed, lines in the log, each once."""

import logging
from collections.abc import Callable
from pathlib import Path

log = logging.getLogger(__name__)

UNWRITTEN = "records_unwritten"
"""The alert's code: the database cannot be written, facts wait in the spool."""
LOST = "records_lost"
"""The alert's code: facts of calls are lost."""
SHARED = "records_shared"
"""The alert's code: another gateway of the same site writes into the same database."""

Alert = Callable[[str, str, bool], None]
"""A code for programs, words for people, and whether the trouble begins (True) or is cured."""


class Troubles:
    """Knows what was told. Used by one thread."""

    def __init__(self, alert: Alert, database: str, spool: Path) -> None:
        """`database` is its name for messages, `spool` the spool's folder."""
        self._alert = alert
        self._database = database
        self._folder = spool
        self._spool: str | None = None
        self._lost = 0
        self._raised: set[str] = set()

    def stand(self, *, problem: str | None, spool: str | None, lost: int) -> None:
        """How things stand: why the database, and why the spool, cannot be written (None: it can), and how many
        facts are lost in all. LOST is cured when both can be written and no more are lost."""
        whole = f"the records' database {self._database} cannot be written: {problem}" if problem else None
        self._show(UNWRITTEN, whole)
        self._tell_spool(spool)
        if lost > self._lost:
            why = "; ".join(filter(None, (whole, spool and f"nor can the spool in {self._folder}: {spool}")))
            self._show(LOST, f"facts of calls are lost, {lost} up to now: {why or 'they could not be stored'}")
        elif whole is None and spool is None:
            self._show(LOST, None)
        self._lost = lost

    def share(self, *, shared: bool) -> None:
        """Whether another gateway writes into the database as the same site."""
        told = f"another gateway writes into {self._database} as the same site; give each its own, or stop one"
        if shared and SHARED not in self._raised:
            log.error("records: %s; calls that it has up stay open", told)
        self._show(SHARED, told if shared else None, "this gateway alone writes as its site")

    def _tell_spool(self, spool: str | None) -> None:
        if spool == self._spool:
            return
        self._spool = spool
        if spool is None:
            log.warning("records: the spool in %s can be written again", self._folder)
        else:
            told = "records: the spool in %s cannot be written: %s; facts wait in memory alone"
            log.error(told, self._folder, spool)

    def _show(self, code: str, detail: str | None, cured: str = "the records are written again") -> None:
        if (detail is not None) != (code in self._raised):
            self._alert(code, detail or cured, detail is not None)
            self._raised ^= {code}
