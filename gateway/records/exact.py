"""A record with its times in UTC. Pure.

Python subtracts and compares two times of one zone by the hands of its clock: an hour too long or too short where
summer time began or ended between them, so whoever reckons with a record's times takes them from here.
"""

from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime
from typing import Any

from gateway.records.record import CallRecord


def in_utc(record: CallRecord) -> CallRecord:
    """The same record; times and the time between two of them are the same moments and seconds."""
    return replace(record, **_turned(record))


def _turned(noted: Any) -> dict[str, Any]:
    return {field.name: _in_utc(getattr(noted, field.name)) for field in fields(noted)}


def _in_utc(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    if isinstance(value, tuple):
        return tuple(map(_in_utc, value))
    return replace(value, **_turned(value)) if is_dataclass(value) and not isinstance(value, type) else value
