"""A database that an earlier version wrote gets the columns it lacks."""

from sqlalchemy import Column, Connection, Dialect, inspect
from sqlalchemy.schema import CreateColumn

from gateway.records.schema import Base, CallRow

CALLS = Base.metadata.tables[CallRow.__tablename__]


def lacking(connection: Connection) -> list[Column[object]]:
    """Columns of the calls that the database does not have. Raises NoSuchTableError where it has no calls."""
    present = {column["name"] for column in inspect(connection).get_columns(CALLS.name)}
    return [column for column in CALLS.columns if column.name not in present]


def addition(column: Column[object], dialect: Dialect) -> str:
    """The statement that adds a column. It must be nullable: the rows that are there have nothing to put in it,
    and an earlier version that shares the database goes on writing rows without it."""
    assert column.nullable, f"{CALLS.name}.{column.name} must be nullable: earlier rows have none"
    return f"ALTER TABLE {CALLS.name} ADD COLUMN {CreateColumn(column).compile(dialect=dialect)}"


def upgrade(connection: Connection) -> None:
    """Add what is lacking; nothing where nothing is. Existing rows keep every value, new columns are null in them.

    Two gateways may do so at the same time: the later one's statement fails, and it finds nothing lacking when it
    tries anew.
    """
    for column in lacking(connection):
        connection.exec_driver_sql(addition(column, connection.dialect))
