"""What the tickets of one gateway need to know."""

from dataclasses import dataclass, field
from datetime import UTC, tzinfo

from gateway.records.config import RecordsConfig
from gateway.tickets.hours import Hours
from gateway.tickets.policy import HOUR, CallBackPolicy

DEADLINE = 24 * HOUR
"""JH-19: what cannot be answered now is answered within 24 hours."""
REMIND_BEFORE = HOUR
"""Seconds before a deadline at which its owner is reminded: time for one more call."""
DEFAULT_HOURS = "08:30-20:30"


def default_hours(zone: tzinfo = UTC) -> Hours:
    """When customers are called where nothing else is said."""
    return Hours.parse(DEFAULT_HOURS, zone)


@dataclass(frozen=True, slots=True)
class TicketsConfig:
    """The tickets of one gateway: they are in the records' database, under its site."""

    records: RecordsConfig
    agents: tuple[str, ...] = ()
    """Numbers of those whom a ticket may be given to."""
    deadline: float = DEADLINE
    """Seconds from a ticket's opening in which the customer is answered: the promised time (ET-3), if there is
    one."""
    remind_before: float = REMIND_BEFORE
    policy: CallBackPolicy = field(default_factory=lambda: CallBackPolicy(default_hours()))
