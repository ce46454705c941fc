"""Tickets in the records' database: read, added, and changed by whoever has seen them as they are.

Every change is a rule (`rules`) applied to the ticket as it was read, and written only if it still is so: two
processes that change one ticket at the same time follow one another, and the second is judged by what the first
left.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import ColumnElement, Row, Select, insert, inspect, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from gateway.database import (
    Database,
    DatabaseNewer,
    RecordsError,
    RecordsMissing,
    missing,
    said,
    sqlite_file,
    version_of,
)
from gateway.records import untold
from gateway.records.unreadable import Unreadable, each_read
from gateway.tickets.config import TicketsConfig
from gateway.tickets.errors import TicketsError, TicketsMissing, TicketsUnreachable, TicketUnknown
from gateway.tickets.rows import entry_of, entry_values, row_values, ticket_of
from gateway.tickets.rules import Change
from gateway.tickets.schema import EntryRow, TicketRow
from gateway.tickets.states import CallBackState, TicketState
from gateway.tickets.ticket import Entry, Ticket

Rule = Callable[[Ticket], Change]
"""What is to be done with a ticket; raises TicketRefused where it may not be."""
Beside = Callable[[Session, Ticket], None]
"""What is written with it: both or neither."""

MOST = 2**31 - 1
"""The greatest id that every database has."""
AT_ONCE = 500
"""Ids in one query: older SQLites take 999 values."""
TURNS = 20
"""Times a change is judged anew because another came first. Each turn one of those who compete is done."""


class TicketStore:
    """The tickets of one site. Any method raises TicketsUnreachable where the database does not answer."""

    def __init__(self, config: TicketsConfig) -> None:
        """Opens nothing yet. Raises TicketsError for an address that is none."""
        records = config.records
        try:
            self._database = Database(records.url, records.data_dir, records.set_aside)
        except RecordsError as error:
            raise TicketsError(str(error)) from error
        self._engine = self._database.engine
        self._file = sqlite_file(self._engine.url)
        self._site = records.site
        self._zone = records.zone
        self.name = self._database.name
        self.unreadable = Unreadable()
        """Rows that were left out."""

    def prepare(self) -> None:
        """Make file and tables where they are not there yet. Raises SQLAlchemyError, OSError or DatabaseNewer."""
        self._database.prepare()

    def heal(self, error: BaseException) -> bool:
        """After `error`: whether a corrupt or deleted file was replaced, so that it may be tried again."""
        return self._database.heal(error)

    def close(self) -> None:
        """Close the database."""
        self._database.close()

    def exists(self) -> None:
        """Raises TicketsMissing where no gateway has made the tables yet, TicketsError where a newer one has;
        makes nothing."""
        if self._file is not None and not self._file.is_file():
            error = missing(self._file, "tickets")
            raise (TicketsMissing if isinstance(error, RecordsMissing) else TicketsError)(str(error))
        with self.session() as session:
            try:
                version_of(session.connection(), self.name)
            except DatabaseNewer as error:
                raise TicketsError(str(error)) from error
            if not inspect(session.connection()).has_table(TicketRow.__tablename__):
                raise TicketsMissing(f"no tickets yet in {self.name}; `sansheng run` makes their tables")

    def tickets(self) -> list[Ticket]:
        """This site's tickets, oldest first."""
        query = select(TicketRow).where(TicketRow.site == self._site).order_by(TicketRow.id)
        with self.session() as session:
            return list(self._each(session, query))

    def owed(self, due_by: datetime) -> list[Ticket]:
        """This site's open tickets whose call-back is due by then, longest due first."""
        query = select(TicketRow).where(*self._owing(), TicketRow.due_at <= due_by)
        with self.session() as session:
            return list(self._each(session, query.order_by(TicketRow.due_at, TicketRow.id)))

    def waiting(self) -> list[tuple[int, str | None]]:
        """The ids of those that owe a call-back once their call has ended, and the run that has the call."""
        query = select(TicketRow.id, TicketRow.run).where(*self._owing(), TicketRow.due_at.is_(None))
        with self.session() as session:
            return [(ticket, run) for ticket, run in session.execute(query)]

    def versions(self) -> dict[int, int]:
        """The version of each ticket that is not closed, by its id."""
        query = select(TicketRow.id, TicketRow.version).where(
            TicketRow.site == self._site, TicketRow.state != TicketState.CLOSED.value
        )
        with self.session() as session:
            return {row.id: row.version for row in session.execute(query)}

    def those(self, ids: Collection[int]) -> list[Ticket]:
        """The tickets with these ids, oldest first; what is none is left out."""
        query = select(TicketRow).where(TicketRow.site == self._site).order_by(TicketRow.id)
        ordered = sorted(ids)
        with self.session() as session:
            return [
                ticket
                for at in range(0, len(ordered), AT_ONCE)
                for ticket in self._each(session, query.where(TicketRow.id.in_(ordered[at : at + AT_ONCE])))
            ]

    def ticket(self, ticket: int) -> Ticket:
        """The ticket with this id. Raises TicketUnknown."""
        before = len(self.unreadable)
        found = self.those([ticket]) if ticket <= MOST else []
        if not found and len(self.unreadable) > before:
            raise TicketsError(f"{self.name}: {self.unreadable.told()}")
        if not found:
            raise TicketUnknown(f"no ticket {ticket} of site {self._site}; `sansheng tickets` lists them")
        return found[0]

    def of_call(self, call: str) -> Ticket | None:
        """The ticket of a call, if there is one."""
        query = select(TicketRow).where(TicketRow.site == self._site, TicketRow.call == call)
        with self.session() as session:
            return next(self._each(session, query), None)

    def history(self, ticket: int) -> list[Entry]:
        """What was done with it, in order."""
        query = select(EntryRow).where(EntryRow.ticket == ticket).order_by(EntryRow.number)
        with self.session() as session:
            return list(each_read(session, query, EntryRow.number, self._entry, self._entry_left_out))

    def add(self, ticket: Ticket, entries: Sequence[Entry], run: str | None = None) -> Ticket:
        """A new ticket, of a call that `run` has; gives it with its id. Raises IntegrityError where its call has
        one."""
        with self.session() as session, session.begin():
            row = TicketRow(**row_values(ticket), run=run)
            session.add(row)
            session.flush()
            self._write_history(session, row.id, entries)
            return ticket_of(row, self._zone)

    def change(self, ticket: int, rule: Rule, beside: Beside | None = None) -> Ticket:
        """Do with a ticket what `rule` says; gives it as it is then. What `rule` or `beside` raises undoes all."""
        for _ in range(TURNS):
            seen = self.ticket(ticket)
            change = rule(seen)
            if change == Change(seen):
                return seen
            with self.session() as session, session.begin():
                if not self._written(session, seen, change):
                    continue
                if beside is not None:
                    beside(session, change.ticket)
            return self.ticket(ticket)
        raise TicketsUnreachable(f"ticket {ticket} is changed by others without pause; try again")

    def told(self, calls: Collection[str]) -> None:
        """What these calls owe is on disk: the records need not keep it in mind any more."""
        with self.session() as session, session.begin():
            untold.told(session, calls)

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A session; what goes wrong in it becomes TicketsUnreachable, but for a row that cannot be."""
        try:
            with Session(self._engine) as session:
                yield session
        except (IntegrityError, DataError):
            raise  # the row itself: to try it again would not help
        except DBAPIError as error:
            raise TicketsUnreachable(f"the tickets in {self.name} cannot be reached: {said(error)}") from error

    def _owing(self) -> tuple[ColumnElement[bool], ...]:
        return (
            TicketRow.site == self._site,
            TicketRow.state == TicketState.OPEN.value,
            TicketRow.call_back == CallBackState.OWED.value,
        )

    def _each(self, session: Session, query: Select[TicketRow]) -> Iterator[Ticket]:
        return each_read(session, query, TicketRow.id, self._ticket, self._left_out)

    def _ticket(self, row: Row[TicketRow]) -> Ticket:
        (found,) = row
        return ticket_of(found, self._zone)

    def _entry(self, row: Row[EntryRow]) -> Entry:
        (found,) = row
        return entry_of(found, self._zone)

    def _left_out(self, ticket: int) -> None:
        self.unreadable.add(f"ticket {ticket}")

    def _entry_left_out(self, number: int) -> None:
        self.unreadable.add(f"entry {number} of the tickets' history")

    def _written(self, session: Session, seen: Ticket, change: Change) -> bool:
        """Whether the ticket still was as it was seen, and so has been changed."""
        values = row_values(change.ticket) | {"version": seen.version + 1}
        still = (TicketRow.id == seen.id, TicketRow.version == seen.version)
        result = session.execute(update(TicketRow).where(*still).values(**values))
        assert isinstance(result, CursorResult)
        if result.rowcount != 1:
            return False
        self._write_history(session, seen.id, change.entries)
        return True

    @staticmethod
    def _write_history(session: Session, ticket: int, entries: Sequence[Entry]) -> None:
        if entries:
            session.execute(insert(EntryRow), [entry_values(ticket, entry) for entry in entries])
