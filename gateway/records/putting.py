"""How a call's row is written: made, or rewritten if it is there, in one statement for all calls of a batch."""

from sqlalchemy import Insert
from sqlalchemy.dialects import postgresql, sqlite

from gateway.records.schema import CALLS


def putting(dialect: str) -> Insert:
    """The statement for a dialect of SQLAlchemy's, `postgresql` or `sqlite`; its parameters are the columns'."""
    insert = postgresql.insert(CALLS) if dialect == "postgresql" else sqlite.insert(CALLS)
    key = CALLS.c.call
    others = {column.name: insert.excluded[column.name] for column in CALLS.c if column is not key}
    return insert.on_conflict_do_update(index_elements=[key], set_=others)
