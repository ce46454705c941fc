"""The tables of tickets, in the records' database. Portable SQL only; a column added here must be nullable.

A base of their own: whoever opens the call records makes none of these, and the other way round, so that the two
never make one table at the same time.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from gateway.database import Moment


class TicketsBase(DeclarativeBase):
    """All tables of tickets."""


class TicketRow(TicketsBase):
    """One ticket as it stands. `version` grows with every change: who changes it names the one he has seen."""

    __tablename__ = "tickets"
    __table_args__ = (
        UniqueConstraint("site", "call", name="tickets_one_a_call"),
        Index("tickets_open", "site", "state"),
        # So that a number is not given again, whatever was deleted by hand.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    version: Mapped[int]
    site: Mapped[str] = mapped_column(String(64))
    call: Mapped[str | None] = mapped_column(String(64))
    opened_at: Mapped[datetime] = mapped_column(Moment)
    deadline: Mapped[datetime] = mapped_column(Moment)
    kind: Mapped[str] = mapped_column(String(64))
    owner: Mapped[str] = mapped_column(String(32))
    reassigned: Mapped[bool]
    number: Mapped[str | None] = mapped_column(Text)
    source: Mapped[str | None] = mapped_column(String(16))
    confirmed: Mapped[bool]
    text: Mapped[str | None] = mapped_column(Text)
    answers: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    recording: Mapped[str | None] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(16))
    reply: Mapped[str | None] = mapped_column(Text)
    answered_at: Mapped[datetime | None] = mapped_column(Moment)
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
    call_back: Mapped[str | None] = mapped_column(String(16))
    due_at: Mapped[datetime | None] = mapped_column(Moment)
    attempts: Mapped[int]
    wrong: Mapped[bool | None]
    """Null in tickets of an earlier version: nobody has marked it."""
    run: Mapped[str | None] = mapped_column(String(16), deferred=True)
    """The run of the gateway that has its call; null: of an earlier version. Deferred: read by that gateway alone,
    a database of before is read without it."""


class EntryRow(TicketsBase):
    """One line of a ticket's history; only ever added."""

    __tablename__ = "ticket_history"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    ticket: Mapped[int] = mapped_column(ForeignKey("tickets.id"), index=True)
    at: Mapped[datetime] = mapped_column(Moment)
    who: Mapped[str] = mapped_column(String(64))
    what: Mapped[str] = mapped_column(Text)
    why: Mapped[str] = mapped_column(Text)


class AttemptRow(TicketsBase):
    """One call-back that was permitted: what a Permit stands for. `telephone` is the number it may be spent on."""

    __tablename__ = "ticket_attempts"
    __table_args__ = (
        # Not two calls at once to one number, whichever of the gateways that share the database makes them.
        Index(
            "ticket_attempts_one_a_number",
            "telephone",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ticket_attempts_to_one", "telephone", "at"),
        Index("ticket_attempts_to_all", "site", "at"),
    )

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    ticket: Mapped[int] = mapped_column(ForeignKey("tickets.id"), index=True)
    site: Mapped[str] = mapped_column(String(64))
    telephone: Mapped[str] = mapped_column(String(32))
    secret: Mapped[str] = mapped_column(String(64), unique=True)
    at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    dialled_at: Mapped[datetime | None] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    result: Mapped[str | None] = mapped_column(String(32))
    run: Mapped[str | None] = mapped_column(String(16), deferred=True)
    """The run of the gateway that makes it; as in tickets."""
