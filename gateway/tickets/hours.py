"""The hours of the day in which customers may be called. Pure."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import Self

_HOURS = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])-(?:([01][0-9]|2[0-3]):([0-5][0-9])|(24):(00))")
HOURS_ALLOWED = 'HH:MM-HH:MM, the first earlier than the second, like "08:30-20:30"'


@dataclass(frozen=True, slots=True)
class Hours:
    """From `opens` to `closes`, minutes after midnight, on the clocks of `zone`."""

    opens: int
    closes: int
    zone: tzinfo

    @classmethod
    def parse(cls, text: str, zone: tzinfo) -> Self:
        """`08:30-20:30`; the end may be 24:00. Raises ValueError with what is allowed."""
        match = _HOURS.fullmatch(text)
        if match is None:
            raise ValueError(f"{text!r} are no hours; allowed: {HOURS_ALLOWED}")
        first, second = (int(hour) * 60 + int(minute) for hour, minute in _pairs(match))
        if first >= second:
            raise ValueError(f"{text!r} are no hours; allowed: {HOURS_ALLOWED}")
        return cls(first, second, zone)

    def hold(self, at: datetime) -> bool:
        """Whether customers may be called then."""
        local = at.astimezone(self.zone)
        return self.opens <= local.hour * 60 + local.minute < self.closes

    def opening(self, at: datetime) -> datetime:
        """`at` itself if it is within the hours, else when they begin next."""
        if self.hold(at):
            return at
        local = at.astimezone(self.zone)
        days = 0 if local.hour * 60 + local.minute < self.opens else 1
        return self.on(at, days, self.opens)

    def on(self, at: datetime, days: int, minute: int) -> datetime:
        """So many minutes after midnight, so many days after the day of `at`."""
        day = at.astimezone(self.zone).date() + timedelta(days=days)
        return datetime.combine(day, time(minute // 60, minute % 60), tzinfo=self.zone)


def later(at: datetime, seconds: float) -> datetime:
    """So many seconds after `at`, in its zone: by the clock that never jumps, where `+` would go by the wall's."""
    return (at.astimezone(UTC) + timedelta(seconds=seconds)).astimezone(at.tzinfo)


def _pairs(match: re.Match[str]) -> tuple[tuple[str, str], tuple[str, str]]:
    return (match[1], match[2]), (match[3] or match[5], match[4] or match[6])
