"""One AT command at a time: its listener stands before its bytes leave; each result is followed by a pause."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from drivers.fxo.at import Result, is_echo, result_of
from drivers.fxo.errors import NoAnswer, PortLost
from drivers.fxo.profiles import Delays

COMMAND_TIMEOUT = 3.0
"""Three times the longest answer of a healthy modem: +VLS=1 may take a second."""
INFO_LIMIT = 64
"""Lines of information kept from one answer."""
LATE = 0.5
"""Seconds in which a result that was given up may still come, and would be taken for that of the next command."""
REMEMBERED = 8
"""Commands of ours whose echo may still come."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a command got: the final result and the information lines before it."""

    result: Result
    lines: tuple[str, ...] = ()
    echoed: bool = False
    """The command came back first: the modem's echo is on."""

    @property
    def ok(self) -> bool:
        """Whether the result was OK (or VCON)."""
        return self.result is Result.OK


class _Pending:
    """The command in flight."""

    def __init__(self, command: str, connecting: bool, doubtful: bool) -> None:
        self.command = command
        self.connecting = connecting
        self.doubtful = doubtful
        self.first: Reply | None = None
        """What may be the result of something before, or this command's: another one within LATE decides."""
        self.late: asyncio.TimerHandle | None = None
        self.lines: list[str] = []
        self.echoed = False
        self._loop = asyncio.get_running_loop()
        self.reply: asyncio.Future[Reply] = self._loop.create_future()

    def answered(self, reply: Reply) -> None:
        """A result has come."""
        if not self.doubtful or reply.result is Result.CONNECT:
            self.reply.set_result(reply)
            return
        self.first = reply
        self.lines = []
        if self.late is None:
            self.late = self._loop.call_later(LATE, self._settle)

    def close(self) -> None:
        """Nothing more is awaited."""
        if self.late is not None:
            self.late.cancel()
        if self.reply.done() and not self.reply.cancelled():
            self.reply.exception()  # looked at, should the waiter have been cancelled just then

    def _settle(self) -> None:
        if self.first is not None and not self.reply.done():
            self.reply.set_result(self.first)


class CommandQueue:
    """Sends commands strictly one after another and matches the lines that come back.

    Results have no names: after one that was given up, the next command waits LATE longer for a second result, and
    takes that for its own if it comes.

    `numeric` is set while the modem answers with V0's digits.
    """

    def __init__(self, write: Callable[[bytes], object]) -> None:
        self._write = write
        self._turn = asyncio.Lock()
        self._pending: _Pending | None = None
        self._ready_at = 0.0
        self._lost: PortLost | None = None
        self._doubtful = False
        self.sent: deque[str] = deque(maxlen=REMEMBERED)
        """Our latest commands."""
        self.strays = 0
        """Results so far that came late, in the time of another command."""
        self.numeric = False
        self.pace = Delays().pace
        """Seconds between a result and the next command."""

    async def run(self, command: str, *, within: float = COMMAND_TIMEOUT, connecting: bool = False) -> Reply:
        """Send `command` and return its reply. Raises NoAnswer after `within` seconds, PortLost with the port.

        `connecting` awaits CONNECT: an OK before it is only the acceptance some manuals promise.
        """
        async with self._turn:
            await self._pause()
            pending = _Pending(command, connecting, self._doubtful)
            try:
                return await self._exchange(pending, within)
            finally:
                pending.close()

    def rest(self) -> None:
        """The modem has just ended something without a command: the next one waits its pause."""
        self._ready_at = asyncio.get_running_loop().time() + self.pace

    def doubt(self) -> None:
        """A result may come, or have come just now, that no command of ours asked for."""
        self._doubtful = True
        if self._pending is not None:
            self._pending.doubtful = True

    @property
    def waiting(self) -> bool:
        """Whether a command is in flight."""
        return self._pending is not None

    def line_received(self, line: str) -> Result | None:
        """Take one line; the result, if it ended the command in flight."""
        pending = self._pending
        if pending is None or pending.reply.done():
            return None
        result = result_of(line, numeric=self.numeric)
        if pending.connecting and result is Result.OK and _plain_ok(line):
            return None
        if result is None:
            if is_echo(line, pending.command):
                pending.echoed = True
            elif any(is_echo(line, command) for command in self.sent):
                pass  # one that came late
            elif len(pending.lines) < INFO_LIMIT:
                pending.lines.append(line)
            return None
        if pending.connecting and result is Result.OK:
            result = Result.CONNECT  # VCON, the pre-V.253 word for it
        self.strays += pending.first is not None
        pending.answered(Reply(result, tuple(pending.lines), pending.echoed))
        return result

    def fail(self, lost: PortLost) -> None:
        """The port has gone: the command in flight and all later ones raise `lost`."""
        self._lost = lost
        if self._pending is not None and not self._pending.reply.done():
            self._pending.reply.set_exception(lost)

    async def _pause(self) -> None:
        wait = self._ready_at - asyncio.get_running_loop().time()
        if wait > 0:
            await asyncio.sleep(wait)

    async def _exchange(self, pending: _Pending, within: float) -> Reply:
        if self._lost is not None:
            raise self._lost
        self._pending = pending
        self.sent.append(pending.command)
        self._doubtful = True
        self._write(pending.command.encode("ascii") + b"\r")
        try:
            await asyncio.wait((pending.reply,), timeout=within)  # not wait_for: see drivers.fxo.waiting
            if pending.reply.done():
                reply = pending.reply.result()
            elif pending.first is not None:
                reply = pending.first
            else:
                raise NoAnswer(f"no answer to {pending.command} within {within:g} s")
        finally:
            self._pending = None
            self.rest()
        self._doubtful = False
        return reply


def _plain_ok(line: str) -> bool:
    return "VCON" not in line.upper()
