"""The hours of the day in which customers may be called. Pure."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import Self

from gateway.config.clock import hours, minutes


@dataclass(frozen=True, slots=True)
class Hours:
    """From `opens` to `closes`, minutes after midnight, on the clocks of `zone`."""

    opens: int
    closes: int
    zone: tzinfo

    @classmethod
    def parse(cls, text: str, zone: tzinfo) -> Self:
        """`08:30-20:30`; the end may be 24:00. Raises ValueError in words."""
        opens, closes = (minutes(one) for one in hours(text).split("-"))
        return cls(opens, closes, zone)

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
