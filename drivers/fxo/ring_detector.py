"""Ring bursts (pure): counting them, knowing the gap between them and when the caller has given up."""

SAME_BURST = 2.4
"""A second report this soon is the same burst (RING and DLE R, or a stutter): the closest cadence, UK, is 3 s."""
USUAL_PERIOD = 5.0
"""Seconds from ring to ring: China rings 1 s and pauses 4 s (GB/T 3380)."""
PERIODS = (2.5, 7.0)
"""A measured distance outside these is a lost or a doubled report, not a cadence."""
LEAST_GONE = 8.0
"""S1 of every modem counts a caller as gone after 8 s."""
GAP_BEGINS = 1.1
"""Seconds after a report in which a 1 s burst is over even if the modem reports it at its start."""
GAP_USABLE = 0.62
"""Part of the period after a report in which going off-hook still ends before the next burst."""
NEW_CALL = (1.3, 1.8)
"""Periods since the last burst after which a burst fits no cadence, not even one with a lost report: that
caller has given up, and another one rings. Cadences are kept within ±10 %; 6.5 s
after a Chinese burst even an American one (6 s) would have been reported."""
OFF_CADENCE = 0.5
"""Seconds by which a burst may miss the usual period (±10 %) before it may be another caller's first."""
IDENTITY_BY = 2.3
"""Seconds after a report in which a caller ID has begun to come: 0.6 to 2 s after the burst."""
LEAST_GAP = 0.25
"""Seconds of the gap that waiting for a caller ID leaves to go off-hook in."""
CADENCE_MARGIN = 0.7
"""How much later than one period a burst may be reported: ±10 % of cadence and the modem's own delay."""


class RingDetector:
    """Told every ring report with its time in seconds; times come from the caller's clock."""

    def __init__(self) -> None:
        self._first_report = 0.0
        self._number = 0
        self._period = USUAL_PERIOD
        self._off_cadence = False
        self.identity_due = 0.0
        """When the caller ID of which a part has come will be complete; set by whoever collects it."""

    @property
    def number(self) -> int:
        """Bursts counted since ringing began; 0 when the line does not ring."""
        return self._number

    @property
    def last_burst(self) -> float:
        """When the last burst was reported first."""
        return self._first_report

    def report(self, now: float) -> int | None:
        """Take a report; the burst's number from 1, or None when it belongs to the burst before."""
        distance = now - self._first_report
        off_beat = NEW_CALL[0] * self._period < distance < NEW_CALL[1] * self._period
        if self._number and (off_beat or now >= self.gone_at):
            self.reset()
        if self._number == 0:
            self._number = 1
            self._off_cadence = False
        elif distance < SAME_BURST:
            return None
        else:
            if PERIODS[0] <= distance <= PERIODS[1]:
                self._period = distance
            self._number += 1
            self._off_cadence = abs(distance - USUAL_PERIOD) > OFF_CADENCE
        self._first_report = now
        return self._number

    @property
    def gone_at(self) -> float:
        """When the caller has certainly given up, one lost report survived: two periods and a second."""
        return self._first_report + max(LEAST_GONE, 2 * self._period + 1.0)

    def in_gap(self, now: float, after: float = GAP_BEGINS) -> bool:
        """Whether going off-hook now falls between two bursts, the last having ended within `after` seconds of its
        report."""
        return self._first_report + after <= now <= self._gap_ends

    def identity_awaited(self, now: float, *, known: bool) -> bool:
        """Whether a caller ID may be about to come that shows the last burst to be another caller's: a part of one
        is there, or the burst missed the beat of a caller who is `known`. Never beyond what the gap allows."""
        doubtful = self._first_report + IDENTITY_BY if known and self._off_cadence else 0.0
        return now < min(max(doubtful, self.identity_due), self._gap_ends - LEAST_GAP)

    @property
    def _gap_ends(self) -> float:
        return self._first_report + max(GAP_BEGINS + 0.5, GAP_USABLE * self._period)

    @property
    def next_burst_by(self) -> float:
        """When the next burst would have been reported if the line still rang."""
        return self._first_report + self._period + CADENCE_MARGIN

    def begin_anew(self) -> None:
        """The last burst was the first one of another call."""
        self._number = min(self._number, 1)
        self._period = USUAL_PERIOD
        self._off_cadence = False

    def reset(self) -> None:
        """The line does not ring any more."""
        self._number = 0
        self._period = USUAL_PERIOD
