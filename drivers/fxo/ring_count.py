"""The modem's own count of rings (S1), asked where a report may have been lost: a ring counts whether told or not.

S1 is cleared 8 s after the last ring (CX 102752C, USR5637 guide). A modem without it, or one that counts wrongly,
is believed no further than its reports.
"""

import logging
import re

from drivers.fxo.dialogue import ask
from drivers.fxo.experience import Experience
from drivers.fxo.modem import Modem
from drivers.fxo.ring_detector import RingDetector

logger = logging.getLogger(__name__)

QUERY = "ATS1?"
AFTER = 0.06
"""Seconds after a report in which an order to answer comes if that ring is to be answered: then there is no time
to ask."""
TIMEOUT = 1.0
"""Seconds for the answer; the gap between two bursts is short."""
CLEARED_AFTER = 9.0
"""Seconds without a ring after which S1 has been cleared, and some more."""
MOST_LOST = 2
"""Reports in a row that may be lost; a count that is higher still is none of this call's."""


class RingCount:
    """One call's. All times in the loop's seconds."""

    def __init__(self, modem: Modem, rings: RingDetector, experience: Experience) -> None:
        self._modem = modem
        self._rings = rings
        self._experience = experience
        self._checked = 0
        """The burst whose number was checked last."""
        self._missed_asked = 0
        """The burst after which the next one was asked for last."""
        self._surplus: int | None = None
        """What the modem has counted beyond this call's bursts."""

    def look_at(self) -> float | None:
        """When `look` has something to ask; None while it has not."""
        if not self._experience.counts_rings:
            return None
        number = self._rings.number
        if self._rings.doubtful and self._checked != number:
            return self._rings.last_burst + AFTER
        return None if self._missed_asked == number else self._rings.next_burst_by

    async def look(self, now: float) -> int | None:
        """Ask if that is due; the ring's number if it is higher than was told. Raises NoAnswer, PortLost."""
        due = self.look_at()
        if due is None or now < due:
            return None
        number = self._rings.number
        overdue = now >= self._rings.next_burst_by
        self._checked = number
        if overdue:
            self._missed_asked = number
        count = await self._read()
        if not count or self._rings.number != number:
            return None
        if self._surplus is None:
            self._surplus = self._of_others(count, number)
        rung = count - self._surplus
        self._experience.ring_count = count
        if rung < number:
            self._counts_not()
            return None
        if rung <= number or rung > number + MOST_LOST:
            return None
        if overdue and rung == number + 1:
            logger.info("ring %d was counted by the modem and not told", rung)
            return self._rings.missed(now)
        if overdue:
            return None
        logger.info("ring %d was told as ring %d", rung, number)
        self._rings.is_ring(rung)
        self._checked = rung
        return rung

    def over(self) -> None:
        """It rings no more: what the modem has counted by now."""
        if self._surplus is not None:
            # The next caller may ring already: what was told of this one, not what the bell has come to.
            self._experience.ring_count = self._surplus + max(self._checked, self._rings.number)

    def _of_others(self, count: int, number: int) -> int:
        """What of a call's first count was there before it: nothing, with a modem that clears it in time."""
        stale = self._rings.quiet_before < CLEARED_AFTER or count == self._experience.ring_count + number
        return count - number if stale or count > number + MOST_LOST else 0

    async def _read(self) -> int | None:
        reply = await ask(self._modem, QUERY, TIMEOUT)
        lines = reply.lines if reply is not None and reply.ok else ()
        counts = [int(line) for line in lines if re.fullmatch(r"\d{1,3}", line)]
        if counts and (counts[-1] or self._surplus is not None):
            return counts[-1]  # nothing after something: cleared, because it rang no more
        self._counts_not()
        return None

    def _counts_not(self) -> None:
        logger.info("the modem does not count rings")
        self._experience.counts_rings = False
