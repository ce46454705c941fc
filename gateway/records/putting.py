"""How facts, calls and notes of calls are written: all of a batch by one statement each."""

from typing import TYPE_CHECKING

from sqlalchemy import Dialect, Insert, Table, insert
from sqlalchemy.dialects import sqlite

from gateway.records.rows import Rows
from gateway.records.schema import CALLS, EVENTS, UNTOLD

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql


def facts_put(dialect: Dialect) -> Rows:
    """Adds facts to the journal, which numbers them."""
    columns = [column.name for column in EVENTS.c if column is not EVENTS.c.number]
    return Rows(insert(EVENTS), EVENTS, columns, dialect)


def calls_put(dialect: Dialect) -> Rows:
    """Makes the row of each call, or rewrites it if it is there. For SQLAlchemy's `postgresql` and `sqlite`."""
    return Rows(_making(CALLS, dialect.name), CALLS, CALLS.c.keys(), dialect)


def untold_put(dialect: Dialect) -> Rows:
    """The same for the notes of gateway.records.untold."""
    return Rows(_making(UNTOLD, dialect.name), UNTOLD, UNTOLD.c.keys(), dialect)


def _making(table: Table, dialect: str) -> Insert:
    making = _of_postgresql(table) if dialect == "postgresql" else sqlite.insert(table)
    others = {column.name: making.excluded[column.name] for column in table.c if not column.primary_key}
    return making.on_conflict_do_update(index_elements=table.primary_key, set_=others)


def _of_postgresql(table: Table) -> "postgresql.Insert":
    # Loaded by who has PostgreSQL: that takes a tenth of the time of `sansheng calls`.
    from sqlalchemy.dialects import postgresql

    return postgresql.insert(table)
