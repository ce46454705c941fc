"""A record with its times in UTC. Pure.

Python subtracts and compares two times of one zone by the hands of its clock: an hour too long or too short where
summer time began or ended between them, so whoever reckons with a record's times takes them from here.
"""

from datetime import UTC, datetime
from typing import Any

from gateway.records.named_fields import NAMES
from gateway.records.record import CallRecord

_NO_TIME = frozenset({str, int, float, bool, type(None)})
"""What most of a record is: passed by, as this is done to every call."""


def in_utc(record: CallRecord) -> CallRecord:
    """The same record; times and the time between two of them are the same moments and seconds."""
    turned: CallRecord = _in_utc(record)
    return turned


def _in_utc(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    if isinstance(value, tuple):
        return tuple(map(_in_utc, value)) if value else value
    names = NAMES[type(value)]
    if names is None:
        return value
    held = [getattr(value, name) for name in names]
    return type(value)(*[one if type(one) in _NO_TIME else _in_utc(one) for one in held])
