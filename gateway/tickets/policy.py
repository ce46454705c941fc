"""When a customer is called back, and how often (JS-9). Pure: times in, times out."""

import re
from dataclasses import dataclass
from datetime import datetime

from drivers.line import DialFailure
from gateway.tickets.hours import Hours, later

MINUTE = 60.0
HOUR = 3600.0

REACHED = "reached"
DIED = "died"
"""The gateway, or whoever held the attempt, ended before it did. It counts: the customer's telephone may have
rung."""
NO_LINE = DialFailure.NO_LINE.value
VACANT = DialFailure.VACANT_NUMBER.value
"""No telephone has this number: calling it again reaches nobody, and may reach a stranger."""

RETRY_AFTER = (15 * MINUTE, HOUR, 3 * HOUR)
"""He has just put the telephone down, is out for lunch, is at work."""
PARTS_OF_DAY = (1 / 6, 5 / 6, 1 / 2)
"""After those, one attempt a day: in the morning, in the evening, at midday, as parts of the calling hours."""
NOT_DIALLED_AFTER = 5 * MINUTE
"""The owner did not come to his telephone, or no line was free: the customer's was not rung."""


@dataclass(frozen=True, slots=True)
class CallBackPolicy:
    """How customers are called back. All durations are seconds."""

    hours: Hours
    retry_after: tuple[float, ...] = RETRY_AFTER
    """After the first, second, … attempt that failed."""
    attempts: int = 8
    """So many that fail, and people take over: with RETRY_AFTER, the first day and four more."""
    a_day_to_one: int = 6
    """Calls to one number within 24 hours, whatever tickets ask for them: one more than RETRY_AFTER needs,
    twice."""
    a_day: int = 300
    """Calls to all numbers within 24 hours: a call-back every two and a half minutes of a twelve-hour day."""
    dials: bool = True
    """Whether a line makes call-backs at all; else people do."""
    numbers: tuple[re.Pattern[str], ...] = ()
    """What may be called beside the country's ordinary telephones: patterns of whole numbers as dialled."""

    def first(self, now: datetime) -> datetime:
        """When the first attempt is due: at once, within the hours."""
        return self.hours.opening(now)

    def not_dialled(self, now: datetime) -> datetime:
        """When it is due again after an attempt that never rang the customer."""
        return self.hours.opening(later(now, NOT_DIALLED_AFTER))

    def again(self, now: datetime, failed: int) -> datetime | None:
        """When the next attempt is due after `failed` ones, the last of which failed at `now`: always later,
        within the hours, and at another time of day. None: there have been enough."""
        if failed >= self.attempts:
            return None
        if failed <= len(self.retry_after):
            return self.hours.opening(later(now, self.retry_after[failed - 1]))
        turn = (failed - len(self.retry_after) - 1) % len(PARTS_OF_DAY)
        span = self.hours.closes - self.hours.opens
        return self.hours.on(now, 1, self.hours.opens + int(span * PARTS_OF_DAY[turn]))
