"""The period that `--since`, `--until` and `--month` name."""

import re
from datetime import datetime, tzinfo

from gateway.cli.since import YEARS, SinceError, parse_since
from gateway.reports.period import Period

_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})")


def parse_period(since: str | None, until: str | None, month: str | None, now: datetime) -> Period:
    """The period; without any of the three since the first of this month. `now` is of the site's zone. Raises
    SinceError."""
    if month is not None:
        if since is not None or until is not None:
            raise SinceError("--month goes without --since and --until; give it alone, or those")
        return _month(month, now)
    begins = _first(now.year, now.month, now.tzinfo) if since is None else parse_since(since, now)
    ends = None if until is None else parse_since(until, now, "--until")
    if begins > now:
        raise SinceError(f"--since {since}: is in the future; allowed: a time up to now")
    if ends is not None and begins >= ends:
        raise SinceError(f"--until {until}: is not after {begins:%Y-%m-%d %H:%M}, when the report begins")
    return Period(begins.astimezone(now.tzinfo), ends and ends.astimezone(now.tzinfo), now)


def _month(text: str, now: datetime) -> Period:
    named = _MONTH.fullmatch(text)
    year, month = (int(named[1]), int(named[2])) if named else (0, 0)
    if year not in YEARS or month not in range(1, 13):
        raise SinceError(f"--month {text}: not a month; allowed: one like 2026-11")
    begins = _first(year, month, now.tzinfo)
    if begins > now:
        raise SinceError(f"--month {text}: is in the future; allowed: months up to {now:%Y-%m}")
    return Period(begins, _first(year + month // 12, month % 12 + 1, now.tzinfo), now)


def _first(year: int, month: int, zone: tzinfo | None) -> datetime:
    return datetime(year, month, 1, tzinfo=zone)
