"""Rows that cannot be read: SQLite has no checksums, and one flipped bit makes a time or a JSON that is none.
Such a row is left out and told; the others are read as ever.
"""

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from sqlalchemy import Connection
from sqlalchemy.orm import Session

SPOILED = (ValueError, TypeError, AttributeError, LookupError, ArithmeticError)
"""What comes of a value that is not of its column's kind, in whatever is made of it."""
NAMED = 5
"""Rows that are named in one message; the others are counted."""

Made = TypeVar("Made")


class Unreadable:
    """The rows that were left out, by a name that people can look for: `call 2026…`, `ticket 7`."""

    def __init__(self) -> None:
        self._names: dict[str, None] = {}
        self._told = 0

    def add(self, name: str) -> None:
        """Note a row; one that is known already stays noted once."""
        self._names[name] = None

    def __len__(self) -> int:
        return len(self._names)

    @property
    def names(self) -> list[str]:
        """Of all of them."""
        return list(self._names)

    def told(self) -> str:
        """All of them in one line."""
        return _told(list(self._names))

    def news(self) -> str | None:
        """The same of those that were noted since this was last asked; None: no others."""
        new = list(self._names)[self._told :]
        self._told = len(self._names)
        return _told(new) if new else None


def each_read(
    session: Session | Connection,
    query: Any,
    key: Any,
    made: Callable[[Any], Made],
    left_out: Callable[[Any], None],
) -> Iterator[Made]:
    """What `made` makes of each row of `query`, a Select, in its order; of a spoiled row `left_out` is told the
    `key`, the column that names it. All rows are in memory. Raises SQLAlchemyError."""
    try:
        found = [made(row) for row in session.execute(query)]
    except SPOILED:
        found = list(_singly(session, query, key, made, left_out))
    yield from found


def _singly(
    session: Session | Connection,
    query: Any,
    key: Any,
    made: Callable[[Any], Made],
    left_out: Callable[[Any], None],
) -> Iterator[Made]:
    """Row by row: one that is spoiled fails all that are fetched with it."""
    for one in session.scalars(query.with_only_columns(key)).all():
        try:
            for row in session.execute(query.where(key == one)):
                yield made(row)
        except SPOILED:
            left_out(one)


def _told(names: list[str]) -> str:
    named = ", ".join(names[:NAMED])
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    what = "a row is spoiled" if len(names) == 1 else f"{len(names)} rows are spoiled"
    return f"{what} and left out: {named}{more}; keep a copy of the database, and look at its disk (dmesg)"
