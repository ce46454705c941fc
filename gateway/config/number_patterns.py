"""Patterns of the telephone numbers that may be called back: what opens every number is refused (toll fraud)."""

import re
from typing import Annotated

from pydantic import AfterValidator, Field

_LONGEST = 20
"""Digits of a number that can be dialled: E.164's fifteen, and what leads abroad before them."""
_FILLINGS = ("0", "3", "8")
"""Digits of which the trial numbers are made, after the first."""
_PLAIN = re.compile(r"(?:[0-9,?|()\[\]{}\\dD.^$+*-]|\(\?:)*")
_REPEATED_GROUP = re.compile(r"\)[*+{]")


def number_pattern(value: str) -> str:
    """A regular expression for a whole number, itself. Raises ValueError in words.

    One that takes every first digit at some length opens premium numbers and the world: who leaves his "number" on
    a hotline at night would choose what is dialled at its cost.
    """
    if not _PLAIN.fullmatch(value) or _REPEATED_GROUP.search(value):
        # Nothing else is needed for digits, and a repeated group may take a matcher hours.
        raise ValueError(f"{value!r} holds more than digits, [0-9], ?, |, (), and {{n}}")
    try:
        pattern = re.compile(value, re.ASCII)
    except re.error as error:
        raise ValueError(f"{value!r} is no regular expression ({error.msg})") from None
    for length in range(1, _LONGEST + 1):
        if all(_takes(pattern, first, length) for first in "0123456789"):
            raise ValueError(
                f"{value!r} lets numbers through whatever their first digit is, premium and foreign ones too: "
                "who calls here could have any of them dialled at your cost (toll fraud)"
            )
    return value


def _takes(pattern: re.Pattern[str], first: str, length: int) -> bool:
    return any(pattern.fullmatch(first + filling * (length - 1)) for filling in _FILLINGS)


NumberPattern = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(number_pattern)]
