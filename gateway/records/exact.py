"""A record whose times can be reckoned with. Pure.

Python subtracts and compares two times of one zone by the hands of its clock: an hour too long or too short where
summer time began or ended between them, so whoever reckons with a record's times takes them from here.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from gateway.records.named_fields import NAMES
from gateway.records.record import CallRecord

_NO_TIME = frozenset({str, int, float, bool, type(None)})
"""What most of a record is: passed by, as this is done to every call."""


_AFTER = timedelta(days=1)
"""By which a fact may be later than its call's end, as a clock that was set back has told that."""


def exact(record: CallRecord) -> CallRecord:
    """The same record; its times are the same moments, and so many seconds lie between two of them. In UTC, unless
    its zone's clock went on evenly all the while: most calls, and all in China."""
    if record.ended_at is not None and record.offered_at.utcoffset() == (record.ended_at + _AFTER).utcoffset():
        return record
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
