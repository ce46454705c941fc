"""The rows of a table of key accounts: a rank for each number, and every fault with its line and column."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from drivers.line.masking import NUMBER_LIKE, masked
from gateway.config import Fault
from gateway.desk.accounts import normalised, rank_named

NUMBER, RANK, NAME = "number", "rank", "name"
COLUMNS = {NUMBER: NUMBER, "号码": NUMBER, RANK: RANK, "级别": RANK, NAME: NAME, "名称": NAME}
"""Names a column may have in the header row."""
HEADER_ALLOWED = "number (号码), rank (级别) and, if wanted, name (名称)"
NUMBER_ALLOWED = "3 to 15 digits, with spaces, '-' or a leading + if wanted"
RANK_ALLOWED = "national (国家级), provincial (省级), municipal (市级) or 1 to 9"
SEPARATORS = ",;\t"
"""Excel writes a semicolon where the comma is the decimal point, and a tab in its text files."""


class NoTable(Exception):
    """Nothing more can be read; `fault` tells why."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault


@dataclass(frozen=True, slots=True)
class _Places:
    """Where in a row each column is."""

    number: int
    rank: int
    width: int


class AccountsTable:
    """What has been read so far: `ranks` by normalised number, and `faults`. A fault names no number (WD-11)."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.ranks: dict[str, int] = {}
        self.faults: list[Fault] = []
        self._first: dict[str, int] = {}
        """The line that named each number first."""

    def read(self, text: str) -> None:
        """Read header and rows. Raises NoTable where it is no such table."""
        rows = self._rows(text)
        line, header = next(rows, (1, []))
        if not header:
            raise NoTable(Fault(self._path, line, "", f"is empty; allowed: a header row with {HEADER_ALLOWED}"))
        places = self._places(line, header)
        for line, row in rows:
            self._take(line, row, places)

    def _rows(self, text: str) -> Iterator[tuple[int, list[str]]]:
        """Each row that holds anything, with the line it begins on."""
        first = text.lstrip().partition("\n")[0]
        separator = max(SEPARATORS, key=first.count)
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
        while True:
            line = reader.line_num + 1
            try:
                row = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                raise NoTable(Fault(self._path, line, "", f"is no CSV: {error}; allowed: a CSV file")) from None
            if any(map(str.strip, row)):
                yield line, row

    def _places(self, line: int, header: Sequence[str]) -> _Places:
        named = [COLUMNS.get(name.strip().lower()) for name in header]
        wrong = []
        for name, column in zip(header, named, strict=True):
            if column is None:
                wrong.append(Fault(self._path, line, _short(name), f"no such column; allowed: {HEADER_ALLOWED}"))
            elif named.count(column) > 1:
                wrong.append(Fault(self._path, line, _short(name), f"column {column} twice; allowed: once"))
        wrong += [
            Fault(self._path, line, column, f"no such column here; allowed: {HEADER_ALLOWED}")
            for column in (NUMBER, RANK)
            if column not in named
        ]
        if wrong:
            self.faults += wrong[:-1]
            raise NoTable(wrong[-1])
        return _Places(named.index(NUMBER), named.index(RANK), len(header))

    def _take(self, line: int, row: Sequence[str], places: _Places) -> None:
        if len(row) > places.width and any(map(str.strip, row[places.width :])):
            self._wrong(line, "", f"has {len(row)} columns; allowed: the header's {places.width}")
            return
        number = normalised(row[places.number]) if places.number < len(row) else None
        rank = rank_named(row[places.rank]) if places.rank < len(row) else None
        if number is None:
            self._wrong(line, NUMBER, _why_no_number(row[places.number] if places.number < len(row) else ""))
        if rank is None:
            given = _short(row[places.rank]) if places.rank < len(row) else ""
            self._wrong(line, RANK, f"{given!r} is no rank; allowed: {RANK_ALLOWED}")
        if number is None or rank is None:
            return
        if self.ranks.setdefault(number, rank) != rank:
            first, other = self._first[number], self.ranks[number]
            self._wrong(line, NUMBER, f"has rank {rank} here and {other} in line {first}; allowed: one rank")
        self._first.setdefault(number, line)

    def _wrong(self, line: int, column: str, message: str) -> None:
        self.faults.append(Fault(self._path, line, column, message))


def _why_no_number(given: str) -> str:
    if "E+" in given.upper():
        return f"was rounded by a spreadsheet; allowed: {NUMBER_ALLOWED}, in a column formatted as text"
    return f"{'no telephone number' if given.strip() else 'is empty'}; allowed: {NUMBER_ALLOWED}"


def _short(text: str) -> str:
    """A piece of a file fit for a message: not a whole page, and no customer's number (WD-11)."""
    shortened = text.strip()[:30]
    return masked(shortened) if sum(map(str.isdigit, shortened)) >= NUMBER_LIKE else shortened
