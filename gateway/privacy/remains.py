"""What deleted rows leave behind in files, and how it is wiped out."""

import mmap
import time
from pathlib import Path
from typing import Final

from sqlalchemy import Engine, text

from gateway.privacy.written import Written

TABLES: Final = ("calls", "events", "tickets", "ticket_history", "ticket_attempts", "numbers")
"""Those that held the number."""
PATIENCE: Final = 20.0
"""Seconds to wait for those who read the database while its log is emptied: reports take a few."""
AGAIN: Final = 0.1
SOUND: Final = ".wav"


def waiting(data_dir: Path, written: Written, calls: set[str]) -> list[Path]:
    """The files of the spool in which facts of this number, or of these calls, wait for the database."""
    sought = [call.encode() for call in calls]
    found = []
    for path in sorted((data_dir / "spool").glob("*")):
        content = path.read_bytes()
        if any(call in content for call in sought) or written.is_in(content.decode(errors="replace")):
            found.append(path)
    return found


def wipe(engine: Engine, file: Path | None, written: Written) -> str:
    """Have what was deleted overwritten; what was done for it, in words. Blocks. Raises SQLAlchemyError."""
    if file is None:
        _vacuum(engine, *TABLES)
        return "its tables were vacuumed"
    _empty_log(engine)
    if written.whole and not any(holds(path, written) for path in files_of(file)):
        return "what was deleted is overwritten in the file"
    # A page that was split keeps a copy until it is used again, and an earlier version overwrote nothing.
    _vacuum(engine, "")
    _empty_log(engine)
    return "the file was written anew"


def files_of(file: Path) -> list[Path]:
    """A SQLite database and what belongs to it."""
    return [path for path in (file, file.with_name(f"{file.name}-wal")) if path.is_file()]


def left_in(data_dir: Path, written: Written) -> list[Path]:
    """The files of the folder, but for sounds, in which the number still stands in plain digits."""
    files = (path for path in sorted(data_dir.rglob("*")) if path.suffix != SOUND)
    return [path for path in files if path.is_file() and not path.is_symlink() and holds(path, written)]


def holds(path: Path, written: Written) -> bool:
    """Whether the number's digits stand in a file. Of one that is not whole that cannot be told."""
    if not written.whole or not path.stat().st_size:
        return False
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return content.find(written.digits.encode()) >= 0


def _empty_log(engine: Engine) -> None:
    """Put SQLite's write-ahead log into the file and cut it, as soon as nobody reads from it."""
    by = time.monotonic() + PATIENCE
    with engine.connect() as connection:
        while True:
            busy, _, _ = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
            if not busy or time.monotonic() > by:
                return  # what is left then is looked for
            time.sleep(AGAIN)


def _vacuum(engine: Engine, *tables: str) -> None:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SET statement_timeout = 0"))
        for table in tables:
            connection.execute(text(f"VACUUM {table}"))
        if engine.dialect.name == "postgresql":
            connection.execute(text("RESET statement_timeout"))
