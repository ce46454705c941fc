"""The exchange's end of one analogue line: ringing, caller ID, speech path, tones. No clock, no IO.

It knows the loop (open or closed) and the sound on it, nothing of modems or commands. `tick` is 20 ms of line
time; the line goes on whatever the modem's command interpreter is doing.
"""

from collections import deque
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from drivers.emulator.audio import (
    DIAL_TONE,
    TICK,
    WAITING_TONE,
    ZERO_DBM0,
    Samples,
    ToneKind,
    ToneSource,
    silence,
    to_int16,
)
from drivers.emulator.call import Call
from drivers.emulator.called import CalledLeg, Directory
from drivers.emulator.callers import Caller, Conversation
from drivers.emulator.clearing import Clearing
from drivers.emulator.line_sound import LineSound
from drivers.emulator.line_state import LineEngagedError, LineState
from drivers.emulator.pbx import End, Outgoing
from drivers.emulator.ringing import Ringing, RingSchedule
from drivers.emulator.signals import (
    CallWaiting,
    HandsetMoved,
    KeyPressed,
    LoopDropped,
    Signal,
)

if TYPE_CHECKING:
    from drivers.emulator.pbx import Pbx

WAITING_TICKS = round(5 / TICK)
"""How long the call-waiting tone is played over the talk: two bursts."""
PLAYED_KEPT = round(1800 / TICK)
"""Frames of `played` kept: half an hour."""
PARALLEL_LOSS = 0.63
"""4 dB: what the modem hears less while a handset hangs on the same wires."""
OPEN, ONE_OFF_HOOK, TWO_OFF_HOOK = 48.0, 8.0, 5.0
"""Volts on the wires with nobody, one and two telephones off-hook."""


