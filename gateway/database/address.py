"""The database's address, as `[records] url` gives it."""

from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from gateway.database.errors import RecordsError

POSTGRESQL = ("postgresql", "postgres")
"""A server by its plain name: libpq takes both (its manual, "Connection URIs")."""
DRIVER = "postgresql+psycopg"
"""What a plain name means: the driver that is installed with this package. An address may name another."""
MEMORY = (None, "", ":memory:")


def resolve(url: str, data_dir: Path) -> URL:
    """The database's address with a relative SQLite file put into `data_dir`. RecordsError where it is none."""
    try:
        resolved = make_url(url)
    except ArgumentError:
        raise RecordsError('[records] url is not a database; write "sqlite:///calls.db"') from None
    backend = resolved.get_backend_name()
    if backend != "sqlite" and backend not in POSTGRESQL:
        raise RecordsError(f"[records] url: {backend} is not supported; allowed: sqlite:///…, postgresql://…")
    if backend == "sqlite" and resolved.database in MEMORY:
        raise RecordsError('[records] url names no file; write "sqlite:///calls.db"')
    if backend == "sqlite":
        return resolved.set(database=str(data_dir / str(resolved.database)))
    return resolved.set(drivername=DRIVER) if resolved.drivername in POSTGRESQL else resolved


def sqlite_file(url: URL) -> Path | None:
    """The file of a SQLite database; None for a server."""
    return Path(str(url.database)) if url.get_backend_name() == "sqlite" else None


def name_of(url: URL) -> str:
    """What a resolved address is called in messages: the file, or the address without its password."""
    plain = url.set(drivername=POSTGRESQL[0]) if url.drivername == DRIVER else url
    return str(sqlite_file(url) or plain.render_as_string(hide_password=True))
