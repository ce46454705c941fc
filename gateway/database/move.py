"""Moves the records from SQLite to PostgreSQL: `python -m gateway.database.move FILE postgresql://…`.

With every gateway that writes either of them stopped. The file is brought to this version's schema, and is left as
it is otherwise; the server's database must be empty, or hold our tables without a row.
"""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import (
    JSON,
    BindParameter,
    ColumnElement,
    Connection,
    DateTime,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    cast,
    event,
    func,
    insert,
    select,
    text,
)
from sqlalchemy.exc import SQLAlchemyError

from gateway.database.database import Database
from gateway.database.errors import RecordsError
from gateway.database.moment import Moment

BATCH = 1000
"""Rows a statement takes; a call's row has some kilobytes."""
USAGE = (
    "usage: python -m gateway.database.move FILE postgresql://[user@]host[:port]/database (password: PGPASSWORD)\n"
)


class NotEmpty(RecordsError):
    """There are records where others are to be moved to."""


class _Verbatim(TypeDecorator[str]):
    """JSON as the text it is: a null within it stays another thing than no value."""

    impl = Text
    cache_ok = True


class _IntoJson(_Verbatim):
    cache_ok = True

    def bind_expression(self, bindparam: BindParameter[str]) -> ColumnElement[str]:
        return cast(bindparam, JSON)


def move(file: Path, url: str) -> dict[str, int]:
    """Copy every row; gives how many, by table. All or nothing. Raises RecordsError, SQLAlchemyError, OSError."""
    if not file.is_file():
        raise RecordsError(f"{file} does not exist; name the SQLite file of [records] url")
    source, target = Database(f"sqlite:///{file.absolute()}", file.parent), Database(url, file.parent)
    if target.engine.dialect.name != "postgresql":
        raise RecordsError(f"{target.name} is no PostgreSQL database; write postgresql://[user@]host/database")
    try:
        for database in (source, target):
            database.prepare()
        with source.engine.connect() as reading, target.engine.begin() as writing:
            return _copied(reading, writing, target.name)
    finally:
        source.close()
        target.close()


def _copied(reading: Connection, writing: Connection, name: str) -> dict[str, int]:
    # A month's table takes longer than any statement of the gateway's.
    writing.execute(text("SET LOCAL statement_timeout = 0"))
    here, there = _tables(reading, _Verbatim()), _tables(writing, _IntoJson())
    tables = [table for table in there.sorted_tables if table.name != "alembic_version"]
    for table in tables:
        if writing.scalar(select(func.count()).select_from(table)):
            raise NotEmpty(f"{name} holds {table.name} already; name an empty database")
    return {table.name: _copy(reading, here.tables[table.name], writing, table) for table in tables}


def _tables(connection: Connection, json: TypeDecorator[str]) -> MetaData:
    metadata = MetaData()

    @event.listens_for(metadata, "column_reflect")
    def _(_: Any, __: Any, column: dict[str, Any]) -> None:
        if isinstance(column["type"], DateTime):
            column["type"] = Moment()
        elif isinstance(column["type"], JSON):
            column["type"] = json

    metadata.reflect(connection)
    return metadata


def _copy(reading: Connection, here: Table, writing: Connection, there: Table) -> int:
    count = 0
    names = [column.name for column in there.columns]
    rows = reading.execution_options(yield_per=BATCH).execute(select(*(here.c[name] for name in names)))
    for batch in rows.mappings().partitions():
        writing.execute(insert(there), [dict(row) for row in batch])
        count += len(batch)
    _count_on(writing, there)
    return count


def _count_on(connection: Connection, table: Table) -> None:
    """New rows are numbered from the last one that was copied."""
    for column in table.primary_key:
        sequence = connection.scalar(select(func.pg_get_serial_sequence(table.name, column.name)))
        last = connection.scalar(select(func.max(column))) if sequence else None
        if last is not None:
            connection.execute(select(func.setval(sequence, last)))


def main(arguments: Sequence[str]) -> int:
    """The command; gives its exit code."""
    if len(arguments) != 2:
        sys.stderr.write(USAGE)
        return 2
    try:
        moved = move(Path(arguments[0]), arguments[1])
    except (RecordsError, SQLAlchemyError, OSError) as error:
        sys.stderr.write(f"{getattr(error, 'orig', None) or error}\n")
        return 1
    sys.stdout.write("".join(f"{table}: {count}\n" for table, count in moved.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
