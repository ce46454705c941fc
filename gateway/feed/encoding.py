"""How the line-status feed writes things down: messages, JSON, times, levels. Pure."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

LEVEL_FLOOR = -120.0
"""dBFS; what stands for digital silence, whose logarithm JSON cannot hold."""


@dataclass(frozen=True, slots=True)
class Message:
    """One MQTT message of the feed; QoS 1 always."""

    topic: str
    payload: bytes
    retained: bool
    expiry: int | None = None
    """Seconds for which a message that is not retained is worth being delivered; None: as long as any event. Told
    to MQTT 5 brokers alone, as is what follows."""
    correlation: bytes | None = None
    """What the request held that this is the answer to, for the requester to know it by."""


_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))
"""Made once: json.dumps makes one for every call."""


def encode(fields: Mapping[str, Any]) -> bytes:
    """UTF-8 JSON with the Chinese left readable. Raises ValueError for a number JSON does not have."""
    return _ENCODER.encode(fields).encode(errors="replace")


def rfc3339(at: datetime) -> str:
    """An aware time with its offset and milliseconds: `2026-02-17T09:30:00.250+08:00`."""
    return at.isoformat(timespec="milliseconds")


def decibels(value: float | None) -> float | None:
    """A level or ratio in one decimal; digital silence is LEVEL_FLOOR, what is no number is None."""
    if value is None or math.isnan(value):
        return None
    return round(min(max(value, LEVEL_FLOOR), -LEVEL_FLOOR), 1)


def milliseconds(seconds: float) -> int | None:
    """Whole milliseconds; None for what is no duration, which JSON could not hold."""
    return round(seconds * 1000) if math.isfinite(seconds * 1000) else None
