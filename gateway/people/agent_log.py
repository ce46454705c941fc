"""The agents' log: every change of an agent's presence, on disk (JH-20)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Row, Select, func, insert, inspect, select
from sqlalchemy.orm import Session

from gateway.database.run_lock import LOOK
from gateway.database.runs import ALONE, Runs
from gateway.desk.attendance import GATEWAY_STOPPED, Change
from gateway.desk.presence import Presence, Why, Wish
from gateway.people.database import PeopleDatabase
from gateway.people.schema import AgentLogRow
from gateway.records import RecordsConfig
from gateway.records.reader import Reader
from gateway.records.schema import EventRow
from gateway.records.unreadable import SPOILED, Unreadable, each_read
from gateway.records.writer import Writer

LIMIT = 100_000
"""Entries kept while the database cannot be written: a week of a hundred agents, some ten megabytes."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One change of one agent."""

    agent: str
    change: Change


class AgentLog:
    """Writes the log from a thread of its own; nobody waits for the disk.

    A gateway that stops closes the log of its agents as GATEWAY_STOPPED: what they did until it runs again nobody
    knows. Of one that was killed the next does; of one that lives beside this one nobody else.
    """

    def __init__(
        self, config: RecordsConfig, now: Callable[[], datetime] | None = None, runs: Runs = ALONE
    ) -> None:
        """`now` gives aware times, `runs` tells which gateways of this site live. Raises RecordsError for a config
        that cannot be right."""
        self._now = now or (lambda: datetime.now(config.zone))
        self._open: set[str] = set()
        sink = _LogSink(config, self._now, runs)
        self._writer: Writer[Entry] = Writer(
            sink,
            "agents' log",
            "entries",
            limit=LIMIT,
            named=lambda entry: f"an entry of agent {entry.agent}",
            look=sink.look,
            every=LOOK,
        )

    def start(self) -> None:
        """Open the database, close what a crash left open, begin to write. Blocks; waits for the first attempt."""
        self._writer.start()

    def changed(self, agent: str, presence: Presence, why: str, at: datetime) -> None:
        """Note a change at an aware time. From any thread; returns at once, never raises."""
        self._open.add(agent)
        self._writer.put(Entry(agent, Change(at, presence, str(why))))

    def stop(self) -> None:
        """Note that nobody watches any more, write what waits, close the database. Blocks. Idempotent."""
        for agent in sorted(self._open):
            self._writer.put(Entry(agent, Change(self._now(), Presence.OFFLINE, GATEWAY_STOPPED)))
        self._open.clear()
        self._writer.stop()


class _LogSink(PeopleDatabase):
    def __init__(self, config: RecordsConfig, now: Callable[[], datetime], runs: Runs) -> None:
        super().__init__(config)
        self._site = config.site
        self._now = now
        self._runs = runs
        self._tidied = False
        """Whether nothing is left of other runs."""

    def look(self) -> None:
        """Close what dead runs left open. What a living one has open may be looked at again when it is gone."""
        if self._tidied and not self._runs.company:
            return
        with self.engine.begin() as connection:
            left = self._left_open(connection)
            dead = [(agent, run) for agent, run in left if not self._runs.lives(run)]
            known = {run: self._last_known(connection, run) for _, run in dead}
            closing = [
                self._values(Entry(agent, Change(known[run], Presence.OFFLINE, GATEWAY_STOPPED)), run)
                for agent, run in dead
            ]
            if closing:
                connection.execute(insert(AgentLogRow), closing)
        self._tidied = len(dead) == len(left)

    def write(self, batch: Sequence[Entry]) -> None:
        """Add the entries: all of them, or none."""
        with self.engine.begin() as connection:
            connection.execute(insert(AgentLogRow), [self._values(entry, self._runs.run) for entry in batch])

    def _values(self, entry: Entry, run: str | None) -> dict[str, object]:
        change = entry.change
        who = {"site": self._site, "agent": entry.agent, "run": run}
        return who | {"at": change.at, "presence": change.presence.value, "why": change.why}

    def _left_open(self, connection: Connection) -> list[tuple[str, str | None]]:
        """This site's agents whose last entry by another run than this one says that they are there, and by
        which."""
        last = select(func.max(AgentLogRow.entry)).where(AgentLogRow.site == self._site)
        if self._runs.run is not None:
            last = last.where(AgentLogRow.run.is_distinct_from(self._runs.run))
        query = select(AgentLogRow.agent, AgentLogRow.run).where(
            AgentLogRow.entry.in_(last.group_by(AgentLogRow.agent)), AgentLogRow.why != GATEWAY_STOPPED
        )
        return [(agent, run) for agent, run in connection.execute(query)]

    def _last_known(self, connection: Connection, run: str | None) -> datetime:
        """When this run wrote its last line, here or in the calls' journal: it still ran then."""
        now = self._now()
        mine = (AgentLogRow.site == self._site, AgentLogRow.run.is_not_distinct_from(run))
        entries = select(AgentLogRow.at).where(*mine).order_by(AgentLogRow.entry.desc())
        # The journal knew its runs before the log did: of one that is not known the site's last fact counts.
        told = EventRow.site == self._site if run is None else EventRow.run == run
        facts = (
            select(EventRow.at)
            .where(told)
            .order_by(EventRow.number.desc() if run is None else EventRow.seq.desc())
        )
        known = [_moment(connection, entries.limit(1))]
        if inspect(connection).has_table(EventRow.__tablename__):
            known.append(_moment(connection, facts.limit(1)))
        return min(max((at for at in known if at is not None), default=now), now)


