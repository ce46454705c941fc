"""The command interpreter: echo, command lines, results (V.250). Knows bytes and line time, not what commands do.

One command line at a time: what the host sends before the result is lost, as it is on real modems.
"""

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from drivers.emulator.audio import TICK
from drivers.emulator.command_line import BadCommandError, Command, parse
from drivers.emulator.faults import Faults
from drivers.emulator.settings import Settings

LINE_LIMIT = 256
"""Characters of a command line; a longer one is an error."""
LATENCY = (0.005, 0.05)
"""Seconds a modem takes for a result."""
ABORT_WINDOW = 0.125
"""Seconds after a command line in which characters do not abort it, so that a line feed does no harm."""
FORGETS_AFTER = 30.0
"""Seconds without a character after which half a line is forgotten."""
NUMBERS = {
    "OK": 0,
    "CONNECT": 1,
    "RING": 2,
    "NO CARRIER": 3,
    "ERROR": 4,
    "NO DIALTONE": 6,
    "BUSY": 7,
    "NO ANSWER": 8,
}
"""Numeric results, ATV0."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a command gives: information lines, and a result that ends the line if it isn't OK."""

    lines: tuple[str, ...] = ()
    result: str = "OK"
    then: Callable[[], None] | None = None
    """Done right after the result was sent."""
    answered: bool = True
    """False: the part never answers this."""


Steps = Generator[float, None, Reply]
"""A command at work: yields seconds it takes, returns its reply, raises BadCommandError for ERROR."""


class Operator(Protocol):
    """Whoever obeys commands."""

    def obey(self, command: Command) -> Steps:
        """Begin a command."""

    def before_result(self) -> None:
        """A result is about to be sent."""


class Interpreter:
    """Bytes from the host in command state."""

    def __init__(
        self, settings: Settings, faults: Faults, operator: Operator, send: Callable[[bytes], None]
    ) -> None:
        self._settings, self._faults, self._operator, self._send = settings, faults, operator, send
        self._random = np.random.default_rng(faults.seed)
        self._line = ""
        self._last = ""
        self._running: Generator[float, None, None] | None = None
        self._wait_ticks = 0
        self._run_ticks = 0
        self._idle_ticks = 0
        self._on_abort: Callable[[], None] | None = None

    @property
    def busy(self) -> bool:
        """Whether a command line is at work."""
        return self._running is not None

    def receive(self, data: bytes) -> None:
        """Bytes typed by the host."""
        for byte in data:
            if self._running is None:
                self._type(byte & 0x7F)
            elif self._on_abort and self._run_ticks * TICK >= ABORT_WINDOW:
                undo, self._on_abort = self._on_abort, None
                undo()
                self._running, self._wait_ticks = self._give("NO CARRIER", None), 1

    def abortable(self, undo: Callable[[], None] | None) -> None:
        """The command at work may be aborted by any character, which calls `undo` and gives NO CARRIER; None: no
        longer."""
        self._on_abort = undo

    def start(self, body: str) -> None:
        """Do a command line that nobody typed, such as the ATA of S0."""
        if self._running is None:
            self._begin(self._run(body))

    def _begin(self, running: Generator[float, None, None]) -> None:
        self._running, self._wait_ticks, self._run_ticks, self._on_abort = running, 1, 0, None

    def tick(self) -> None:
        """20 ms have gone by."""
        if self._running is None:
            self._idle_ticks += 1
            if self._line and self._idle_ticks * TICK >= FORGETS_AFTER:
                self._line = ""
            return
        self._run_ticks += 1
        self._wait_ticks -= 1
        running = self._running
        while self._wait_ticks <= 0 and self._running is running:
            try:
                self._wait_ticks = round(next(running) / TICK)
            except StopIteration:
                if self._running is running:
                    self._running = None

    def abort(self) -> None:
        """DTR was dropped."""
        self._running, self._line, self._on_abort = None, "", None

    def report(self, result: str, then: Callable[[], None] | None = None) -> None:
        """A result that no command line asked for now, such as the OK after a voice session."""
        self._begin(self._give(result, then))

    def _type(self, byte: int) -> None:
        if self._settings.echo and not self._faults.swallowed_commands:
            self._echo(byte)
        self._idle_ticks = 0
        if byte == self._settings.registers[3]:
            line, self._line = self._line, ""
            self._enter(line)
        elif byte == self._settings.registers[5]:
            self._line = self._line[:-1]
        elif byte >= 0x20:
            self._collect(chr(byte))

    def _echo(self, byte: int) -> None:
        if self._faults.ta_echo and chr(byte) in "Aa" and not self._line:
            return
        turned = self._faults.ta_echo and self._line == "A" and chr(byte) in "Tt"
        self._send(b"TA" if turned else bytes((byte,)))

    def _collect(self, character: str) -> None:
        """Before AT is complete everything else is dropped; `A/` repeats the last line at once."""
        upper = character.upper()
        if not self._line:
            self._line = "A" if upper == "A" else ""
        elif self._line == "A":
            if upper == "/":
                self._line = ""
                self._enter(self._last)
            else:
                self._line = "AT" if upper == "T" else "A" if upper == "A" else ""
        elif len(self._line) < LINE_LIMIT:
            self._line += character

    def _enter(self, line: str) -> None:
        if not line.startswith("AT"):
            return
        if self._faults.swallowed_commands:
            self._faults.swallowed_commands -= 1
            return
        self._last = line
        self._begin(self._run(line[2:]))

    def _run(self, body: str) -> Generator[float, None, None]:
        reply = Reply()
        try:
            for command in parse(body):
                if isinstance(command, BadCommandError):
                    raise command
                reply = yield from self._operator.obey(command)
                if not reply.answered:
                    return
                if reply.lines:
                    self._send(self._information(reply.lines))
                if reply.result != "OK":
                    break
        except BadCommandError:
            reply = Reply(result="ERROR")
        yield from self._give(reply.result, reply.then)

    def _give(self, result: str, then: Callable[[], None] | None) -> Generator[float, None, None]:
        late = self._faults.connect_late if result == "CONNECT" else 0.0
        yield float(self._random.uniform(*LATENCY)) + self._faults.late_ok + late
        self._operator.before_result()
        lost = result == "OK" and self._faults.lost_ok > 0
        if lost:
            self._faults.lost_ok -= 1
        if not lost and not self._settings.quiet:
            old = self._faults.vcon and self._settings.in_voice and result in ("OK", "CONNECT")
            self._send(self.framed("VCON" if old else result))
        self._running = None
        if then:
            then()

    def framed(self, text: str) -> bytes:
        """A result, or a line of text, between its line ends."""
        end, line_end = self._ends
        if self._settings.verbose:
            return line_end + text.encode() + line_end
        number = NUMBERS.get(text.replace("DIAL TONE", "DIALTONE"))
        return text.encode() + line_end if number is None else str(number).encode() + end

    def _information(self, lines: tuple[str, ...]) -> bytes:
        _, line_end = self._ends
        text = "".join(line + line_end.decode() for line in lines).encode()
        return line_end + text if self._settings.verbose else text

    @property
    def _ends(self) -> tuple[bytes, bytes]:
        """S3, and S3 with S4."""
        registers = self._settings.registers
        return bytes((registers[3] & 0x7F,)), bytes((registers[3] & 0x7F, registers[4] & 0x7F))
