"""The tables, as they are read and written. `gateway.database.migrations` makes them: a column added here is added
there as well, and must be nullable, as earlier rows have nothing to put in it."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Double, Index, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from gateway.database import Moment


class Base(DeclarativeBase):
    """All tables of the records."""


class CallRow(Base):
    """One call: its record as far as it is known, rewritten with each of its facts until it has ended."""

    __tablename__ = "calls"
    __table_args__ = (Index("calls_open", "site", "ended_at"),)

    call: Mapped[str] = mapped_column(String(64), primary_key=True)
    site: Mapped[str] = mapped_column(String(64))
    line: Mapped[str] = mapped_column(String(64))
    driver: Mapped[str] = mapped_column(String(16))
    dialplan: Mapped[str] = mapped_column(String(64))
    agent: Mapped[str] = mapped_column(String(32))
    caller: Mapped[str | None] = mapped_column(Text)
    caller_name: Mapped[str | None] = mapped_column(Text)
    offered_at: Mapped[datetime] = mapped_column(Moment, index=True)
    answered_at: Mapped[datetime | None] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    rings: Mapped[int]
    outcome: Mapped[str | None] = mapped_column(String(16))
    released_by: Mapped[str | None] = mapped_column(String(16))
    cause: Mapped[str | None] = mapped_column(Text)
    verdicts: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    prompts: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    digits: Mapped[str] = mapped_column(Text)
    kind: Mapped[str | None] = mapped_column(String(64))
    kind_digit: Mapped[str | None] = mapped_column(String(8))
    kind_at: Mapped[datetime | None] = mapped_column(Moment)
    alerts: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON)
    answers: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON)
    waits: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON)
    holds: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON)
    losses: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON)
    losses_between: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    direction: Mapped[str | None] = mapped_column(String(8))
    ticket: Mapped[int | None]
    owner: Mapped[str | None] = mapped_column(String(32))
    agents: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON)
    call_backs: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON)
    message_at: Mapped[datetime | None] = mapped_column(Moment)
    recording: Mapped[str | None] = mapped_column(Text)
    compliance: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    not_applicable: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON)
    attended_by: Mapped[str | None] = mapped_column(String(32))
    """From here on what the figures need of an ended call (gateway.kpi.CallFigures), so that a report over a month
    reads no JSON. `heard`, `kept` and `broken` are words, a blank between two; null while the call is up."""
    waited: Mapped[float | None] = mapped_column(Double)
    talked: Mapped[float | None] = mapped_column(Double)
    heard: Mapped[str | None] = mapped_column(Text)
    kept: Mapped[str | None] = mapped_column(Text)
    broken: Mapped[str | None] = mapped_column(Text)


class EventRow(Base):
    """One fact, as it came; only ever added. `call` is None for a fact about a line. `run` and `seq` name it: a
    gateway's run and the fact's number in it, from 1; null in the events of an earlier version."""

    __tablename__ = "events"
    __table_args__ = (Index("events_once", "run", "seq", unique=True),)

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    at: Mapped[datetime] = mapped_column(Moment)
    site: Mapped[str] = mapped_column(String(64))
    line: Mapped[str] = mapped_column(String(64))
    call: Mapped[str | None] = mapped_column(String(64), index=True)
    fact: Mapped[str] = mapped_column(String(32))
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    run: Mapped[str | None] = mapped_column(String(16))
    seq: Mapped[int | None]


class UntoldRow(Base):
    """A call that has ended, in `run`, and may owe its customer something: there until the tickets have it
    (gateway.records.untold)."""

    __tablename__ = "calls_untold"

    call: Mapped[str] = mapped_column(String(64), primary_key=True)
    site: Mapped[str] = mapped_column(String(64))
    run: Mapped[str | None] = mapped_column(String(16))


CALLS = Base.metadata.tables[CallRow.__tablename__]
EVENTS = Base.metadata.tables[EventRow.__tablename__]
UNTOLD = Base.metadata.tables[UntoldRow.__tablename__]
