"""Which version of the schema a database has, and which ones this version of the gateway knows.

Asked at every start, it is asked without Alembic, which takes a fifth of a second to import.
"""

from pathlib import Path

from sqlalchemy import Column, Connection, String, Table, inspect, select
from sqlalchemy.schema import MetaData

from gateway.database.errors import DatabaseNewer

MIGRATIONS = Path(__file__).parent / "migrations"
KNOWN = tuple(sorted(path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*_*.py")))
"""Every version's number, oldest first: a file's name begins with the revision that is in it."""
HEAD = KNOWN[-1]

_REVISION = Table("alembic_version", MetaData(), Column("version_num", String(32), primary_key=True))
"""Alembic's own table."""


def version_of(connection: Connection, name: str) -> str | None:
    """The version of the database's schema; None: of a gateway that kept no number, or none yet.

    Raises DatabaseNewer, naming it as `name`, where this gateway does not know it.
    """
    if not inspect(connection).has_table(_REVISION.name):
        return None
    found = connection.scalar(select(_REVISION.c.version_num))
    if found is not None and found not in KNOWN:
        raise DatabaseNewer(
            f"{name} was made by a newer version of sansheng: its schema is {found}, the last known here {HEAD}; "
            "install that version or a newer one, or name another database in [records] url; that version's "
            f"`sansheng database roll-back {HEAD}` lets this one open it; nothing in it was changed"
        )
    return str(found) if found is not None else None


def lacking(connection: Connection, table: Table) -> set[str]:
    """Names of the columns that a table of ours does not have in this database, which an earlier gateway made.
    None of a table that is not there at all: whoever reads from it is told so."""
    if not inspect(connection).has_table(table.name):
        return set()
    return set(table.columns.keys()) - {column["name"] for column in inspect(connection).get_columns(table.name)}
