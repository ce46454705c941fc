"""How a call's row is written: made, or rewritten if it is there, in one statement for all calls of a batch."""

from typing import TYPE_CHECKING

from sqlalchemy import Insert
from sqlalchemy.dialects import sqlite

from gateway.records.schema import CALLS

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql


def putting(dialect: str) -> Insert:
    """The statement for a dialect of SQLAlchemy's, `postgresql` or `sqlite`; its parameters are the columns'."""
    insert = _of_postgresql() if dialect == "postgresql" else sqlite.insert(CALLS)
    key = CALLS.c.call
    others = {column.name: insert.excluded[column.name] for column in CALLS.c if column is not key}
    return insert.on_conflict_do_update(index_elements=[key], set_=others)


def _of_postgresql() -> "postgresql.Insert":
    # Loaded by who has PostgreSQL: that takes a tenth of the time of `sansheng calls`.
    from sqlalchemy.dialects import postgresql

    return postgresql.insert(CALLS)
