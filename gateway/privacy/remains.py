"""What deleted rows leave behind in files, and how it is wiped out."""

import os
import subprocess
import sys
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final

from sqlalchemy import Engine, text

from gateway.database import RecordsError
from gateway.privacy import seek
from gateway.privacy.written import Written
from gateway.records.spool_file import DAMAGED, files_in, lines_of

TABLES: Final = ("calls", "events", "tickets", "ticket_history", "ticket_attempts", "numbers")
"""Those that held the number."""
PATIENCE: Final = 20.0
"""Seconds to wait for those who read the database while its log is emptied: reports take a few."""
AGAIN: Final = 0.1
SOUND: Final = ".wav"
CORRUPT: Final = ".corrupt-"
"""What is in the name of a database that was set aside (gateway.database.corrupt), and of what belongs to it."""


def waiting(data_dir: Path, written: Written, calls: set[str]) -> list[Path]:
    """The files of the spool in which facts of this number, or of these calls, wait for the database. Raises
    OSError."""
    return [path for path in files_in(data_dir / "spool") if _tells_of(path, written, calls)]


def damaged(data_dir: Path, written: Written, calls: set[str]) -> list[Path]:
    """The files that keep lines of the spool which could not be read, where these tell of the number: nobody
    writes them into the database any more. Raises OSError."""
    kept = sorted((data_dir / "spool").glob(f"*{DAMAGED}"))
    return [path for path in kept if _tells_of(path, written, calls)]


def _tells_of(path: Path, written: Written, calls: set[str]) -> bool:
    sought = [call.encode() for call in calls]
    with suppress(FileNotFoundError):  # its facts have just been written
        for line in lines_of(path):
            if any(call in line for call in sought) or written.is_in(line.decode(errors="replace")):
                return True
    return False


def wipe(engine: Engine, file: Path | None, written: Written, *, all_of_it: bool) -> str:
    """Have what was deleted overwritten, `all_of_it` not of this number alone; what was done for it, in words.
    Blocks. Raises SQLAlchemyError, OSError, and RecordsError where others keep SQLite's log."""
    if file is None:
        _vacuum(engine, *TABLES)
        return "its tables were vacuumed"
    _empty_log(engine)
    if written.telling and not all_of_it and not holding(files_of(file), written):
        return "what was deleted is overwritten in the file"
    # A page that was split keeps a copy until it is used again, and an earlier version overwrote nothing. Columns
    # stand in it side by side with nothing between: that a longer number holds the digits cannot be told there.
    _vacuum(engine, "")
    if not _empty_log(engine):
        raise RecordsError(f"{file.name}-wal is still read by others; wait until reports and the like are done")
    return "the file was written anew"


def files_of(file: Path) -> list[Path]:
    """A SQLite database and what belongs to it."""
    return [path for path in (file, file.with_name(f"{file.name}-wal")) if path.is_file()]


def left_in(data_dir: Path, written: Written, calls: set[str], live: Path | None) -> dict[str, str]:
    """The files of the folder in which the number still stands in plain digits, and what is to be done. Sounds are
    left out, and the database in use, whose file is `live`: its rows tell what it holds, and `wipe` sees to what
    they leave. Raises OSError."""
    files = [path for path in sorted(data_dir.rglob("*")) if path.suffix != SOUND]
    real = None if live is None else live.resolve()
    ours = () if real is None else [real.with_name(real.name + end) for end in ("", "-wal", "-shm")]
    others = (path for path in files if path.is_file() and not path.is_symlink() and path.resolve() not in ours)
    found = holding(others, written)
    return {str(path): _cure(path) for path in dict.fromkeys([*found, *damaged(data_dir, written, calls)])}


def _cure(path: Path) -> str:
    if path.name.endswith(DAMAGED):
        return "lines that could not be read tell of the number; look at the file, and delete it by hand"
    if CORRUPT in path.name:
        return "the number stands in a database that was set aside; look at it, and delete it by hand"
    return "the number, or its digits in another one, still stand in it"


def holding(paths: Iterable[Path], written: Written) -> list[Path]:
    """Those of the files in which the number's digits stand; in a text not those of a longer number. Of few
    digits that cannot be told.
    Read by another process (gateway.privacy.seek): SQLite's locks are this one's. Raises OSError."""
    asked = b"".join(os.fsencode(path) + b"\0" for path in paths)
    if not written.telling or not asked:
        return []
    command = [sys.executable, "-I", "-S", seek.__file__]
    done = subprocess.run(command, input=written.digits.encode() + b"\0" + asked, capture_output=True, check=False)
    if done.returncode:
        raise OSError(done.stderr.decode(errors="replace") or f"the files' search ended with {done.returncode}")
    return [Path(os.fsdecode(path)) for path in done.stdout.split(b"\0")[:-1]]


def _empty_log(engine: Engine) -> bool:
    """Put SQLite's write-ahead log into the file and cut it, as soon as nobody reads from it; whether it was."""
    by = time.monotonic() + PATIENCE
    with engine.connect() as connection:
        while True:
            busy, _, _ = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
            if not busy or time.monotonic() > by:
                return not busy
            time.sleep(AGAIN)  # SQLite tells nobody that a reader has gone


def _vacuum(engine: Engine, *tables: str) -> None:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SET statement_timeout = 0"))
        for table in tables:
            connection.execute(text(f"VACUUM {table}"))
        if engine.dialect.name == "postgresql":
            connection.execute(text("RESET statement_timeout"))
