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
NUMBERS = {"OK": 0, "CONNECT": 1, "RING": 2, "NO CARRIER": 3, "ERROR": 4, "NO DIALTONE": 6, "BUSY": 7}
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

    @property
    def busy(self) -> bool:
        """Whether a command line is at work."""
        return self._running is not None

    def receive(self, data: bytes) -> None:
        """Bytes typed by the host."""
        for byte in data:
            if self._running is None:
                self._type(byte & 0x7F)

    def tick(self) -> None:
        """20 ms have gone by."""
        if self._running is None:
            return
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
        self._running, self._line = None, ""

    def report(self, result: str, then: Callable[[], None] | None = None) -> None:
        """A result that no command line asked for now, such as the OK after a voice session."""
        self._running, self._wait_ticks = self._give(result, then), 1

    def unsolicited(self, *lines: str) -> None:
        """RING and the like, on lines of their own."""
        self._send(b"".join(self._framed(line) for line in lines))

    def _type(self, byte: int) -> None:
        if self._settings.echo and not self._faults.swallowed_commands:
            self._send(bytes((byte,)))
        if byte == self._settings.registers[3]:
            line, self._line = self._line, ""
            self._enter(line)
        elif byte == self._settings.registers[5]:
            self._line = self._line[:-1]
        elif byte >= 0x20:
            self._collect(chr(byte))

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
        self._running, self._wait_ticks = self._run(line[2:]), 1

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
        yield float(self._random.uniform(*LATENCY)) + self._faults.late_ok
        self._operator.before_result()
        lost = result == "OK" and self._faults.lost_ok > 0
        if lost:
            self._faults.lost_ok -= 1
        if not lost and not self._settings.quiet:
            self._send(self._framed(result))
        self._running = None
        if then:
            then()

    def _framed(self, text: str) -> bytes:
        if self._settings.verbose:
            return f"\r\n{text}\r\n".encode()
        number = NUMBERS.get(text.replace("DIAL TONE", "DIALTONE"))
        return f"{text}\r\n".encode() if number is None else f"{number}\r".encode()

    def _information(self, lines: tuple[str, ...]) -> bytes:
        text = "\r\n".join(lines) + "\r\n"
        return (("\r\n" if self._settings.verbose else "") + text).encode()
