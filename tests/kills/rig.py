"""Kills, restarts, and looks whether everything that was safe is there, once."""

import os
import select
import signal
import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random

from sqlalchemy import select as sql
from sqlalchemy.orm import Session

from gateway.database import connect, resolve
from gateway.records import RecordsConfig
from gateway.records.journal import fact_data, fact_name
from gateway.records.schema import CallRow, EventRow
from tests.kills.hotline import Hotline
from tests.kills.owed import check_tickets
from tests.kills.traffic import traffic
from tests.kills.victim import WORD, serve

RUN = 16
"""Letters of a run's name."""
EVER = 10**9
PATIENCE = 60.0
"""Seconds without a word after which a process is killed, whatever was meant."""


@dataclass
class Killed:
    """One process that was killed: its run, and how many of its facts it had told to be safe."""

    seed: int
    run: str = ""
    safe: int = 0


@dataclass
class Rig:
    """One database, and the processes that were killed on it."""

    config: RecordsConfig
    killed: list[Killed] = field(default_factory=list)

    def kill(self, seed: int) -> Killed:
        """Start a process, and kill it when the seed chooses: at its start, in mid-traffic, when all is
        told, or (one in four) with the database locked."""
        chance = Random(seed)
        victim = Killed(seed)
        reading, process = self._start(seed)
        moment = chance.choice(("start", "first", "traffic", "traffic", "locked", "locked", "end", "end"))
        if moment == "start":
            self._listen(reading, victim, 1, chance.uniform(0, 0.1))
        else:
            self._listen(reading, victim, 1)
        if moment in ("traffic", "locked"):
            with self._locked(moment == "locked"):
                self._listen(reading, victim, chance.randint(2, 400))
        elif moment == "end":
            self._listen(reading, victim, EVER, chance.uniform(0.1, 1.0))
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
        self._listen(reading, victim, EVER)  # what it had told already
        os.close(reading)
        self.killed.append(victim)
        return victim

    def restart(self) -> None:
        """Start and stop records and tickets once more, as the next gateway does."""
        hotline = Hotline(self.config)
        hotline.start()
        hotline.stop()
        for room in (hotline.records, hotline.tickets):
            assert room.problem is None, room.problem
        assert hotline.records.spooled == 0

    def check_facts(self, killed: Sequence[Killed]) -> None:
        """The facts of these processes are there from the first to the last safe one at least, each once, as they
        were told."""
        with self._session() as session:
            for victim in killed:
                if victim.run:
                    self._check_run(session, victim)

    def check_calls(self) -> int:
        """Every call that was offered has one record, and an end. Gives how many calls there are."""
        with self._session() as session:
            return self._check_calls(session)

    def check_tickets(self) -> int:
        """Every case that the facts on record tell has a ticket, and one. Gives how many tickets there are."""
        with self._session() as session:
            return check_tickets(session, self.config)

    @contextmanager
    def _session(self) -> Iterator[Session]:
        engine = connect(resolve(self.config.url, self.config.data_dir))
        with Session(engine) as session:
            yield session
        engine.dispose()

    @staticmethod
    def _check_run(session: Session, victim: Killed) -> None:
        rows = session.execute(sql(EventRow).where(EventRow.run == victim.run).order_by(EventRow.number))
        events = [row for (row,) in rows]
        assert [event.seq for event in events] == list(range(1, len(events) + 1)), "none twice, none left out"
        assert len(events) >= victim.safe, f"seed {victim.seed}: {victim.safe} were safe, {len(events)} are there"
        for event, notice in zip(events, traffic(victim.seed), strict=False):
            assert (event.call, event.fact) == (notice.call, fact_name(notice.fact))
            assert event.data == fact_data(notice.fact)
            assert event.at == notice.at

    @staticmethod
    def _check_calls(session: Session) -> int:
        offered, released = (_calls_of(session, fact) for fact in ("offered", "released"))
        rows = {row.call: row for row in session.scalars(sql(CallRow))}
        assert set(offered) == set(rows) == set(released), "every call that was offered has a record and an end"
        assert len(offered) == len(set(offered)), "offered once"
        assert len(released) == len(set(released)), "ended once"
        prompts = Counter(_calls_of(session, "prompt_started"))
        for row in rows.values():
            assert row.ended_at is not None
            assert row.released_by is not None
            assert len(row.prompts) == prompts[row.call], "the record holds what its events tell, once"
        return len(rows)

    def _start(self, seed: int) -> tuple[int, int]:
        """A process of its own, and the pipe it tells by. There are no threads while this one forks."""
        reading, writing = os.pipe()
        process = os.fork()
        if process == 0:
            code = 1
            try:
                serve(self.config, seed, writing)
                code = 0
            finally:
                os._exit(code)
        os.close(writing)
        return reading, process

    @staticmethod
    def _listen(reading: int, victim: Killed, until: int, quiet: float = PATIENCE) -> None:
        """Hear what is safe until that is so many facts, or for `quiet` seconds nothing more, or it has ended."""
        while victim.safe < until:
            ready, _, _ = select.select([reading], [], [], quiet)
            size = WORD if victim.run else RUN
            told = os.read(reading, size) if ready else b""
            if not told:
                return
            assert len(told) == size
            if victim.run:
                victim.safe = int.from_bytes(told)
            else:
                victim.run = told.decode()

    @contextmanager
    def _locked(self, lock: bool) -> Iterator[None]:
        """While somebody else has the database locked, if it is SQLite's."""
        url = resolve(self.config.url, self.config.data_dir)
        if not lock or url.get_backend_name() != "sqlite":
            yield
            return
        blocker = sqlite3.connect(str(url.database), isolation_level=None, timeout=30.0)
        blocker.execute("BEGIN IMMEDIATE")
        yield
        blocker.execute("ROLLBACK")
        blocker.close()


def _calls_of(session: Session, fact: str) -> list[str | None]:
    return list(session.scalars(sql(EventRow.call).where(EventRow.fact == fact)))
