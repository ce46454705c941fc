"""Ring bursts (pure): counting them, knowing the gap between them and when the caller has given up.

A ring is counted once for each period of the cadence, whatever is reported of it: two reports within one burst are
one ring, and periods that went by without a report were rung all the same if the ringing goes on in their beat.
That is the count if one caller rang on: who rings after such a silence is for others to say (`after_silence`).
"""

from collections import deque
from statistics import median

SAME_BURST = 2.4
"""A second report this soon is the same burst's (RING and DLE R, a double ring, a stutter): the closest cadence,
UK 0.4/0.2/0.4/2.0, has 3 s from burst to burst."""
USUAL_PERIOD = 5.0
"""Seconds from ring to ring: China rings 1 s and pauses 4 s (GB/T 3380)."""
CADENCES = (USUAL_PERIOD, 6.0, 4.0, 3.0)
"""Periods of the world's exchanges and PBXs, this country's first: then America, Hong Kong, UK and Japan."""
SNAP = 0.13
"""Part by which a measured period may miss a cadence and be it: kept within ±10 %, and told within 0.1 s."""
JITTER = 1.1
"""The longest that a period may be drawn out (±10 %)."""
MEASURED = 9
"""Periods of which the middle one is taken: neither jitter nor a report lost among the first counts."""
REPORT_LATE = 0.3
"""Seconds by which reports may come late, one against the other, on a busy host."""
LEAST_GONE = 8.0
"""S1 of every modem counts a caller as gone after 8 s."""
DOUBLED = 0.25
"""Seconds within which a second report is but a doubled line; later it is the second half of a double ring."""
HALVES_VARY = 0.15
"""Seconds by which the halves of one double ring may be told further apart than those of another."""
GAP_BEGINS = 1.1
"""Seconds after a report in which a 1 s burst is over even if the modem reports it at its start."""
GAP_USABLE = 0.62
"""Part of the period after a report in which going off-hook still ends before the next burst."""
OFF_BEAT = (1.36, 1.76)
"""Periods since the last burst after which a burst fits no cadence, not even one with a lost report: that
caller has given up, and another one rings. 6.8 s after a Chinese burst even a late American one (6 s) would have
been reported; the next but one Chinese burst comes 1.8 periods after it at the soonest."""
OFF_CADENCE = 0.75
"""Seconds by which a burst may miss the usual period (±10 %, and each report ±0.1 s) before it may be another
caller's first."""
IDENTITY_BY = 2.3
"""Seconds after a report in which a caller ID has begun to come: 0.6 to 2 s after the burst."""
LEAST_GAP = 0.25
"""Seconds of the gap that waiting for a caller ID leaves to go off-hook in."""


