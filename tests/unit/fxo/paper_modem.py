"""A modem on paper: command lines in, literal answers out, in virtual time and without a port."""

import asyncio
from collections.abc import Mapping

from drivers.fxo.listener import Listener
from drivers.fxo.modem import Modem

ANSWER_AFTER = 0.02
RESULTS = {b"\r\nOK\r\n": b"0\r", b"\r\nERROR\r\n": b"4\r"}
ERROR = b"\r\nERROR\r\n"


def info(*lines: str) -> bytes:
    """Information text and OK, framed as V.250 has it."""
    return b"".join(b"\r\n" + line.encode("latin-1") + b"\r\n" for line in lines) + b"\r\nOK\r\n"


class PaperModem:
    """The Wire of `self.host`. `answers` by command line; a missing entry is OK, None is silence."""

    def __init__(self, answers: Mapping[str, bytes | None] | None = None) -> None:
        self.answers = dict(answers or {})
        self.commands: list[str] = []
        self.times: list[float] = []
        self.dtr_lows: list[float] = []
        self.echo = self.echo_stored = True
        self.echo_obeys = True
        self.verbose = self.verbose_stored = True
        self.slow: dict[str, float] = {}
        """Seconds that a command takes."""
        self.backlog = 0
        self.host = Modem(self, Listener())
        self._partial = b""

    def write(self, data: bytes) -> bool:
        self._partial += data
        while b"\r" in self._partial:
            line, self._partial = self._partial.split(b"\r", 1)
            self._take(line)
        return True

    def _take(self, line: bytes) -> None:
        at = line.upper().rfind(b"AT")
        if at < 0:
            return
        command = line[at:].decode("ascii").upper()
        self.commands.append(command)
        self.times.append(asyncio.get_running_loop().time())
        answer = self.answers.get(command, b"\r\nOK\r\n")
        echo = line + b"\r" if self.echo else b""
        self._settings(command)
        if answer is None:
            return
        if not self.verbose:
            answer = RESULTS.get(answer, answer)
        delay = self.slow.get(command, ANSWER_AFTER)
        asyncio.get_running_loop().call_later(delay, self.host.bytes_received, echo + answer)

    def _settings(self, command: str) -> None:
        if command == "ATZ":
            self.echo, self.verbose = self.echo_stored, self.verbose_stored
        elif command == "ATE0" and self.echo_obeys:
            self.echo = False
        elif command == "ATV1":
            self.verbose = True

    async def discard_output(self) -> None: ...

    async def drop_dtr(self, duration: float) -> bool:
        self.dtr_lows.append(duration)
        return True

    async def reopen(self, pause: float) -> None:
        await asyncio.sleep(pause)
