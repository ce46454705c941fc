"""Times of the site's zone that can be reckoned with. Pure."""

from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache


def zoned(at: datetime, zone: tzinfo | None = None) -> datetime:
    """The same moment in `zone` (None: in its own), with the offset alone that the zone has then. Python subtracts
    and compares two times of one zone by the wall clock: an hour off where summer time begins or ends in between.
    """
    local = at if zone is None else at.astimezone(zone)
    offset = local.utcoffset()
    return local if offset is None else local.replace(tzinfo=_offset(offset), fold=0)


def before(at: datetime, seconds: float) -> datetime:
    """The moment so long before, in the same zone. Python would go back by the wall clock, and forget which of two
    hours of the same name it was."""
    return (at.astimezone(UTC) - timedelta(seconds=seconds)).astimezone(at.tzinfo)


@lru_cache(maxsize=16)
def _offset(offset: timedelta) -> timezone:
    return timezone(offset)
