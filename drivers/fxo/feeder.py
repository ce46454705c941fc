"""What a duplex stream is to be given now (pure): as far ahead as is safe for a prompt, as little as can be while
two people talk. All times in the loop's seconds."""

import numpy as np

from drivers.fxo.joined import Joined, Samples
from drivers.fxo.pacing import RATE, PacingClock
from drivers.fxo.playback import FRAME, Playback
from drivers.fxo.voice_session import IDLE_LEAD, JOINED_LEAD, LEAD

DRY_TOLERANCE = round(RATE / 10)
"""Samples between where we think the modem runs dry and where it says so; further off it means something else."""

FRESH = 0.045
"""Seconds since something was received, joined, after which the modem's position is not guessed: portions come
every 20 to 60 ms, and the lead bridges the rest."""


class Feeder:
    """One stream's."""

    def __init__(self, now: float) -> None:
        self.playback = Playback()
        self._joined: Joined | None = None
        self._talked = 0
        """Position up to which the other leg's talk has been taken."""
        self.begin(now)

    def begin(self, now: float) -> None:
        """The stream has been connected."""
        self._clock = PacingClock(now)
        self._heard = 0
        self._last = now

    def forget(self) -> None:
        """The stream is over, and what was played in it."""
        self.playback = Playback()

    @property
    def heard(self) -> int:
        """Samples received so far."""
        return self._heard

    def join(self, joined: Joined | None, now: float) -> None:
        """Say what another leg says; None: no more. What the modem holds already is said first, and what the other
        leg says meanwhile is left out: it would be late for the rest of the call."""
        self._joined = joined
        self._talked = round(self._clock.position(now) + JOINED_LEAD * RATE)

    def ran_dry(self) -> None:
        """The modem says that after all that was received it had nothing to play."""
        if abs(self._heard - self.playback.end) <= DRY_TOLERANCE:
            self.playback.ran_dry(self._heard)

    def received(self, samples: Samples, now: float) -> None:
        """The far end was heard; the other leg hears it beside our prompt."""
        first = self._heard
        self._heard += len(samples)
        self._clock.heard(len(samples), now)
        self._last = now
        if self._joined is not None:
            self._joined.heard(samples, self.playback.on_line(first, len(samples), prompt=True))

    def position(self, now: float) -> float:
        """Samples of line time since the stream began."""
        return self._clock.position(now)

    def due(self, now: float) -> Samples | None:
        """All that is to be given to the modem now; None for nothing.

        Joined, a host that was held up gives nothing before it has read what waits for it: the modem may have run
        dry, and what is given too much would lie ahead of the line for the rest of the call.
        """
        if self._joined is not None and now - self._last > FRESH:
            return None
        until = self._clock.position(now) + self._lead * RATE
        frames: list[Samples] = []
        while self.playback.end + FRAME <= until:
            frames.append(self.playback.next_frame(self._clock.resumes_at, self._talk()))
        return np.concatenate(frames) if frames else None

    @property
    def _lead(self) -> float:
        if self._joined is not None:
            return JOINED_LEAD
        return LEAD if self.playback.playing else IDLE_LEAD

    def _talk(self) -> Samples | None:
        if self._joined is None:
            return None
        while self._talked + FRAME <= max(self.playback.end, self._heard):
            self._joined.next_frame()  # its time on the line is over
            self._talked += FRAME
        self._talked += FRAME
        return self._joined.next_frame()
