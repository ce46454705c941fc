"""The times that `--since` and its like name."""

import re
from datetime import datetime, time, timedelta

_AGO = re.compile(r"([0-9]{1,6})([mhdw])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
SINCE_ALLOWED = "today, 90m, 24h, 7d, 4w, 2026-02-17 or 2026-02-17T09:30"


YEARS = range(1970, 2200)
"""Of times in the records. Near the ends of the calendar a time has no equal in another zone."""


class SinceError(ValueError):
    """An option that names no time, or none that can be meant."""


def parse_since(text: str, now: datetime, option: str = "--since") -> datetime:
    """The time that an option names: `today`, so long ago, a date or a time in `now`'s zone. Raises SinceError."""
    if text == "today":
        return datetime.combine(now.date(), time(), tzinfo=now.tzinfo)
    try:
        if ago := _AGO.fullmatch(text):
            at: datetime | None = now - timedelta(**{_UNITS[ago[2]]: int(ago[1])})
        else:
            at = datetime.fromisoformat(text)
    except (ValueError, OverflowError):
        at = None
    if at is None or at.year not in YEARS:
        raise SinceError(f"{option} {text}: not a time; allowed: {SINCE_ALLOWED}")
    return at if at.tzinfo else at.replace(tzinfo=now.tzinfo)
