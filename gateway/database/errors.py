"""What can be wrong with the records' database, one class for each cause a caller can act on.

RecordsError
├── RecordsMissing    there is no database yet
└── DatabaseNewer     a newer version of the gateway made it what it is
"""

from pathlib import Path


class RecordsError(Exception):
    """The records cannot be used; the message names them and the cure."""


class RecordsMissing(RecordsError):
    """There is no database yet."""


class DatabaseNewer(RecordsError):
    """The database has a schema that this version does not know; nothing in it is touched."""


CURE = "for the cure: sansheng doctor"
"""It knows a locked file from a corrupt one, and a server that is down from one that refuses."""


def missing(file: Path, what: str) -> RecordsError:
    """That there is no SQLite file to read `what` from, and what is there in its place."""
    if file.is_symlink() and not file.exists():
        return RecordsError(f"{file} is a link to what is not there; mend it, or correct [records] url")
    if file.exists():
        kind = "a folder" if file.is_dir() else "no file"
        return RecordsError(f"{file} is {kind}; move it away, or correct [records] url")
    return RecordsMissing(f"no {what} yet: {file} does not exist; `sansheng run` makes it")


def said(error: BaseException) -> str:
    """What a driver or the system says of an error, in one line: libpq tells its advice on lines of its own. Never
    the statement: its values are customers' numbers (WD-11)."""
    original = getattr(error, "orig", None) or error
    told = getattr(original, "strerror", None) or str(original)
    return " ".join(str(told).split()) or type(original).__name__