def _moment(connection: Connection, query: Select[datetime]) -> datetime | None:
    """The one that is asked for; None where there is none, or its row is spoiled."""
    try:
        return connection.scalar(query)
    except SPOILED:
        return None


def wished(log: Sequence[Change]) -> tuple[Wish, ...]:
    """What brings an agent back to where he was before the gateway stopped, by his log in its order: logged out,
    away or at work. Nothing where the log tells nothing of what he wants."""
    for change in reversed(log):
        if change.why in (GATEWAY_STOPPED, Why.UNREACHABLE):
            continue  # not his doing: what he wished before holds
        if change.why == Why.LOG_OUT:
            return (Wish.LOG_OUT,)
        return (Wish.LOG_IN, Wish.AWAY) if change.presence is Presence.AWAY else (Wish.LOG_IN,)
    return ()


class AgentsOnRecord(Reader):
    """Reads the agents' log, while a gateway writes it or none does. A context manager.

    Every method raises RecordsMissing where there is no database yet, RecordsError where it cannot be read.
    """

    def __init__(self, config: RecordsConfig, unreadable: Unreadable | None = None) -> None:
        """Entries that cannot be read are noted in `unreadable`, where it is given."""
        super().__init__(config)
        self._site = config.site
        if unreadable is not None:
            self.unreadable = unreadable

    def changes(self, since: datetime | None = None) -> dict[str, list[Change]]:
        """Each agent's changes of this site at or after `since` (aware), and the last before it; all without it.

        In the order they came, in UTC. Nothing where no gateway has kept a log yet.
        """
        query = select(AgentLogRow).where(AgentLogRow.site == self._site)
        found: dict[str, list[Change]] = {}
        with self.reading() as session:
            if not inspect(session.connection()).has_table(AgentLogRow.__tablename__):
                return {}
            if since is not None:
                query = query.where(
                    (AgentLogRow.at >= since) | AgentLogRow.entry.in_(self._before(session, since))
                )
            ordered = query.order_by(AgentLogRow.at, AgentLogRow.entry)
            made = each_read(session, ordered, AgentLogRow.entry, self._change, self._left_out)
            for agent, change in made:
                found.setdefault(agent, []).append(change)
        return found

    @staticmethod
    def _change(row: Row[AgentLogRow]) -> tuple[str, Change]:
        (entry,) = row
        return entry.agent, Change(entry.at, Presence(entry.presence), entry.why)

    def _left_out(self, entry: int) -> None:
        self.unreadable.add(f"entry {entry} of the agents' log")

    def _before(self, session: Session, since: datetime) -> list[int]:
        """The last entry of each agent before `since`."""
        earlier = select(AgentLogRow.agent, func.max(AgentLogRow.at).label("at")).where(
            AgentLogRow.site == self._site, AgentLogRow.at < since
        )
        last = earlier.group_by(AgentLogRow.agent).subquery()
        same = (AgentLogRow.agent == last.c.agent) & (AgentLogRow.at == last.c.at)
        entries = select(func.max(AgentLogRow.entry)).join(last, same).where(AgentLogRow.site == self._site)
        return list(session.scalars(entries.group_by(AgentLogRow.agent)))