class RingDetector:
    """Told every ring report with its time in seconds; times come from the caller's clock."""

    def __init__(self) -> None:
        self._last = float("-inf")
        self._evidence = float("-inf")
        """When the last burst was known of: its first report, or when it was found to have rung without one."""
        self._number = 0
        self._period = USUAL_PERIOD
        self._measured: deque[float] = deque(maxlen=MEASURED)
        """Periods, over all calls: an exchange keeps to its cadence."""
        self._tail = 0.0
        """Seconds after a burst's first report in which another one of the same burst came, in this ringing."""
        self._off_cadence = False
        self._first = False
        """Nothing was reported since ringing began but its first burst."""
        self._quiet = 0.0
        self._untold = 0
        """Bursts that were due before the last one, and of which nothing is known."""
        self._perhaps = 0
        self.identity_due = 0.0
        """When the caller ID of which a part has come will be complete; set by whoever collects it."""

    @property
    def number(self) -> int:
        """Bursts counted since ringing began; 0 when the line does not ring."""
        return self._number

    @property
    def last_burst(self) -> float:
        """When the last burst was reported first, or would have been."""
        return self._last

    @property
    def doubtful(self) -> bool:
        """Whether the last burst's number may be too low: the first one, and one that came off the usual beat."""
        return self._number > 0 and (self._off_cadence or self._first)

    @property
    def after_silence(self) -> bool:
        """Whether a burst was due before the last one, and neither a report nor `missed` told of it: it got lost,
        or its caller had given up and the last burst is another's first."""
        return self._untold > 0

    @property
    def perhaps(self) -> int:
        """The last burst's number if it was not another caller's first after all, as `begin_anew` has taken it
        for; 0 where that is certain."""
        return self._perhaps

    @property
    def quiet_before(self) -> float:
        """Seconds without any report before this ringing began."""
        return self._quiet

    def report(self, now: float) -> int | None:
        """Take a report; the burst's number from 1, or None when it belongs to the burst before."""
        distance = now - self._last
        if self._number and (self._off_beat(distance) or now >= self.gone_at):
            self.reset()
        if self._number == 0:
            self._number, self._quiet = 1, distance
            self._off_cadence, self._first = False, True
            self._untold = self._perhaps = 0
        elif distance < SAME_BURST:
            if distance > DOUBLED:
                self._tail = max(self._tail, distance + HALVES_VARY)
            return None
        else:
            periods = max(1, round(distance / self._period)) if distance > self._beat_ends else 1
            self._number += periods
            self._untold, self._perhaps = periods - 1, 0
            self._first = False
            self._off_cadence = abs(distance - USUAL_PERIOD * periods) > OFF_CADENCE * periods
            self._measure(distance / periods)
        self._last = self._evidence = now
        return self._number

    def missed(self, now: float) -> int:
        """The burst that was due has rung, though it was not reported; its number."""
        self._number += 1
        self._last = min(self._last + self._period, now)
        self._evidence = now
        return self._number

    def is_ring(self, number: int) -> None:
        """The last burst was number `number`: reports before it were lost."""
        self._number = max(self._number, number)

    @property
    def gone_at(self) -> float:
        """When the caller has certainly given up, one lost report survived: two drawn-out periods."""
        return self._last + max(LEAST_GONE, 2 * JITTER * self._period + REPORT_LATE)

    def in_gap(self, now: float, after: float = GAP_BEGINS) -> bool:
        """Whether going off-hook now falls between two bursts, the last having ended within `after` seconds of its
        report: of its last one, where a double ring is reported twice."""
        return max(self._last + self._tail, self._evidence) + after <= now <= self._gap_ends

    def identity_awaited(self, now: float, *, known: bool) -> bool:
        """Whether a caller ID may be about to come that shows the last burst to be another caller's: a part of one
        is there, or the burst missed the beat of a caller who is `known`. Never beyond what the gap allows."""
        doubtful = known and self._off_cadence
        return now < (self.identity_by if doubtful else min(self.identity_due, self._gap_ends - LEAST_GAP))

    @property
    def identity_by(self) -> float:
        """When the last burst's caller ID has come or will not, or when it can be waited for no longer."""
        return min(max(self._last + IDENTITY_BY, self.identity_due), self._gap_ends - LEAST_GAP)

    @property
    def _gap_ends(self) -> float:
        return self._last + max(GAP_BEGINS + 0.5, GAP_USABLE * self._period)

    @property
    def next_burst_by(self) -> float:
        """When the next burst would have been reported if the line still rang, whichever half of it."""
        return self._last + JITTER * self._period + REPORT_LATE + self._tail

    def begin_anew(self) -> None:
        """The last burst was the first one of another call."""
        if self._untold:
            self._perhaps, self._first, self._untold = self._number, True, 0
            self._measured.pop()  # what lies between two callers is no cadence
            self._learn_period()
        self._number = min(self._number, 1)
        self._tail = 0.0
        self._off_cadence = False

    def reset(self) -> None:
        """The line does not ring any more."""
        self._number = 0
        self._tail = 0.0

    def _off_beat(self, distance: float) -> bool:
        return self._beat_ends < distance < OFF_BEAT[1] * self._period

    @property
    def _beat_ends(self) -> float:
        """Seconds after a burst until which the next one may come. One short distance is no cadence yet: 4 s and
        then 6 s were seen within one call."""
        sure = len(self._measured) > 1
        return OFF_BEAT[0] * (self._period if sure else max(self._period, USUAL_PERIOD))

    def _measure(self, period: float) -> None:
        self._measured.append(period)
        self._learn_period()

    def _learn_period(self) -> None:
        """The cadence nearest to the middle of what was measured."""
        usual = median(self._measured or (USUAL_PERIOD,))
        nearest = min(CADENCES, key=lambda known: abs(usual - known) / known)
        self._period = nearest if abs(usual - nearest) <= SNAP * nearest else usual
