"""The attempts at calling customers back, in the database: what permits stand for."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from gateway.tickets.hours import later
from gateway.tickets.policy import DIED, HOUR
from gateway.tickets.schema import AttemptRow, TicketRow
from gateway.tickets.ticket import Ticket

DAY = 24 * HOUR

_UNENDED: ColumnElement[bool] = AttemptRow.ended_at.is_(None)
_UNTOUCHED = {"synchronize_session": False}


@dataclass(frozen=True, slots=True)
class Attempt:
    """One of them, as it stands. `telephone` is the number that may be dialled, digits alone."""

    ticket: int
    telephone: str
    expires_at: datetime
    dialled: bool
    result: str | None
    """None: it is under way."""


class Attempts:
    """The attempts of one site. Every method works in the caller's session."""

    def __init__(self, site: str, run: str | None = None) -> None:
        """`run`: the gateway's, which makes those that begin here."""
        self._site = site
        self._run = run

    def begin(
        self, session: Session, ticket: int, telephone: str, secret: str, at: datetime, expires_at: datetime
    ) -> None:
        """Raises IntegrityError where the number is being called already, by any site."""
        session.add(
            AttemptRow(
                ticket=ticket,
                site=self._site,
                telephone=telephone,
                secret=secret,
                at=at,
                expires_at=expires_at,
                run=self._run,
            )
        )
        session.flush()

    def found(self, session: Session, secret: str) -> Attempt | None:
        """The attempt with this secret."""
        row = session.scalars(select(AttemptRow).where(AttemptRow.secret == secret)).first()
        if row is None:
            return None
        return Attempt(row.ticket, row.telephone, row.expires_at, row.dialled_at is not None, row.result)

    def use(self, session: Session, secret: str, seen: Ticket, now: datetime) -> bool:
        """Dial by it: True for one of all who try, and only while the ticket is the one that was looked at."""
        same = select(TicketRow.id).where(TicketRow.id == seen.id, TicketRow.version == seen.version).exists()
        unused = (AttemptRow.secret == secret, AttemptRow.dialled_at.is_(None), _UNENDED)
        used = update(AttemptRow).where(*unused, same).values(dialled_at=now)
        result = session.execute(used, execution_options=_UNTOUCHED)
        assert isinstance(result, CursorResult)
        return result.rowcount == 1

    def end(self, session: Session, secret: str, result: str, now: datetime) -> None:
        """What came of it; also of one that was held to be dead."""
        one = (AttemptRow.secret == secret, _UNENDED | (AttemptRow.result == DIED))
        ended = update(AttemptRow).where(*one).values(ended_at=now, result=result[:32])
        session.execute(ended, execution_options=_UNTOUCHED)

    def begun(self, session: Session, by: datetime) -> list[str]:
        """The secrets of this site's that were begun by then and have not ended."""
        query = select(AttemptRow.secret).where(AttemptRow.site == self._site, _UNENDED, AttemptRow.at <= by)
        return list(session.scalars(query))

    def under_way(self, session: Session) -> list[tuple[str, str | None]]:
        """The secrets of this site's that have not ended, and the run that makes each."""
        query = select(AttemptRow.secret, AttemptRow.run).where(AttemptRow.site == self._site, _UNENDED)
        return [(secret, run) for secret, run in session.execute(query)]

    def calling(self, session: Session, telephone: str) -> bool:
        """Whether anybody, of any site, is calling this number."""
        query = select(AttemptRow.number).where(AttemptRow.telephone == telephone, _UNENDED)
        return session.scalars(query).first() is not None

    def made(self, session: Session, now: datetime, telephone: str | None = None) -> int:
        """Calls of the last 24 hours and those under way: to a number by all sites, or to all numbers by this."""
        whose = AttemptRow.site == self._site if telephone is None else AttemptRow.telephone == telephone
        recent = AttemptRow.at > later(now, -DAY)
        rang = AttemptRow.dialled_at.is_not(None) | _UNENDED
        return session.scalar(select(func.count()).select_from(AttemptRow).where(whose, recent, rang)) or 0
