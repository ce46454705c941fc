"""The table of key accounts (TT-4) from a CSV file, as Excel or a database writes it."""

import logging
from collections.abc import Sequence
from pathlib import Path

from gateway.config import ConfigErrors, Fault
from gateway.desk.accounts import KeyAccounts
from gateway.people.accounts_table import AccountsTable, NoTable

log = logging.getLogger(__name__)

FAULTS_SHOWN = 20
"""A table that is wrong throughout is wrong for one reason."""
LARGEST = 64_000_000
"""Bytes; a hundred thousand accounts take four million, and the file is held in memory."""


def read_accounts(path: Path) -> KeyAccounts:
    """Read a CSV file in UTF-8 (with or without its mark) or GB18030. Blocks: 100 000 rows take half a second.

    Raises ConfigErrors with the faults found, the first 20 of them, each as `file:line: column: what is wrong,
    what is allowed`. A fault names no number: they are customers' (WD-11).
    """
    table = AccountsTable(path)
    try:
        table.read(_text(path))
    except NoTable as error:
        table.faults.append(error.fault)
    if table.faults:
        raise ConfigErrors(_bounded(table.faults))
    return KeyAccounts(table.ranks)


class AccountsFile:
    """Key accounts from a file that is read anew when it has changed; one that is then wrong changes nothing."""

    def __init__(self, path: Path) -> None:
        """Reads the file. Raises ConfigErrors as `read_accounts` does."""
        self._path = path
        self._seen = _stamp(path)
        self._accounts = read_accounts(path)

    def rank_of(self, number: str) -> int | None:
        """As KeyAccounts has it; from any thread."""
        return self._accounts.rank_of(number)

    def look(self) -> None:
        """Read the file again if it has changed; what is wrong goes to the log. Blocks; never raises."""
        stamp = _stamp(self._path)
        if stamp == self._seen:
            return
        self._seen = stamp
        try:
            self._accounts = read_accounts(self._path)
        except ConfigErrors as errors:
            for fault in errors.faults:
                log.error("key accounts: %s", fault)
            log.error("key accounts: the %d read before stay in force", len(self._accounts))
        else:
            log.info("key accounts: %d read from %s", len(self._accounts), self._path)


def _stamp(path: Path) -> tuple[int, int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def _text(path: Path) -> str:
    """The file's text. Raises NoTable where it holds none."""
    data = _bytes(path)
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise NoTable(Fault(path, 1, "", "is an Excel workbook; allowed: a CSV file, which Excel saves as one"))
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
        else:
            break
    else:
        raise NoTable(Fault(path, line, "", "is no text; allowed: UTF-8 or GB18030"))
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise NoTable(Fault(path, line, "", "holds a NUL byte; allowed: a CSV file in UTF-8 or GB18030"))
    return text


def _bytes(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise NoTable(Fault(path, 1, "", "is a folder; allowed: a readable CSV file"))
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise NoTable(Fault(path, 1, "", f"cannot be read ({reason}); allowed: a readable CSV file")) from None
    if len(data) > LARGEST:
        raise NoTable(Fault(path, 1, "", f"is larger than {LARGEST // 1_000_000} MB; allowed: a smaller file"))
    return data


def _bounded(faults: Sequence[Fault]) -> list[Fault]:
    """The first faults by line, and how many more there are."""
    ordered = sorted(faults)
    shown, rest = ordered[:FAULTS_SHOWN], ordered[FAULTS_SHOWN:]
    if rest:
        shown.append(
            Fault(rest[0].file, rest[0].line, "", f"{len(rest)} more faults from here on; mend these first")
        )
    return shown
