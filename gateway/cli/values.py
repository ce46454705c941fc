"""Values of options, from their text: what is wrong with one, and what is allowed, in words of our own."""

import math
from collections.abc import Callable, Sequence
from typing import Final

import typer

_SHOWN: Final = 60
"""Characters of a wrong value that are told."""


def whole(least: int, most: int | None = None) -> Callable[[str | int], int]:
    """Reads a whole number from `least` to `most`; raises BadParameter for other texts. A default passes, too."""
    allowed = f"a whole number from {least} {'on' if most is None else f'to {most}'}"

    def read(given: str | int) -> int:
        text = str(given).strip()
        # Python refuses to read integers of thousands of digits.
        number = int(text) if text.isascii() and text.removeprefix("-").isdigit() and len(text) <= _SHOWN else None
        if number is None or not least <= number <= (number if most is None else most):
            raise _wrong(given, allowed)
        return number

    return read


def seconds(least: float, most: float) -> Callable[[str | float], float]:
    """Reads a number of seconds from `least` to `most`; raises BadParameter for any other text."""

    def read(given: str | float) -> float:
        try:
            number = float(given)
        except ValueError:
            number = math.nan
        if not least <= number <= most:
            raise _wrong(given, f"seconds from {least:g} to {most:g}")
        return number

    return read


def one_of(names: Sequence[str]) -> Callable[[str], str]:
    """Takes one of these `names`; raises BadParameter for any other text."""

    def read(given: str) -> str:
        if given not in names:
            raise _wrong(given, ", ".join(names))
        return given

    return read


def _wrong(given: object, allowed: str) -> typer.BadParameter:
    text = str(given)
    shown = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
    return typer.BadParameter(f"{shown!r}; allowed: {allowed}")
