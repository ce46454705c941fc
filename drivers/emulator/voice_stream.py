"""The modem's voice data path: what the host sends, buffered and played; what is heard, coded and shielded.

One 20 ms frame each way a tick. The buffer holds a second at most: the host is held back by not being read.
"""

from collections.abc import Callable
from enum import Enum

import numpy as np

from drivers.emulator.audio import FRAME, RATE, TICK, Samples, level_of, silence, to_int16
from drivers.emulator.codecs import Codec
from drivers.emulator.faults import Faults
from drivers.emulator.personalities import Personality
from drivers.emulator.received_audio import ReceivedAudio
from drivers.emulator.shielding import ETX, Unshielder, code

BUFFER_SECONDS = 1.0
SILENCE_LEVEL = -45.0
"""dBFS under which the part holds a signal to be none."""
FALSE_CODE_PERIOD = 60
"""Ticks between two false codes."""


class Mode(Enum):
    """Which way audio flows."""

    TRANSMIT = "+VTX"
    RECEIVE = "+VRX"
    DUPLEX = "+VTR"


class VoiceStream:
    """From CONNECT to the end of one +VTX, +VRX or +VTR. `ended` is set when its last byte is out."""

    def __init__(
        self,
        mode: Mode,
        codec: Codec,
        personality: Personality,
        faults: Faults,
        send: Callable[[bytes], None],
        send_later: Callable[[float, bytes], None],
        silence_after: float = 0.0,
    ) -> None:
        """`send` takes bytes for the host, `send_later` so many seconds later. `silence_after`: seconds until
        <DLE>s, 0 for never."""
        self.mode = mode
        self.ended = False
        self._codec, self._personality, self._faults = codec, personality, faults
        self._send, self._send_later = send, send_later
        self._unshielder = Unshielder()
        self._buffer = bytearray()
        self._draining = False
        self._closing: str | int | None = None
        self._received = ReceivedAudio(faults, personality.uses_sub, send)
        self._starved = False
        self._ticks = 0
        self._quiet_ticks = 0
        self._silence_after = silence_after
        self._random = np.random.default_rng(faults.seed)

    @property
    def transmits(self) -> bool:
        """Whether the host's bytes are audio for the line."""
        return self.mode is not Mode.RECEIVE

    @property
    def room(self) -> int:
        """Bytes the host may still send now."""
        return max(0, round(BUFFER_SECONDS * RATE * self._codec.width) - len(self._buffer))

    def receive(self, data: bytes) -> None:
        """Bytes from the host."""
        for item in self._unshielder.feed(data):
            if isinstance(item, bytes):
                if self.transmits and not self._draining:
                    self._buffer += item
            else:
                self._obey(item)

    def _obey(self, order: int) -> None:
        letter = chr(order)
        stuck = self._faults.stuck_after_voice
        if letter == "\x18":
            self._buffer.clear()
            if self.mode is Mode.RECEIVE and self._personality.cancel_stops_receive and not stuck:
                self._closing = ETX
        elif stuck:
            return
        elif self.mode is Mode.TRANSMIT and order == ETX:
            self._draining = True
        elif self.mode is Mode.RECEIVE and letter in self._personality.receive_ends:
            self._closing = self._personality.receive_ends[letter]
        elif self.mode is Mode.DUPLEX and letter in self._personality.duplex_ends:
            self.end()

    def end(self) -> None:
        """Stop both ways; the frame under way is still sent."""
        self._buffer.clear()
        self._draining = self.mode is Mode.TRANSMIT
        self._closing = ETX

    def next_frame(self) -> Samples:
        """20 ms for the line; reports <DLE>u when the host left it empty."""
        self._ticks += 1
        if not self.transmits:
            return silence()
        wanted = FRAME * self._codec.width
        data = bytes(self._buffer[:wanted])
        whole = len(data) // self._codec.width * self._codec.width
        del self._buffer[: whole or len(data) if self._draining else whole]
        samples = self._codec.decode(data[:whole]).astype(np.float64)
        if len(samples) == FRAME:
            self._starved = False
            self._mind_budget()
            self._mistake(samples)
            return samples
        if self._draining:
            self._end_draining()
        elif not self._starved:
            self._starved = True
            self._send_later(self._faults.late_underrun, code("u"))
        return np.concatenate((samples, silence(FRAME - len(samples))))

    def _end_draining(self) -> None:
        if self._buffer:
            return
        self.ended = True
        if self._personality.says_end_of_transmit:
            self._send(code(ETX))

    def _mind_budget(self) -> None:
        """Both directions together are more than the part's bus carries: it says so again and again."""
        budget = self._personality.duplex_budget
        if self.mode is Mode.DUPLEX and budget and 2 * RATE * self._codec.width > budget:
            self._send(code("u"))

    def _mistake(self, samples: Samples) -> None:
        """A detector that takes what is played for what is heard."""
        due = self._faults.false_codes_while_playing and self._ticks % FALSE_CODE_PERIOD == 0
        if due and level_of(samples) > SILENCE_LEVEL:
            self._send(code("db10i"[int(self._random.integers(5))]))

    def hear(self, heard: Samples) -> None:
        """20 ms from the line, for the host."""
        if self.mode is Mode.TRANSMIT:
            return
        if not self._faults.stalled:
            self._received.give(self._codec.encode(to_int16(heard)))
            self._watch_silence(heard)
        if self._closing is not None:
            self._received.flush()
            self._send(code(self._closing))
            self.ended = True

    def _watch_silence(self, heard: Samples) -> None:
        if not self._silence_after:
            return
        self._quiet_ticks = self._quiet_ticks + 1 if level_of(heard) < SILENCE_LEVEL else 0
        if self._quiet_ticks == round(self._silence_after / TICK):
            self._send(code("s"))
