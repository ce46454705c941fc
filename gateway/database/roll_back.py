"""Back to an earlier version of the gateway: its schema's number on a database that has a newer one.

Columns and tables are only ever added, and what is added may be null: an earlier gateway reads and writes such a
database as if they were not there. So nothing is taken away, no record is lost, and when the newer gateway comes
back its migrations leave alone what they find.
"""

from sqlalchemy import Engine, text

from gateway.database.errors import RecordsError
from gateway.database.migrating import alone
from gateway.database.schema import HEAD, KNOWN, version_of


class SchemaUnknown(RecordsError):
    """There is no such schema, or the database has none yet."""


def roll_back(engine: Engine, name: str, schema: str) -> str:
    """Let the gateway whose newest schema is `schema` open this database; gives the schema that it had.

    Where it has that one or an earlier one nothing is changed. A gateway that is to migrate it meanwhile waits.
    Raises SchemaUnknown, DatabaseNewer, and SQLAlchemyError where the database does not let it; it is then as it
    was.
    """
    if schema not in KNOWN:
        raise SchemaUnknown(f"there is no schema {schema!r}; known here are {KNOWN[0]} to {HEAD}")
    with engine.connect() as connection, connection.begin():
        alone(connection)
        before = version_of(connection, name)
        if before is None:
            raise SchemaUnknown(f"{name} has no schema with a number: any version of sansheng opens it as it is")
        if before > schema:
            connection.execute(text("UPDATE alembic_version SET version_num = :schema"), {"schema": schema})
    return before
