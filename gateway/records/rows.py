"""Rows of one table by one statement, which is put together once."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, Dialect, Insert, Table
from sqlalchemy.sql.compiler import SQLCompiler


class Rows:
    """Writes rows whose columns are always the same. Each value becomes the database's by its column's type, as
    `Connection.execute` has it; but that looks everything up anew for each row: a fact in a transaction of its own
    costs a third more by it."""

    def __init__(self, statement: Insert, table: Table, columns: Iterable[str], dialect: Dialect) -> None:
        """`columns` are the parameters of `statement`, which inserts into `table`."""
        columns = list(columns)
        compiled = statement.compile(dialect=dialect, column_keys=columns, for_executemany=True)
        assert isinstance(compiled, SQLCompiler)
        self._statement = compiled.string
        self._names = compiled.positiontup or columns
        types = [table.c[name].type.dialect_impl(dialect) for name in self._names]
        self._binds = list(zip(self._names, (kind.bind_processor(dialect) for kind in types), strict=True))
        self._bound = self._in_order if compiled.positional else self._by_name

    def put(self, connection: Connection, rows: Iterable[Mapping[str, object]]) -> None:
        """Write them: one at least, each with all of the columns."""
        connection.exec_driver_sql(self._statement, [self._bound(row) for row in rows])

    def _in_order(self, row: Mapping[str, object]) -> Any:
        return tuple([row[name] if bind is None else bind(row[name]) for name, bind in self._binds])

    def _by_name(self, row: Mapping[str, object]) -> Any:
        return dict(zip(self._names, self._in_order(row), strict=True))
