"""When the bell rings: the cadence of a country, with the spread that exchanges show. Pure, in line time."""

import numpy as np

from drivers.emulator.call import Call
from drivers.emulator.signals import RingEnded, Signal

NO_ANSWER = 60.0
"""Seconds of ringing after which the exchange itself gives up on a local call."""

CADENCES: dict[str, tuple[float, ...]] = {
    "cn": (1.0, 4.0),
    "us": (2.0, 4.0),
    "uk": (0.4, 0.2, 0.4, 2.0),
    "tw": (1.0, 2.0),
}
"""Seconds of bell and of silence, in turn."""


class RingSchedule:
    """One call's bursts. A period with two bursts is one ring to a modem, reported when the last of them ends."""

    def __init__(
        self,
        cadence: tuple[float, ...],
        spread: float,
        jitter: float,
        pattern: str,
        random: np.random.Generator,
    ) -> None:
        """`spread`: by how much of its length each burst and gap may be longer or shorter. `jitter`: seconds by
        which a report may be early or late. `pattern`: the letter of a distinctive ring."""
        self._cadence, self._spread, self._jitter, self._pattern = cadence, spread, jitter, pattern
        self._random = random
        self._silent_for = 0.0
        self._reported = False
        self._begin_period(0.0)

    def bursting(self, elapsed: float) -> bool:
        """Whether the bell rings so many seconds after the call began; asked in order of time."""
        self._advance(elapsed)
        return any(start <= elapsed < start + on for start, on in self._bursts)

    def ended(self, elapsed: float) -> RingEnded | None:
        """The ring whose report is due; each is given once."""
        self._advance(elapsed)
        if self._reported or elapsed < self._report_at:
            return None
        self._reported = True
        return RingEnded(self._pattern, self._told)

    def _advance(self, elapsed: float) -> None:
        while elapsed >= self._period_end and self._reported:
            self._begin_period(self._period_end)

    def _begin_period(self, start: float) -> None:
        self._bursts: list[tuple[float, float]] = []
        told: list[float] = []
        at = start
        for number, length in enumerate(self._cadence):
            actual = length
            if self._spread:
                actual *= 1 + float(self._random.uniform(-self._spread, self._spread))
            if number % 2 == 0:
                self._bursts.append((at, actual))
                told += [self._silent_for, actual]
            else:
                self._silent_for = actual
            at += actual
        self._period_end = at
        self._told = tuple(told)
        last_start, last_on = self._bursts[-1]
        jitter = float(self._random.uniform(-self._jitter, self._jitter))
        self._report_at, self._reported = last_start + last_on + jitter, False


class Ringing:
    """One call while it rings: the bell, the caller ID, and who gives up."""

    def __init__(self, call: Call, schedule: RingSchedule, caller_id_delay: float | None) -> None:
        """`caller_id_delay`: seconds after the first ring; None: before it."""
        self._call, self._schedule, self._delay = call, schedule, caller_id_delay

    def given_up_by(self, now: float) -> str | None:
        """Whether nobody is to answer any more: "caller", "exchange" or None."""
        elapsed, limit = now - self._call.began, self._call.caller.rings_off_after
        if elapsed >= NO_ANSWER:
            return "exchange"
        return "caller" if self._call.leaving or (limit is not None and elapsed >= limit) else None

    def bursting(self, now: float) -> bool:
        """Whether the bell rings at this moment."""
        return self._schedule.bursting(now - self._call.began)

    def tick(self, now: float) -> list[Signal]:
        """What the modem notices now."""
        call = self._call
        signals: list[Signal] = []
        if ring := self._schedule.ended(now - call.began):
            call.rings_at.append(now)
            signals.append(ring)
        due = self._delay is None or (call.rings_at and now >= call.rings_at[0] + self._delay)
        if due and not call.caller_id_sent:
            call.caller_id_sent = True
            signals.append(call.caller.caller_id)
        return signals
