"""The exchange's end of one analogue line: ringing, caller ID, speech path, echo, noise, tones. No clock, no IO.

It knows the loop (open or closed) and the sound on it, nothing of modems or commands. `tick` is 20 ms of line
time; the line goes on whatever the modem's command interpreter is doing.
"""

from enum import Enum

import numpy as np
from numpy.typing import NDArray

from drivers.emulator.audio import DIAL_TONE, FRAME, TICK, Loop, Samples, ToneSource, noise, silence, to_int16
from drivers.emulator.call import Call
from drivers.emulator.callers import Caller, Conversation
from drivers.emulator.clearing import Clearing
from drivers.emulator.signals import CallerIdSent, KeyPressed, LoopDropped, RingEnded, Signal, ToneNoticed

LOOP_DROP = 0.4
"""Seconds an exchange opens the loop to say that the far end has gone (250 to 500 ms are common)."""
NO_ANSWER = 60.0
"""Seconds of ringing after which the exchange itself gives up on a local call."""
CODE_PERIOD = 4.0
"""Seconds between two reports of the same tone by a modem's detector."""
ECHO_DELAY = 40
"""Samples (5 ms) after which the hybrid gives back what was sent."""


class LineState(Enum):
    """The line as the exchange sees it."""

    IDLE = "idle"
    RINGING = "ringing"
    CONNECTED = "connected"
    CLEARING = "clearing"
    """The far end has gone, the loop is still closed."""
    SEIZED = "seized"
    """Off-hook with nobody there: dial tone."""


class LineEngagedError(Exception):
    """The line rings or is off-hook: a second caller would hear the busy tone."""


