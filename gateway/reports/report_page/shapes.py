"""What plots are made of, and their scales. Pure; places in a plot's own units."""

from dataclasses import dataclass
from math import ceil, floor, log10

from gateway.reports.pages import Words


@dataclass(frozen=True, slots=True)
class Rect:
    """A bar, or a part of one. `kind` gives its colour, `tip` is its tooltip."""

    x: float
    y: float
    width: float
    height: float
    kind: str
    tip: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A straight line."""

    x1: float
    y1: float
    x2: float
    y2: float
    kind: str


@dataclass(frozen=True, slots=True)
class Dot:
    """A value at a place; one that is `bad` has another form, too."""

    x: float
    y: float
    bad: bool
    tip: str


@dataclass(frozen=True, slots=True)
class Text:
    """Something written."""

    x: float
    y: float
    words: Words
    kind: str = ""
    anchor: str = "middle"


@dataclass(frozen=True, slots=True)
class Plot:
    """A drawing of figures: `label` is read out in its place."""

    width: float
    height: float
    label: Words
    rects: tuple[Rect, ...] = ()
    lines: tuple[Line, ...] = ()
    dots: tuple[Dot, ...] = ()
    curves: tuple[str, ...] = ()
    """Paths through dots, as SVG writes them."""
    texts: tuple[Text, ...] = ()
    legend: tuple[tuple[str, Words], ...] = ()
    """Kinds and what they mean."""


@dataclass(frozen=True, slots=True)
class Scale:
    """Values from `low` to `high` on the places from `begin` to `end`."""

    low: float
    high: float
    begin: float
    end: float

    def __call__(self, value: float) -> float:
        """The place of a value; one beyond the scale is at its end."""
        part = (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        return round(self.begin + part * (self.end - self.begin), 2)


def same(text: str) -> Words:
    """A text that is the same in both languages."""
    return Words(text, text)


def step(most: float, ticks: int) -> float:
    """A step that people count in (1, 2 or 5 times a power of ten) of which `ticks` at most reach `most`."""
    least = most / ticks
    power = 10.0 ** floor(log10(least))
    return next(factor * power for factor in (1.0, 2.0, 5.0, 10.0) if factor * power >= least * 0.999)


def whole_ticks(most: int, ticks: int = 5) -> list[int]:
    """From 0 on, whole numbers up to the first that is not less than `most`; at least to 1."""
    every = max(1, round(step(max(most, 1), ticks)))
    return [every * number for number in range(ceil(max(most, 1) / every) + 1)]
