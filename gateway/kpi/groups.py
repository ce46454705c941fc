"""By what calls are grouped. Pure."""

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


def key_of(call: CallFigures, by: By) -> str:
    """The group that a call is of; keys sort as text."""
    match by:
        case By.AGENT:
            return call.attended_by or call.agent
        case By.LINE:
            return call.line
        case By.HOUR:
            return f"{call.offered_at.hour:02d}"
        case By.DAY:
            return call.offered_at.date().isoformat()
