"""The records of one gateway, in memory, and whether they hold what was told."""

import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gateway.call.facts import Notice, Released
from gateway.database import connect, resolve
from gateway.kpi import CallFigures, Figures, Tally
from gateway.kpi.live import followed
from gateway.records import RecordsConfig
from gateway.records.entry import Entry
from gateway.records.ledger import Ledger
from gateway.records.rule_book import RuleBook
from gateway.records.rules import Rules
from gateway.records.schema import EventRow
from gateway.reports.report import CallsToReport
from tests.million.violation import Violation

BATCH = 5_000
"""Facts a transaction: as many as the records keep in memory beside their spool (backlog.IN_MEMORY)."""
MEMORY = Path("/dev/shm")
"""Files that are no disk's: the records take SQLite's files alone."""
SAME = (
    *("offered", "answered", "abandoned", "failed", "up", "within_rings", "rings_to_answer"),
    *("abandoned_after_rings", "answer_delay", "released_by", "answer_rate"),
)
"""Figures that the facts alone give, as the feed does, and the records as well."""


class Books:
    """A listener of all facts: writes them as the scribe does, a batch a transaction."""

    def __init__(self, rules: Mapping[str, Rules]) -> None:
        self._folder = tempfile.TemporaryDirectory(
            prefix="sansheng-million-", dir=MEMORY if MEMORY.is_dir() else None
        )
        self._config = RecordsConfig(site="jinan", data_dir=Path(self._folder.name), rules=RuleBook(rules))
        self._ledger = Ledger(self._config)
        self._waiting: list[Notice] = []
        self.told = 0
        """Facts."""
        self.seconds = 0.0
        """Of processor time, spent on records: their making and reading, and this class."""
        self._live: dict[str, CallFigures] = {}
        self._tally = Tally()
        self._first: Notice | None = None
        self.ended: dict[str, int] = {}
        """How often each call was told to have ended."""

    def __enter__(self) -> Self:
        self._ledger.prepare()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ledger.close()
        self._folder.cleanup()

    def receive(self, notice: Notice) -> None:
        """A fact of a call or of a line."""
        self.told += 1
        self._waiting.append(notice)
        if len(self._waiting) >= BATCH:
            self.write()

    def write(self) -> None:
        """What waits goes into the database."""
        began = time.process_time()
        told, self._waiting = self._waiting, []
        first = self.told - len(told) + 1
        for notice in told:
            if notice.call is not None:
                self._follow(notice.call, notice)
        self._ledger.write([Entry.of("million", seq, notice) for seq, notice in enumerate(told, first)])
        self.seconds += time.process_time() - began

    def check(self, offered: int) -> None:
        """Each of so many calls has one record and one end, each fact is there once, and what a report counts is
        what was told. Raises Violation."""
        self.write()
        began = time.process_time()
        self._check(offered)
        self.seconds += time.process_time() - began

    def _check(self, offered: int) -> None:
        if len(self.ended) != offered or any(ends != 1 for ends in self.ended.values()):
            raise Violation(f"{offered} calls were offered, {len(self.ended)} have an end")
        engine = connect(resolve(self._config.url, self._config.data_dir))
        with Session(engine) as session:
            facts = session.scalar(select(func.count()).select_from(EventRow))
        engine.dispose()
        if facts != self.told:
            raise Violation(f"{self.told} facts were told, {facts} are on record")
        self._check_calls()

    def _check_calls(self) -> None:
        assert self._first is not None, "no call was offered"
        with CallsToReport(self._config) as report:
            calls = report.calls(self._first.at.replace(year=2000), self._config.zone, "jinan")
        names = {call.call for call in calls}
        if len(calls) != len(names) or names != self.ended.keys():
            raise Violation(f"{len(self.ended)} calls have ended, {len(calls)} records name {len(names)} of them")
        recorded = Tally()
        for call in calls:
            if call.ended_at is None or call.outcome is None or call.released_by is None:
                raise Violation(f"the record of call {call.call} has no end")
            recorded.add(call)
        _same(self._tally.figures(), recorded.figures())

    def _follow(self, call: str, notice: Notice) -> None:
        figures = followed(self._live.get(call), notice)
        if figures is None:
            raise Violation(f"the first fact of call {call} is {notice.fact}")
        self._first = self._first or notice
        self._live[call] = figures
        if isinstance(notice.fact, Released):
            self._tally.add(self._live.pop(call))
            self.ended[call] = self.ended.get(call, 0) + 1


def _same(told: Figures, recorded: Figures) -> None:
    for name in SAME:
        if getattr(told, name) != getattr(recorded, name):
            raise Violation(f"{name}: told {getattr(told, name)}, on record {getattr(recorded, name)}")
