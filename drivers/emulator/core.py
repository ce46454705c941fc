"""The modem without its port: interpreter, voice stream and line joined by 20 ms ticks. No clock, no IO."""

from collections.abc import Callable, Generator
from datetime import datetime

import numpy as np

from drivers.emulator import caller_id
from drivers.emulator.audio import FRAME, TICK, Samples, silence
from drivers.emulator.command_line import Command
from drivers.emulator.commands import COMMANDS, obey_parameter
from drivers.emulator.exchange import (
    CallerIdSent,
    Exchange,
    KeyPressed,
    LoopDropped,
    RingEnded,
    Signal,
    ToneNoticed,
)
from drivers.emulator.faults import Faults
from drivers.emulator.interpreter import Interpreter, Reply
from drivers.emulator.personalities import Personality
from drivers.emulator.settings import Settings
from drivers.emulator.shielding import code
from drivers.emulator.voice_stream import Mode, VoiceStream

READ_SIZE = 4096
"""Bytes taken from the host at a time where nothing holds it back."""
STALE_BYTE = 0x7E
"""What a stale tail is made of."""
DIGIT_REPEAT = 4
"""Ticks between two codes of a held key, some 70 ms as IS-101 has it."""


class ModemCore:
    """One modem between power-up and power-down."""

    def __init__(
        self,
        personality: Personality,
        exchange: Exchange,
        faults: Faults,
        send: Callable[[bytes], None],
        time_of_day: Callable[[], datetime] = datetime.now,
    ) -> None:
        """`send` takes bytes for the host; `time_of_day` dates the caller ID."""
        self.personality, self.exchange, self.faults = personality, exchange, faults
        self.settings = Settings(personality)
        self._to_host = send
        self._time_of_day = time_of_day
        self._interpreter = Interpreter(self.settings, faults, self, self._send)
        self._stream: VoiceStream | None = None
        self._tones = silence(0)
        self._bursts_until_seized: int | None = None
        self._audio_has_run = False
        self._key: str | None = None
        self._key_ticks = 0
        self._stale = b""
        self._random = np.random.default_rng(faults.seed)

    @property
    def in_voice_stream(self) -> bool:
        """Whether a +VTX, +VRX or +VTR runs."""
        return self._stream is not None

    @property
    def room(self) -> int:
        """Bytes that may be read from the host now; 0 holds it back."""
        return self._stream.room if self._stream and self._stream.transmits else READ_SIZE

    def receive(self, data: bytes) -> None:
        """Bytes from the host, at most `room`."""
        if self.faults.modem_silent:
            return
        if self._stream:
            self._stream.receive(data)
        else:
            self._interpreter.receive(data)

    def tick(self) -> None:
        """20 ms of modem and line."""
        self._interpreter.tick()
        heard, signals = self.exchange.tick(self._next_frame())
        for signal in signals:
            self._notice(signal)
        self._repeat_digit()
        if self._stream:
            self._stream.hear(heard)
            if self._stream.ended:
                self._finish(self._stream)
        elif self.faults.garbage and self._random.random() < self.faults.garbage * TICK:
            self._send(self._random.bytes(int(self._random.integers(1, 40))))

    def drop_dtr(self) -> None:
        """The host dropped DTR (&D2): on-hook, command state, settings kept."""
        self._stream = None
        self._interpreter.abort()
        self.hang_up()

    def _send(self, data: bytes) -> None:
        if not self.faults.modem_silent:
            self._to_host(data)

    # What commands act upon.

    def seize(self) -> None:
        """+VLS=1, ATA: close the loop, at once or after the bursts of a fault."""
        if self._bursts_until_seized is None and self.faults.keeps_ringing and not self.exchange.off_hook:
            self._bursts_until_seized = self.faults.keeps_ringing
        if self._bursts_until_seized is None:
            self.exchange.go_off_hook()

    def hang_up(self) -> None:
        """Open the loop."""
        self.settings.source = "0"
        self._bursts_until_seized = None
        self._audio_has_run = False
        self._tones = silence(0)
        self.exchange.go_on_hook()

    @property
    def repeat_would_drop(self) -> bool:
        """Whether +FCLASS=8 or +VLS=1 sent now makes this part lose the call."""
        return self.personality.repeated_answer_drops and self._audio_has_run and self.exchange.off_hook

    def play_tones(self, samples: Samples) -> None:
        """+VTS: put tones on the line after those under way."""
        self._tones = np.concatenate((self._tones, samples))

    def start_stream(self, mode: Mode) -> None:
        """CONNECT was sent: audio flows from the next tick."""
        codec = self.settings.mode.codec
        assert codec is not None
        interval = int(self.settings.values["+VSD"].split(",")[1]) * 0.1
        self._audio_has_run = True
        self._stream = VoiceStream(mode, codec, self.personality, self.faults, self._send, interval)

    def notify(self, letter: str) -> None:
        """An event code; only +FCLASS=8 has them."""
        if self.settings.in_voice:
            self._send(code(letter))

    # The interpreter's operator.

    def obey(self, command: Command) -> Generator[float, None, Reply]:
        """Do one command."""
        handler = COMMANDS.get(command.name.rstrip("0123456789") if command.name[0] == "S" else command.name)
        return (yield from handler(self, command) if handler else obey_parameter(self, command))

    def before_result(self) -> None:
        """Where faults get their bytes in between."""
        if self._stale:
            self._send(self._stale)
            self._stale = b""
        if self.faults.ring_in_response and self.exchange.current and not self.exchange.off_hook:
            self.faults.ring_in_response -= 1
            self._report_ring()

    # The line.

    def _next_frame(self) -> Samples:
        if len(self._tones):
            frame, self._tones = self._tones[:FRAME], self._tones[FRAME:]
            return np.concatenate((frame, silence(FRAME - len(frame))))
        return self._stream.next_frame() if self._stream else silence()

    def _notice(self, signal: Signal) -> None:
        match signal:
            case RingEnded():
                self._ring_ended()
            case CallerIdSent():
                self._show_caller_id(signal)
            case LoopDropped():
                self._notice_code("l")
            case ToneNoticed(letter):
                self._notice_code(letter)
            case KeyPressed(digit):
                self._notice_key(digit)

    def _notice_code(self, letter: str) -> None:
        if letter in self.personality.codes:
            self.notify(letter)

    def _ring_ended(self) -> None:
        self.settings.registers[1] = self.exchange.ring_count
        self._report_ring()
        if self._bursts_until_seized is not None:
            self._bursts_until_seized -= 1
            if self._bursts_until_seized == 0:
                self._bursts_until_seized = None
                self.exchange.go_off_hook()

    def _report_ring(self) -> None:
        if self.settings.in_voice:
            self.notify("R")
        else:
            self._interpreter.unsolicited("RING")

    def _show_caller_id(self, sent: CallerIdSent) -> None:
        wanted = self.settings.values["+VCID"]
        if self.faults.no_caller_id or wanted == "0":
            return
        at = self._time_of_day()
        if wanted == "2" or self.faults.caller_id_raw:
            lines = caller_id.raw(sent, at)
        else:
            lines = caller_id.formatted(self.personality, sent, at)
        packet = self.personality.caller_id_packet and self.settings.in_voice
        if packet:
            self.notify("X")
        self._interpreter.unsolicited(*lines)
        if packet:
            self.notify(".")

    def _notice_key(self, digit: str | None) -> None:
        if self.faults.no_digit_codes:
            return
        if digit is None:
            self._key = None
            self._notify_frame("~")
            return
        self._key, self._key_ticks = digit, 0
        self._notify_frame("/")
        self.notify(digit)

    def _notify_frame(self, letter: str) -> None:
        if self.personality.frames_digits:
            self.notify(letter)

    def _repeat_digit(self) -> None:
        if self._key is None or not self.personality.repeats_digits:
            return
        self._key_ticks += 1
        if self._key_ticks % DIGIT_REPEAT == 0:
            self.notify(self._key)

    def _finish(self, stream: VoiceStream) -> None:
        self._stream = None
        mute = self.faults.no_ok_after_receive or not self.personality.ok_after_receive
        if stream.mode is Mode.RECEIVE and mute:
            return
        leaves_a_tail = self.faults.stale_tail and stream.mode is not Mode.TRANSMIT
        self._interpreter.report("OK", self._leave_tail if leaves_a_tail else None)

    def _leave_tail(self) -> None:
        self._stale = bytes(2 * FRAME * [STALE_BYTE])