class Exchange:
    """One line. Durations in seconds, levels in dBFS; `seed` settles jitter and noise."""

    def __init__(
        self,
        *,
        ring_on: float = 1.0,
        ring_off: float = 4.0,
        cadence: tuple[float, ...] | None = None,
        cadence_spread: float = 0.0,
        ring_jitter: float = 0.1,
        caller_id_delay: float | None = 0.6,
        echo: float = -14.0,
        line_noise: float = -66.0,
        hum: float | None = None,
        clip: float | None = None,
        tone_frequency: float = 450.0,
        tone_level: float = ZERO_DBM0 - 10,
        dial_tone: bool = True,
        clearing: Clearing | None = None,
        seed: int = 1,
    ) -> None:
        """`ring_on`/`ring_off`: the cadence, 1 s / 4 s in China; `cadence` instead of them for one with more
        bursts, see CADENCES. `cadence_spread`: by how much of its length each burst and gap may differ, 0.1 in
        the standard. `ring_jitter`: seconds by which a report may. `caller_id_delay`: how long after the first
        ring it is sent; None sends it before the first one, as in the UK. `echo`: dB of the near end's own sound
        that comes back. `hum`: level of the mains on the wires, `clip`: of the largest sample; None for neither.
        `tone_frequency`, `tone_level`: of the exchange's own 450 Hz tones. `dial_tone`: whether there is any."""
        self.cadence = cadence or (ring_on, ring_off)
        self.cadence_spread, self.ring_jitter = cadence_spread, ring_jitter
        self.caller_id_delay = caller_id_delay
        self.tone_frequency, self.tone_level, self.dial_tone = tone_frequency, tone_level, dial_tone
        self.clearing = clearing or Clearing()
        self.state = LineState.IDLE
        self.current: Call | None = None
        self.calls: list[Call] = []
        self.off_hook_times: list[float] = []
        self.on_hook_times: list[float] = []
        self.digits = ""
        """Digits the modem sent by +VTS."""
        self.key: str | None = None
        """The key the modem sends now."""
        self.pbx: Pbx | Directory | None = None
        """Where dialled numbers lead; None: all are vacant."""
        self._random = np.random.default_rng(seed)
        self._seed = seed
        self._ticks = 0
        self._off_hook = self._handset = False
        self._sound = LineSound(echo, line_noise, hum, clip, seed)
        self._played: deque[NDArray[np.int16]] = deque(maxlen=PLAYED_KEPT)
        self._conversation: Conversation | End | None = None
        self._waiting_end: End | None = None
        self._outgoing: Outgoing | CalledLeg | None = None
        self._tone: ToneSource | None = None
        self._tone_kind: ToneKind | None = None
        self._far_key: str | None = None
        self._ringing: Ringing | None = None
        self._waiting_tone_ticks = 0
        self._unsaid: list[Signal] = []

    @property
    def now(self) -> float:
        """Seconds of line time since the exchange was made."""
        return self._ticks * TICK

    @property
    def off_hook(self) -> bool:
        """Whether the modem holds the loop closed."""
        return self._off_hook

    @property
    def ring_on(self) -> float:
        """Seconds of the first burst in a period of the cadence."""
        return self.cadence[0]

    @property
    def ring_off(self) -> float:
        """Seconds of the rest of the period."""
        return sum(self.cadence[1:])

    @property
    def free(self) -> bool:
        """Whether a caller would ring it."""
        return self.state is LineState.IDLE

    @property
    def voltage(self) -> float:
        """Volts on the wires; it sinks with each telephone off-hook."""
        return (OPEN, ONE_OFF_HOOK, TWO_OFF_HOOK)[self._off_hook + self._handset]

    @property
    def ring_count(self) -> int:
        """Rings so far in the current or the last call."""
        return self.calls[-1].bursts if self.calls else 0

    @property
    def played(self) -> NDArray[np.int16]:
        """What the modem has put on the line while off-hook, in every call so far, its last half hour."""
        return np.concatenate(self._played) if self._played else np.zeros(0, dtype=np.int16)

    # What callers, other lines and people beside the modem do.

    def call(self, caller: Caller, end: End | None = None) -> Call:
        """Ring the line; `end` speaks in place of the caller's script. Raises LineEngagedError while another call
        or dial tone is on it."""
        if self.state is not LineState.IDLE:
            raise LineEngagedError(f"the line is {self.state.value}; await the last call's ended() first")
        self.state = LineState.RINGING
        self._waiting_end = end
        self.current = Call(caller, self.now)
        self.calls.append(self.current)
        cadence = caller.ring_cadence or self.cadence
        schedule = RingSchedule(cadence, self.cadence_spread, self.ring_jitter, caller.ring_pattern, self._random)
        self._ringing = Ringing(self.current, schedule, self.caller_id_delay)
        return self.current

    def call_waiting(self, caller: Caller) -> None:
        """A second one calls: its tone over the talk, and its caller ID. Nothing where nobody talks."""
        if self.state is LineState.CONNECTED:
            self._tone, self._waiting_tone_ticks = self._tone_source(WAITING_TONE), WAITING_TICKS
            self._unsaid.append(CallWaiting(caller.caller_id))

    def lift_handset(self) -> None:
        """Somebody picks up a telephone on the same wires: he answers a ringing call, or joins the modem's."""
        if self._handset:
            return
        self._handset = True
        if self._off_hook:
            self._unsaid.append(HandsetMoved(lifted=True))
        else:
            self._close_loop()

    def put_down_handset(self) -> None:
        """He puts it down; the call is over unless the modem holds it."""
        if not self._handset:
            return
        self._handset = False
        if self._off_hook:
            self._unsaid.append(HandsetMoved(lifted=False))
        else:
            self._open_loop("handset")

    # What the modem does.

    def go_off_hook(self) -> None:
        """Answers a ringing call, joins one that a handset holds, else seizes the line."""
        if self._off_hook:
            return
        self._off_hook = True
        self.off_hook_times.append(self.now)
        if not self._handset:
            self._close_loop()

    def go_on_hook(self) -> None:
        """Ends whatever was on the line, unless a handset holds it. Does not stop a ringing."""
        if not self._off_hook:
            return
        self._off_hook = False
        self.on_hook_times.append(self.now)
        if not self._handset:
            self._open_loop("modem")

    def dial(self, digits: str) -> None:
        """The modem has dialled on an open line."""
        if self.state is LineState.SEIZED:
            network = self.pbx or Directory({})
            self.state, self._outgoing = LineState.DIALLED, network.dial(self, digits)
            self._tone = self._tone_kind = None

    @property
    def refused(self) -> bool:
        """Whether the dialled line is engaged, or there is none."""
        return self._outgoing is not None and self._outgoing.refused

    def _close_loop(self) -> None:
        if self.state is LineState.RINGING and self.current:
            self.state = LineState.CONNECTED
            self.current.connect(self.now, bool(self._ringing and self._ringing.bursting(self.now)))
            self._conversation = self._waiting_end or Conversation(
                self.current.caller, self._seed + len(self.calls)
            )
        else:
            self.state = LineState.SEIZED
            self._tone = self._tone_source(DIAL_TONE) if self.dial_tone else None

    def _open_loop(self, released_by: str) -> None:
        self.state = LineState.IDLE
        if isinstance(self._conversation, End):
            self._conversation.leave()
        if self._outgoing:
            self._outgoing.give_up()
        self._conversation = self._waiting_end = self._outgoing = self._tone = self._far_key = None
        if self.current:
            self.current.end(self.now, released_by=released_by)
            self.current = None

    # Line time.

    def tick(self, sent: Samples) -> tuple[Samples, list[Signal]]:
        """20 ms: what the modem puts on the line, against what it hears and what its line circuit notices."""
        self._ticks += 1
        signals, self._unsaid = self._unsaid, []
        if self.state is LineState.RINGING:
            self._ring(signals)
        if not self._off_hook and not self._handset:
            return silence(), signals
        if not self._off_hook:
            if self.state is LineState.CONNECTED and self.current:
                self.current.hear(to_int16(silence()))
            self._far_end(silence(), signals)
            return silence(), []
        exact = to_int16(sent)
        self._played.append(exact)
        if self.state is LineState.CONNECTED and self.current:
            self.current.hear(exact)
        far_end = self._far_end(sent, signals)
        if self._handset:
            far_end = far_end * PARALLEL_LOSS
        return self._sound.frame(far_end, sent), signals

    def idle_tick(self) -> None:
        """20 ms with no modem on the line: it rings on unheard."""
        self.tick(silence())

    def _far_end(self, sent: Samples, signals: list[Signal]) -> Samples:
        if self.state is LineState.DIALLED and self._outgoing:
            self._progress(self._outgoing, signals)
        if self.state is LineState.CONNECTED:
            return self._talk(sent, signals)
        if self.state is LineState.CLEARING:
            return self._clear(signals)
        return self._tone.frame() if self._tone else silence()

    def _progress(self, outgoing: Outgoing | CalledLeg, signals: list[Signal]) -> None:
        if outgoing.tone is not self._tone_kind:
            self._tone_kind = outgoing.tone
            self._tone = None if outgoing.tone is None else self._tone_source(outgoing.tone)
        if not outgoing.answered:
            return
        if outgoing.reverses:
            signals.append(LoopDropped())
        self.state, self._conversation, self._tone = LineState.CONNECTED, outgoing.end, None
        self.current = Call(outgoing.caller, self.now)
        self.calls.append(self.current)
        self.current.connect(self.now, in_burst=False)

    def _tone_source(self, kind: ToneKind) -> ToneSource:
        if kind.frequency != DIAL_TONE.frequency:
            return ToneSource(kind)
        return ToneSource(replace(kind, frequency=self.tone_frequency, level=self.tone_level))

    def _ring(self, signals: list[Signal]) -> None:
        assert self.current is not None
        assert self._ringing is not None
        if given_up_by := self._ringing.given_up_by(self.now):
            self.current.end(self.now, released_by=given_up_by)
            self.state, self.current = LineState.IDLE, None
        else:
            signals += self._ringing.tick(self.now)

    def _talk(self, sent: Samples, signals: list[Signal]) -> Samples:
        assert self.current is not None
        assert self._conversation is not None
        if isinstance(self._conversation, End):
            self._conversation.sent_key = self.key
        voice = self._conversation.tick(sent)
        if self._conversation.key != self._far_key:
            self._far_key = self._conversation.key
            signals.append(KeyPressed(self._far_key))
        if self._waiting_tone_ticks and self._tone:
            self._waiting_tone_ticks -= 1
            voice = voice + self._tone.frame()
        if self._conversation.hung_up or self.current.leaving:
            if self._far_key:
                self._far_key = None
                signals.append(KeyPressed(None))
            self.current.hang_up(self.now)
            self.state = LineState.CLEARING
            tone = self._clearing.tone
            self._tone = self._tone_source(tone) if tone else None
        return voice

    @property
    def _clearing(self) -> Clearing:
        return (self.current.caller.clearing if self.current else None) or self.clearing

    def _clear(self, signals: list[Signal]) -> Samples:
        assert self.current is not None
        assert self.current.hung_up_at is not None
        clearing, since = self._clearing, self.now - self.current.hung_up_at
        signals += clearing.signals(since)
        return self._tone.frame() if self._tone and clearing.sounding(since) else silence()
