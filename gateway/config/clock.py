"""Times of the day and days of the week, as people write them. Each check raises ValueError in words."""

import re
from collections.abc import Iterable, Iterator
from datetime import time
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
"""In the order of `date.weekday()`."""
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])|24:00")


def minutes(value: str) -> int:
    """Minutes after midnight of a `HH:MM`, 24:00 at most."""
    if not _CLOCK.fullmatch(value):
        raise ValueError(f"{value!r} is no time of day")
    hour, _, minute = value.partition(":")
    return int(hour) * 60 + int(minute)


def clock(value: Any) -> time:
    """`08:30`; 24:00 is midnight."""
    if not isinstance(value, str):
        raise ValueError("is no text in quotes")
    of_day = minutes(value) % (24 * 60)
    return time(of_day // 60, of_day % 60)


def hours(value: str) -> str:
    """`08:30-20:30`, itself: the first earlier than the second."""
    first, dash, second = value.partition("-")
    if not dash or minutes(first) >= minutes(second):
        raise ValueError(f"{value!r} are no hours of a day")
    return value


def day_or_span(value: str) -> str:
    """`sat`, or `mon-fri`, itself."""
    for day in value.split("-", maxsplit=1):
        if day not in DAYS:
            raise ValueError(f"{day!r} is no day")
    return value


def weekdays(named: Iterable[str]) -> frozenset[int]:
    """Checked days and spans as days of the week, 0 for Monday; a span may go over Sunday: fri-mon."""
    return frozenset(day for name in named for day in _span(name))


def _span(name: str) -> Iterator[int]:
    first, _, last = name.partition("-")
    begins, ends = DAYS.index(first), DAYS.index(last or first)
    return ((begins + further) % len(DAYS) for further in range((ends - begins) % len(DAYS) + 1))


Clock = Annotated[time, BeforeValidator(clock)]
Hours = Annotated[str, AfterValidator(hours)]
Day = Annotated[str, AfterValidator(day_or_span)]
