"""Calls that have ended and may owe their customers something, until the tickets have it.

A call's end and its note are one transaction, and the note goes when its ticket is on disk. What dies in between
leaves the note: whoever starts next hands the call's facts to the tickets.
"""

from collections.abc import Collection

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from gateway.records.record import CallRecord
from gateway.records.schema import UntoldRow


def may_owe(record: CallRecord) -> bool:
    """Whether a ticket may come of the call's facts; where it says no, none does (gateway.tickets.draft)."""
    return bool(record.call_backs or record.message_at or record.alerts or record.answers)


def note(record: CallRecord, run: str | None) -> dict[str, object]:
    """The row of a call that may owe something: it has ended, in `run`, and the tickets have not told that they
    have it."""
    return {"call": record.call, "site": record.site, "run": run}


def noted(session: Session, site: str) -> list[tuple[str, str | None]]:
    """The site's calls that are noted, and the run in which each has ended; None: nobody knows which."""
    rows = session.execute(select(UntoldRow.call, UntoldRow.run).where(UntoldRow.site == site))
    return [(call, run) for call, run in rows]


def adopted(session: Session, calls: Collection[str], run: str) -> None:
    """`run` sees to these calls from now on: should it die too, its own end is what others have to know of."""
    session.execute(update(UntoldRow), [{"call": call, "run": run} for call in calls])


def told(session: Session, calls: Collection[str]) -> None:
    """What these calls owe is on disk."""
    session.execute(delete(UntoldRow).where(UntoldRow.call.in_(calls)))
