"""The time that a report is about."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gateway.records.noted import rfc3339, rfc3339_or_none


@dataclass(frozen=True, slots=True)
class Period:
    """From `since` to before `until`; until None everything since, which was all there was at `now`. All aware, of
    the site's zone."""

    since: datetime
    until: datetime | None
    now: datetime

    @property
    def ends(self) -> datetime:
        """Its last moment that has come."""
        return self.now if self.until is None else min(self.until, self.now)

    @property
    def shown(self) -> str:
        """As people write it: `2026-10-01 – 2026-10-31`, with the time where it is not midnight."""
        return f"{_moment(self.since)} – {_moment(self.ends)}"

    def fields(self) -> dict[str, Any]:
        """Its JSON."""
        return {
            "since": rfc3339(self.since),
            "until": rfc3339_or_none(self.until),
            "made_at": rfc3339(self.now),
        }


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M}"
