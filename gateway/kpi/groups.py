"""By what calls are grouped. Pure."""

from collections.abc import Callable, Mapping
from enum import StrEnum

from gateway.kpi.call import CallFigures


class By(StrEnum):
    """What a group has in common."""

    AGENT = "agent"
    """Who talked to the customer first; where nobody did, who greeted."""
    LINE = "line"
    HOUR = "hour"
    """The hour of the day in which it was offered, `00` to `23`, of all days together."""
    DAY = "day"
    """The day on which it was offered, `2026-11-01`."""


_HOURS = tuple(f"{hour:02d}" for hour in range(24))

KEY_OF: Mapping[By, Callable[[CallFigures], str]] = {
    By.AGENT: lambda call: call.attended_by or call.agent,
    By.LINE: lambda call: call.line,
    By.HOUR: lambda call: _HOURS[call.offered_at.hour],
    By.DAY: lambda call: call.offered_at.date().isoformat(),
}
"""The group that a call is of, by each grouping; keys sort as text."""


def key_of(call: CallFigures, by: By) -> str:
    """The group that a call is of."""
    return KEY_OF[by](call)
