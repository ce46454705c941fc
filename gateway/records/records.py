"""The records: a listener of facts that has them on disk at once, from a call's first ring on."""

import logging
from collections.abc import Callable
from datetime import datetime

from gateway.call.facts import Notice
from gateway.records.config import RecordsConfig
from gateway.records.ledger import Ledger
from gateway.records.writer import Writer

log = logging.getLogger(__name__)


class Records:
    """Writes call records and the journal of facts from a thread of its own.

    A database that cannot be written is a `problem`, logged once and retried; notices are kept meanwhile, up to
    the config's `queue_limit`, beyond which the oldest is lost and counted in `dropped`.
    """

    def __init__(self, config: RecordsConfig, now: Callable[[], datetime] | None = None) -> None:
        """`now` gives aware times. Raises RecordsError for a config that cannot be right."""
        ledger = _ClosingOrphans(config, now or (lambda: datetime.now(config.zone)))
        self._writer: Writer[Notice] = Writer(ledger, "records", "facts", limit=config.queue_limit, named=_named)

    @property
    def problem(self) -> str | None:
        """Why nothing can be written at present; None while all is well."""
        return self._writer.problem

    @property
    def dropped(self) -> int:
        """Notices lost because the database could not be written for too long."""
        return self._writer.dropped

    def start(self) -> None:
        """Open the database, close what a crash left open, begin to write. Waits for the first attempt alone."""
        self._writer.start()

    def receive(self, notice: Notice) -> None:
        """Take a notice from any thread; never waits for the disk, never raises."""
        self._writer.put(notice)

    def stop(self) -> None:
        """Write what waits and close the database; what cannot be written now is lost, and logged. Idempotent."""
        self._writer.stop()


class _ClosingOrphans(Ledger):
    """A ledger that is opened by the gateway that writes it: what an earlier run left open is closed."""

    def __init__(self, config: RecordsConfig, now: Callable[[], datetime]) -> None:
        super().__init__(config)
        self._now = now

    def prepare(self) -> None:
        super().prepare()
        for record in self.close_orphans(self._now()):
            log.warning("records: call %s was open when the gateway had stopped; closed as fault", record.call)


def _named(notice: Notice) -> str:
    return f"a {type(notice.fact).__name__} of call {notice.call}"
