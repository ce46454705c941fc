"""The tables of people, in the records' database. Portable SQL only."""

from datetime import datetime

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from gateway.database import Moment


class PeopleBase(DeclarativeBase):
    """All tables of people."""


class AgentLogRow(PeopleBase):
    """One change of an agent's presence; only ever added."""

    __tablename__ = "agent_log"
    __table_args__ = (Index("agent_log_agent", "site", "agent", "at"),)

    entry: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    at: Mapped[datetime] = mapped_column(Moment)
    site: Mapped[str] = mapped_column(String(64))
    agent: Mapped[str] = mapped_column(String(32))
    presence: Mapped[str] = mapped_column(String(16))
    why: Mapped[str] = mapped_column(String(64))
    run: Mapped[str | None] = mapped_column(String(16), deferred=True)
    """The run of the gateway that watched; null: of an earlier version. Deferred: read by gateways alone, a
    database of before is read without it."""


class NumberRow(PeopleBase):
    """What is known of a customer's number, at whichever site he called. `number` is in its normalised form."""

    __tablename__ = "numbers"

    number: Mapped[str] = mapped_column(String(32), primary_key=True)
    nuisance: Mapped[int] = mapped_column(default=0)
    foul_language: Mapped[int] = mapped_column(default=0)
    last_at: Mapped[datetime | None] = mapped_column(Moment)
    warned: Mapped[bool] = mapped_column(default=False, index=True)
    note: Mapped[str | None] = mapped_column(Text)
    warned_since: Mapped[datetime | None] = mapped_column(Moment)
    warned_by: Mapped[str | None] = mapped_column(String(64))
