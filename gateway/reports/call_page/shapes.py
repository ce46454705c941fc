"""What a drawn call is made of: lanes, one below the other, with bars and marks on them. Pure; places in the
drawing's own units."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from gateway.reports.call_page.axis import LEFT, Axis
from gateway.reports.call_page.packing import Rows, fitted, text_width
from gateway.reports.pages import Words

LABEL, DETAIL = 11.0, 9.5
"""Font sizes."""
BESIDE = 7.0
"""Units between a mark's place and its label."""
INSET = 4.0
"""Units between a bar's edge and its text."""
LEAST_WIDTH = 2.0
"""Of a bar: what took no time can be seen all the same."""
NO_WORDS = Words("", "")


@dataclass(frozen=True, slots=True)
class Bar:
    """Something that lasted. `tip` is its tooltip; an `open` one has no known end; `ticks` are places in it."""

    x: float
    width: float
    kind: str
    tip: str
    label: Words = NO_WORDS
    detail: str = ""
    cut: bool = False
    open: bool = False
    ticks: tuple[float, ...] = ()
    row: int = 0
    text_x: float = 0.0
    anchor: str = "start"

    @property
    def right(self) -> float:
        """Its end."""
        return self.x + self.width


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that happened at one time, its label beside it."""

    x: float
    kind: str
    tip: str
    label: Words = NO_WORDS
    row: int = 0
    text_x: float = 0.0
    anchor: str = "start"
    width: float = 0.0
    """Of its label."""


@dataclass(frozen=True, slots=True)
class Lane:
    """A row of the drawing, or several; `top` is set when all lanes are put together."""

    key: str
    words: Words
    row_height: float
    rows: int
    bars: tuple[Bar, ...] = ()
    marks: tuple[Mark, ...] = ()
    top: float = 0.0

    @property
    def height(self) -> float:
        """Of all its rows."""
        return self.row_height * self.rows


def label_width(words: Words, size: float = LABEL) -> float:
    """Room for either language."""
    return max(text_width(words.zh, size), text_width(words.en, size))


def bar(axis: Axis, began: datetime, ended: datetime | None, kind: str, tip: str, label: Words = NO_WORDS) -> Bar:
    """A bar between two times; `ended` None: to the end of what is known."""
    x = axis.x(began)
    width = max(LEAST_WIDTH, axis.x(ended or axis.end) - x)
    return Bar(min(x, axis.right - width), round(width, 2), kind, tip, label, open=ended is None)


def pack_bars(axis: Axis, bars: Iterable[Bar], most: int) -> tuple[tuple[Bar, ...], int]:
    """The bars on rows on which no two labels meet, and how many rows. Those whose labels find no room stand
    without, together on a row of their own below."""
    packed, _, rows = pack_both(axis, bars, (), most)
    return packed, rows


def pack_both(
    axis: Axis, bars: Iterable[Bar], marks: Iterable[Mark], most: int
) -> tuple[tuple[Bar, ...], tuple[Mark, ...], int]:
    """Bars and marks that share their rows, on which no two labels meet, and how many rows. Those whose labels
    find no room stand without, together on a row of their own below."""
    rows = Rows(most)
    packed: list[Bar | Mark] = []
    bare: list[Bar | Mark] = []
    things: list[Bar | Mark] = [*bars, *marks]
    for one in sorted(things, key=lambda one: one.x):
        labelled = _labelled(axis, one, rows) if isinstance(one, Bar) else _named(axis, one, rows, BESIDE)
        (bare if labelled is None else packed).append(labelled or one)
    below = len(rows.ends)
    packed += [
        replace(one, label=NO_WORDS, detail="", row=below) if isinstance(one, Bar) else _unnamed(one, below)
        for one in bare
    ]
    drawn = sorted(packed, key=lambda one: one.x)
    return (
        tuple(one for one in drawn if isinstance(one, Bar)),
        tuple(one for one in drawn if isinstance(one, Mark)),
        below + bool(bare),
    )


def _labelled(axis: Axis, one: Bar, rows: Rows) -> Bar | None:
    """The bar with its label in it, or beginning in it and standing out where the row is free."""
    if not one.label.en and not one.detail:
        return None
    wide = max(one.width, label_width(one.label) + 2 * INSET)
    start = one.x if one.x + wide <= axis.right else max(LEFT, one.right - wide)
    row = rows.place(start, start + wide)
    if row is None:
        return None
    at_left = start == one.x
    text_x = one.x + INSET if at_left else one.right - INSET
    detail = fitted(one.detail, DETAIL, wide - 2 * INSET)
    return replace(one, row=row, text_x=round(text_x, 2), anchor="start" if at_left else "end", detail=detail)


def in_place(bars: Iterable[Bar]) -> tuple[Bar, ...]:
    """Bars on one row that never overlap, each with the texts that fit inside."""
    return tuple(
        replace(
            one,
            label=one.label if label_width(one.label) + 2 <= one.width else NO_WORDS,
            detail=one.detail if text_width(one.detail, DETAIL) + 2 <= one.width else "",
            text_x=round(one.x + one.width / 2, 2),
            anchor="middle",
        )
        for one in bars
    )


def pack_marks(
    axis: Axis, marks: Iterable[Mark], most: int, *, beside: float = BESIDE
) -> tuple[tuple[Mark, ...], int]:
    """The marks, labels beside them on rows on which no two meet, and how many rows; a label that finds no row is
    left out."""
    rows = Rows(most)
    return tuple(_beside(axis, mark, rows, beside) for mark in marks), rows.count


def _beside(axis: Axis, mark: Mark, rows: Rows, beside: float) -> Mark:
    named = _named(axis, mark, rows, beside)
    return named or _unnamed(mark, rows.squeeze(mark.x - beside, mark.x + beside))


def _unnamed(mark: Mark, row: int) -> Mark:
    return replace(mark, label=NO_WORDS, row=row)


def _named(axis: Axis, mark: Mark, rows: Rows, beside: float) -> Mark | None:
    """The mark, its label at its right, or at its left where it would leave the sheet; None: no row is free."""
    wide = round(label_width(mark.label), 2) if mark.label.en else 0.0
    at_right = mark.x + beside + wide <= axis.right
    left, right = (beside, beside + wide) if at_right else (beside + wide, beside)
    row = rows.place(mark.x - left, mark.x + right)
    if row is None:
        return None
    text_x = round(mark.x + beside if at_right else mark.x - beside, 2)
    return replace(mark, row=row, text_x=text_x, anchor="start" if at_right else "end", width=wide)