class Exchange:
    """One line. Durations in seconds, levels in dBFS; `seed` settles jitter and noise."""

    def __init__(
        self,
        *,
        ring_on: float = 1.0,
        ring_off: float = 4.0,
        ring_jitter: float = 0.1,
        caller_id_delay: float | None = 0.6,
        echo: float = -14.0,
        line_noise: float = -66.0,
        clearing: Clearing | None = None,
        seed: int = 1,
    ) -> None:
        """`ring_on`/`ring_off`: the cadence, 1 s / 4 s in China. `caller_id_delay`: how long after the first
        burst it is sent; None sends it before the first one, as in the UK. `echo`: dB of the near end's own sound
        that comes back."""
        self.ring_on, self.ring_off, self.ring_jitter = ring_on, ring_off, ring_jitter
        self.caller_id_delay = caller_id_delay
        self.clearing = clearing or Clearing()
        self.state = LineState.IDLE
        self.current: Call | None = None
        self.calls: list[Call] = []
        self.off_hook_times: list[float] = []
        self.on_hook_times: list[float] = []
        self.digits = ""
        """Digits the modem sent by +VTS."""
        self._random = np.random.default_rng(seed)
        self._seed = seed
        self._ticks = 0
        self._off_hook = False
        self._echo_gain = 10 ** (echo / 20)
        self._echo_tail = silence(ECHO_DELAY)
        self._noise = Loop(noise("white", line_noise, seed))
        self._played: list[NDArray[np.int16]] = []
        self._conversation: Conversation | None = None
        self._tone: ToneSource | None = None
        self._key: str | None = None
        self._report_at: list[float] = []

    @property
    def now(self) -> float:
        """Seconds of line time since the exchange was made."""
        return self._ticks * TICK

    @property
    def off_hook(self) -> bool:
        """Whether the modem holds the loop closed."""
        return self._off_hook

    @property
    def ring_count(self) -> int:
        """Bursts rung so far in the current or the last call."""
        return self.calls[-1].bursts if self.calls else 0

    @property
    def played(self) -> NDArray[np.int16]:
        """All the modem has put on the line while off-hook, in every call so far."""
        return np.concatenate(self._played) if self._played else np.zeros(0, dtype=np.int16)

    def call(self, caller: Caller) -> Call:
        """Ring the line. Raises LineEngagedError while another call or dial tone is on it."""
        if self.state is not LineState.IDLE:
            raise LineEngagedError(f"the line is {self.state.value}; await the last call's ended() first")
        self.state = LineState.RINGING
        self.current = Call(caller, self.now)
        self.calls.append(self.current)
        self._report_at = [self._ring_report(0)]
        return self.current

    def go_off_hook(self) -> None:
        """The loop closes: answers a ringing call, else seizes the line."""
        if self._off_hook:
            return
        self._off_hook = True
        self.off_hook_times.append(self.now)
        if self.state is LineState.RINGING and self.current:
            self.state = LineState.CONNECTED
            self.current.connect(self.now, self._bursting)
            self._conversation = Conversation(self.current.caller, self._seed + len(self.calls))
        else:
            self.state, self._tone = LineState.SEIZED, ToneSource(DIAL_TONE)

    def go_on_hook(self) -> None:
        """The loop opens: ends whatever was on the line. Does not stop a ringing."""
        if not self._off_hook:
            return
        self._off_hook = False
        self.on_hook_times.append(self.now)
        self.state = LineState.IDLE
        self._conversation = self._tone = None
        if self.current:
            self.current.end(self.now, released_by="modem")
            self.current = None

    def tick(self, sent: Samples) -> tuple[Samples, list[Signal]]:
        """20 ms: what the modem puts on the line, against what it hears and what its line circuit notices."""
        self._ticks += 1
        signals: list[Signal] = []
        if self.state is LineState.RINGING:
            self._ring(signals)
        if not self._off_hook:
            return silence(), signals
        self._played.append(to_int16(sent))
        far_end = silence()
        if self.state is LineState.CONNECTED:
            far_end = self._talk(sent, signals)
        elif self.state is LineState.CLEARING:
            far_end = self._clear(signals)
        elif self._tone:
            far_end = self._tone.frame()
        return far_end + self._echo(sent) + self._noise.frame(), signals

    def idle_tick(self) -> None:
        """20 ms with no modem on the line: it rings on unheard."""
        self.tick(silence())

    @property
    def _bursting(self) -> bool:
        if self.current is None:
            return False
        return (self.now - self.current.began) % (self.ring_on + self.ring_off) < self.ring_on

    def _ring_report(self, burst: int) -> float:
        """When burst number `burst` (from 0) is noticed: about its end."""
        jitter = float(self._random.uniform(-self.ring_jitter, self.ring_jitter))
        return burst * (self.ring_on + self.ring_off) + self.ring_on + jitter

    def _ring(self, signals: list[Signal]) -> None:
        assert self.current is not None
        call, elapsed = self.current, self.now - self.current.began
        limit = call.caller.rings_off_after
        if call.leaving or (limit is not None and elapsed >= limit) or elapsed >= NO_ANSWER:
            call.end(self.now, released_by="exchange" if elapsed >= NO_ANSWER else "caller")
            self.state, self.current = LineState.IDLE, None
            return
        if self.caller_id_delay is None and not call.caller_id_sent:
            self._send_caller_id(call, signals)
        if elapsed >= self._report_at[-1]:
            call.bursts += 1
            self._report_at.append(self._ring_report(call.bursts))
            signals.append(RingEnded())
        delay = self.caller_id_delay
        if delay is not None and not call.caller_id_sent and call.bursts and elapsed >= self._report_at[0] + delay:
            self._send_caller_id(call, signals)

    @staticmethod
    def _send_caller_id(call: Call, signals: list[Signal]) -> None:
        call.caller_id_sent = True
        caller = call.caller
        signals.append(CallerIdSent(caller.number, caller.display_name, caller.presentation))

    def _talk(self, sent: Samples, signals: list[Signal]) -> Samples:
        assert self.current is not None
        assert self._conversation is not None
        self.current.hear(to_int16(sent))
        voice = self._conversation.tick(sent)
        if self._conversation.key != self._key:
            self._key = self._conversation.key
            signals.append(KeyPressed(self._key))
        if self._conversation.hung_up or self.current.leaving:
            self.current.hang_up(self.now)
            self.state = LineState.CLEARING
            tone = self._clearing.tone
            self._tone = ToneSource(tone) if tone else None
        return voice

    @property
    def _clearing(self) -> Clearing:
        return (self.current.caller.clearing if self.current else None) or self.clearing

    def _clear(self, signals: list[Signal]) -> Samples:
        assert self.current is not None
        assert self.current.hung_up_at is not None
        clearing, since = self._clearing, self.now - self.current.hung_up_at
        if clearing.loop_drop and _crosses(since, clearing.delay):
            signals.append(LoopDropped())
        late = round((since - clearing.code_after) / TICK)
        if clearing.code and late >= 0 and late % round(CODE_PERIOD / TICK) == 0:
            signals.append(ToneNoticed(clearing.code))
        start = clearing.delay + (LOOP_DROP if clearing.loop_drop else 0)
        over = clearing.lasts is not None and since >= start + clearing.lasts
        return self._tone.frame() if self._tone and since >= start and not over else silence()

    def _echo(self, sent: Samples) -> Samples:
        both = np.concatenate((self._echo_tail, sent))
        self._echo_tail = both[FRAME:]
        return both[:FRAME] * self._echo_gain


def _crosses(since: float, moment: float) -> bool:
    """Whether the tick that ends `since` seconds after an event is the only one that `moment` falls in."""
    return round(since / TICK) == max(1, round(moment / TICK))
