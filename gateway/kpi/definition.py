"""What is told of one figure. Values only."""

from dataclasses import dataclass
from enum import StrEnum


class Unit(StrEnum):
    """What a figure is told in."""

    CALLS = "calls"
    SHARE = "share"
    """From 0 to 1."""
    SECONDS = "seconds"
    CALLS_BY_RINGS = "calls by rings"
    CALLS_BY_END = "calls by who ended them"
    CALLS_BY_CLAUSE = "calls by clause"
    TICKETS = "tickets"
    DUTIES = "duties"
    STATES = "states"
    POINTS = "points"


@dataclass(frozen=True, slots=True)
class Definition:
    """One figure. `key` is its name in JSON and CSV, `clause` what wants it."""

    key: str
    english: str
    chinese: str
    unit: Unit
    meaning_en: str
    meaning_zh: str
    clause: str | None = None
