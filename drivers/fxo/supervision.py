"""Has the far end hung up? A vote over what is heard and what the modem reports (pure).

1. A call-progress tone heard by our own ears, right in frequency and cadence, is enough once it has gone on
   (drivers.hearing.clearing).
2. The modem's busy and dial codes count only repeated, while we are not playing, not right after a stream began,
   and only while our ears hear nothing: whatever can be heard, the ears judge better.
3. A loop drop counts once the voice has been gone for a moment; a polarity reversal at answering does not.
4. Silence, noise, and what a modem reports of silence, quiet and local telephones never count.

What a code means is the family's own: drivers.fxo.profiles.events.
"""

from collections import deque

from drivers.fxo.profiles import EventTable, ModemEvent
from drivers.hearing.clearing import ClearingVote
from drivers.hearing.heard import Heard, VerdictHeard
from drivers.line import VOICES, HangUpSign, Verdict

SETTLE = 1.0
"""Seconds after a stream begins in which codes are false: firmware hears its own switching."""
REPEAT = 5.0
"""Seconds within which a tone's code comes again while the tone lasts (every 3 to 4 s)."""
LOOP_CONFIRM = 1.0
"""Seconds after a loop drop in which a voice refutes it."""
LOOP_FORGET = 5.0
"""Seconds after which a refuted loop drop is forgotten."""

_TONES = {
    ModemEvent.BUSY: HangUpSign.BUSY_TONE,
    ModemEvent.CONGESTION: HangUpSign.CONGESTION_TONE,
    ModemEvent.DIAL: HangUpSign.DIAL_TONE,
}
_LOOP = {ModemEvent.LOOP_BREAK, ModemEvent.POLARITY}


class HangUpVote:
    """Told everything with its time in seconds; `poll` gives the sign once, when the vote is carried."""

    def __init__(self, codes_needed: int, events: EventTable) -> None:
        """`codes_needed`: repeats of one tone's code that count as the tone; 0 believes none. `events`: what the
        modem's family means by its codes."""
        self._events = events
        self._codes_needed = codes_needed
        self._clearing = ClearingVote()
        self._times: dict[ModemEvent, deque[float]] = {tone: deque(maxlen=max(1, codes_needed)) for tone in _TONES}
        self._settled_at = 0.0
        self._answered_at: float | None = None
        self._loop_drop: float | None = None
        self._voice = False
        self._quiet = True
        self._sign: HangUpSign | None = None
        self._decided = False

    def stream_began(self, now: float) -> None:
        """A voice stream has just been connected, with ears as good as new."""
        self._clearing.reset()
        self._settled_at = now + SETTLE
        if self._answered_at is None:
            self._answered_at = now

    def settled(self, now: float) -> bool:
        """Whether codes can be believed as far as the stream's beginning goes."""
        return now >= self._settled_at

    def just_answered(self, now: float) -> bool:
        """Whether the call's first stream has only just begun: what is told of the loop may be our own doing."""
        return self._answered_at is None or now < self._answered_at + SETTLE

    @property
    def tone_sounding(self) -> bool:
        """Whether our ears hear a tone that ends the call if it goes on."""
        return self._clearing.sounding

    def hear(self, reports: list[Heard], seconds: float) -> None:
        """Our ears took a frame: what they report, and their Ears.seconds."""
        for one in reports:
            if isinstance(one, VerdictHeard):
                self.verdict(one.verdict)
        self._sign = self._sign or self._clearing.hear(reports, seconds)

    def verdict(self, verdict: Verdict) -> None:
        """Our ears' verdict changed."""
        self._voice = verdict in VOICES
        self._quiet = verdict is Verdict.SILENT
        if not self._quiet:
            for times in self._times.values():
                times.clear()

    def code(self, code: str, now: float, *, playing: bool) -> None:
        """The modem reported an event code."""
        event = self._events.get(code)
        if event in _LOOP:
            # What the exchange does to the loop as we answer is no hang-up; in a later stream it is.
            if not self.just_answered(now):
                self._loop_drop = now
        elif event is None or not self.settled(now):
            return
        elif event in _TONES and not playing and self._quiet and self._codes_needed:
            times = self._times[event]
            times.append(now)
            if len(times) == self._codes_needed and now - times[0] <= REPEAT * max(1, self._codes_needed - 1):
                self._sign = self._sign or _TONES[event]

    def poll(self, now: float) -> HangUpSign | None:
        """The sign by which the far end is known to have gone; once."""
        if self._decided:
            return None
        if self._loop_drop is not None and now - self._loop_drop >= LOOP_CONFIRM:
            if not self._voice:
                self._sign = self._sign or HangUpSign.LOOP_DROP
            elif now - self._loop_drop > LOOP_FORGET:
                self._loop_drop = None
        self._decided = self._sign is not None
        return self._sign
