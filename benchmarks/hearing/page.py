"""Markdown: tables with their definitions, sections, cells."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

Row = Sequence[str]


@dataclass(frozen=True, slots=True)
class Table:
    """One table; what its figures mean stands under it."""

    title: str
    header: Row
    rows: Sequence[Row]
    meaning: str = ""

    def markdown(self) -> str:
        """The table, a line above that names it, its meaning below."""
        lines = [f"### {self.title}", "", _line(self.header), _line(["---"] * len(self.header))]
        lines += [_line(row) for row in self.rows]
        return "\n".join([*lines, *(["", self.meaning] if self.meaning else []), ""])


@dataclass(frozen=True, slots=True)
class Section:
    """Tables that belong together."""

    title: str
    tables: Sequence[Table]

    def markdown(self) -> str:
        """The section with its heading."""
        return "\n".join([f"## {self.title}", "", *(table.markdown() for table in self.tables)])


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def percent(part: float, whole: float, digits: int = 1) -> str:
    """`part` of `whole` as a percentage; a dash of nothing."""
    return f"{100 * part / whole:.{digits}f} %" if whole else "–"


def share(value: float, digits: int = 1) -> str:
    """A share, 0…1, as a percentage; a dash if it is not known."""
    return "–" if math.isnan(value) else f"{100 * value:.{digits}f} %"


def seconds(time: float | None) -> str:
    """A time; None is never, NaN a dash."""
    if time is None:
        return "never"
    return "–" if math.isnan(time) else f"{time:.2f} s"


def decibels(value: float | None) -> str:
    """A level or ratio, rounded."""
    return "–" if value is None else f"{round(value)} dB"
