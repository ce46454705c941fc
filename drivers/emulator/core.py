"""The modem without its port: interpreter, voice stream and line joined by 20 ms ticks. No clock, no IO."""

from collections.abc import Callable, Generator
from datetime import datetime

import numpy as np

from drivers.emulator.audio import FRAME, TICK, Samples, silence
from drivers.emulator.command_line import BadCommandError, Command
from drivers.emulator.commands import COMMANDS, obey_parameter
from drivers.emulator.exchange import Exchange
from drivers.emulator.faults import Faults
from drivers.emulator.interpreter import Interpreter, Reply
from drivers.emulator.line_reports import LineReports
from drivers.emulator.personalities import Personality
from drivers.emulator.settings import Settings
from drivers.emulator.shielding import code
from drivers.emulator.signals import RingEnded, Signal
from drivers.emulator.stuck import Stuck
from drivers.emulator.voice_stream import Mode, VoiceStream

READ_SIZE = 4096
"""Bytes taken from the host at a time where nothing holds it back."""
STALE_BYTE = 0x7E
"""What a stale tail is made of."""
RINGS_FORGOTTEN = 8.0
"""Seconds after which S1, the count of rings, goes back to 0."""
PROBES = (b"AT+GCAP\r", b"ATI\r", b"AT+CPIN?\r", b"AT+CGMI\r", b"\x7e\x00\x78\xf0\x7e")
"""What a program that looks for mobile telephones writes into every modem it finds."""


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
        self._interpreter = Interpreter(self.settings, faults, self, self._send)
        self._reports = LineReports(personality, faults, self.settings, self, time_of_day)
        self._stuck = Stuck()
        self._waiting: list[tuple[int, Callable[[], None]]] = []
        self._ticks = self._rung_at = 0
        self._stream: VoiceStream | None = None
        self._tones: list[tuple[Samples, str | None]] = []
        self._bursts_until_seized: int | None = None
        self._audio_has_run = False
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
        if self.faults.stuck or (self.faults.stuck_after_voice and self._stream):
            freed = self._stuck.feed(data, self.faults.freed_by)
            if freed is not None:
                self._free()
                self._interpreter.receive(freed)
                return
            if self.faults.stuck:
                return
        if self._stream:
            self._stream.receive(data)
        else:
            self._interpreter.receive(data)

    def tick(self) -> None:
        """20 ms of modem and line."""
        self._ticks += 1
        self._interpreter.tick()
        if self._waiting:
            self._do_what_waited()
        heard, signals = self.exchange.tick(self._next_frame())
        for signal in signals:
            self._notice(signal)
        self._reports.tick()
        self._forget_rings()
        if self._stream:
            self._stream.hear(heard)
            if self._stream.ended:
                self._finish(self._stream)
        else:
            self._disturb()

    def _disturb(self) -> None:
        """What comes of itself where no voice session runs."""
        faults = self.faults
        if faults.garbage and self._random.random() < faults.garbage * TICK:
            self._send(self._random.bytes(int(self._random.integers(1, 40))))
        if faults.other_program and not faults.stuck and self._random.random() < faults.other_program * TICK:
            self._interpreter.receive(PROBES[int(self._random.integers(len(PROBES)))])

    def drop_dtr(self) -> None:
        """The host dropped DTR (&D2): on-hook, command state, settings kept."""
        if self.faults.no_dtr:
            return
        if self.faults.stuck or (self.faults.stuck_after_voice and self._stream):
            if self.faults.freed_by != "dtr":
                return
            self.faults.stuck = False
        self.power_off()

    def power_off(self) -> None:
        """Nothing runs any more, the line is free."""
        self._stream = None
        self._interpreter.abort()
        self.hang_up()

    def _free(self) -> None:
        """A stuck modem comes to: back in command state, a voice session ended as usual."""
        self.faults.stuck = False
        if self._stream and self.faults.freed_by in ("etx", "stop", "end"):
            self._stream.end()
        else:
            self._stream = None

    def _send(self, data: bytes) -> None:
        if not self.faults.modem_silent and not self.faults.stuck:
            self._to_host(data)

    # What the reports of the line need.

    def notify(self, letter: str) -> None:
        """An event code; only +FCLASS=8 has them."""
        if self.settings.in_voice:
            self._send(code(letter))

    def unsolicited(self, *lines: str) -> None:
        """Lines of text, at once."""
        self._send(self.framed(*lines))

    def result(self, text: str) -> None:
        """A result that no command asked for; Q1 keeps it back."""
        if not self.settings.quiet:
            self.unsolicited(text)

    def framed(self, *lines: str) -> bytes:
        """Lines of text as bytes."""
        return b"".join(self._interpreter.framed(line) for line in lines)

    def later(self, seconds: float, action: Callable[[], None]) -> None:
        """Do something after a while."""
        self._waiting.append((self._ticks + max(1, round(seconds / TICK)), action))

    def send_later(self, seconds: float, data: bytes) -> None:
        """Bytes for the host, at once or after a while."""
        if seconds > 0:
            self.later(seconds, lambda: self._send(data))
        else:
            self._send(data)

    def _do_what_waited(self) -> None:
        due = [action for at, action in self._waiting if at <= self._ticks]
        self._waiting = [(at, action) for at, action in self._waiting if at > self._ticks]
        for action in due:
            action()

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
        self._tones.clear()
        self._reports.forget_key()
        self.exchange.go_on_hook()

    @property
    def repeat_would_drop(self) -> bool:
        """Whether +FCLASS=8 or +VLS=1 sent now makes this part lose the call."""
        return self.personality.repeated_answer_drops and self._audio_has_run and self.exchange.off_hook

    def play_tones(self, samples: Samples, key: str | None = None) -> None:
        """+VTS: put tones on the line after those under way; `key` is the one that they are."""
        self._tones.append((samples, key))

    def abortable(self, undo: Callable[[], None] | None) -> None:
        """Any character now aborts the command at work; see Interpreter.abortable."""
        self._interpreter.abortable(undo)

    def needs_voice(self) -> None:
        """Raises BadCommandError outside class 8."""
        if not self.settings.in_voice:
            raise BadCommandError("outside +FCLASS=8")

    def start_stream(self, mode: Mode) -> None:
        """CONNECT was sent: audio flows from the next tick."""
        codec = self.settings.mode.codec
        assert codec is not None
        interval = int(self.settings.values["+VSD"].split(",")[1]) * 0.1
        self._audio_has_run = True
        self._stream = VoiceStream(
            mode, codec, self.personality, self.faults, self._send, self.send_later, interval
        )

    @property
    def loses_dial_tone(self) -> bool:
        """Whether dialling finds no dial tone, though there may be one."""
        return self.faults.no_dial_tone or self._reports.deaf_by_country

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
            self._reports.ring()

    # The line.

    def _next_frame(self) -> Samples:
        self.exchange.key = None
        if self._tones:
            return self._next_tones()
        return self._stream.next_frame() if self._stream else silence()

    def _next_tones(self) -> Samples:
        frame = silence(0)
        while self._tones and len(frame) < FRAME:
            samples, key = self._tones.pop(0)
            self.exchange.key = self.exchange.key or key
            room = FRAME - len(frame)
            frame = np.concatenate((frame, samples[:room]))
            if len(samples) > room:
                self._tones.insert(0, (samples[room:], key))
        return np.concatenate((frame, silence(FRAME - len(frame))))

    def _notice(self, signal: Signal) -> None:
        if isinstance(signal, RingEnded):
            self.settings.registers[1] = 0 if self.faults.no_ring_count else self.exchange.ring_count
            self._rung_at = self._ticks
        self._reports.notice(signal)
        if isinstance(signal, RingEnded) and self._bursts_until_seized is not None:
            self._bursts_until_seized -= 1
            if self._bursts_until_seized == 0:
                self._bursts_until_seized = None
                self.exchange.go_off_hook()
        limit = self.settings.registers[0]
        if isinstance(signal, RingEnded) and 0 < limit <= self.exchange.ring_count:
            self._interpreter.start("A")

    def _forget_rings(self) -> None:
        if self.settings.registers[1] and (self._ticks - self._rung_at) * TICK >= RINGS_FORGOTTEN:
            self.settings.registers[1] = 0

    def _finish(self, stream: VoiceStream) -> None:
        self._stream = None
        mute = self.faults.no_ok_after_receive or not self.personality.ok_after_receive
        if stream.mode is Mode.RECEIVE and mute:
            return
        leaves_a_tail = self.faults.stale_tail and stream.mode is not Mode.TRANSMIT
        self._interpreter.report("OK", self._leave_tail if leaves_a_tail else None)

    def _leave_tail(self) -> None:
        self._stale = bytes(2 * FRAME * [STALE_BYTE])
