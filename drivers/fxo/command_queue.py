"""One AT command at a time: its listener stands before its bytes leave; each result is followed by a pause."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from drivers.fxo.at import Result, is_echo, result_of
from drivers.fxo.errors import NoAnswer, PortLost
from drivers.fxo.profiles import Delays

COMMAND_TIMEOUT = 3.0
"""Three times the longest answer of a healthy modem: +VLS=1 may take a second."""
INFO_LIMIT = 64
"""Lines of information kept from one answer."""


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

    def __init__(self, command: str, connecting: bool) -> None:
        self.command = command
        self.connecting = connecting
        self.lines: list[str] = []
        self.echoed = False
        self.reply: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()


class CommandQueue:
    """Sends commands strictly one after another and matches the lines that come back.

    `numeric` is set while the modem answers with V0's digits.
    """

    def __init__(self, write: Callable[[bytes], object]) -> None:
        self._write = write
        self._turn = asyncio.Lock()
        self._pending: _Pending | None = None
        self._ready_at = 0.0
        self._lost: PortLost | None = None
        self.numeric = False
        self.pace = Delays().pace
        """Seconds between a result and the next command."""

    async def run(self, command: str, *, within: float = COMMAND_TIMEOUT, connecting: bool = False) -> Reply:
        """Send `command` and return its reply. Raises NoAnswer after `within` seconds, PortLost with the port.

        `connecting` awaits CONNECT: an OK before it is only the acceptance some manuals promise.
        """
        async with self._turn:
            await self._pause()
            return await self._exchange(_Pending(command, connecting), within)

    def rest(self) -> None:
        """The modem has just ended something without a command: the next one waits its pause."""
        self._ready_at = asyncio.get_running_loop().time() + self.pace

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
            elif len(pending.lines) < INFO_LIMIT:
                pending.lines.append(line)
            return None
        if pending.connecting and result is Result.OK:
            result = Result.CONNECT  # VCON, the pre-V.253 word for it
        pending.reply.set_result(Reply(result, tuple(pending.lines), pending.echoed))
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
        self._write(pending.command.encode("ascii") + b"\r")
        try:
            return await asyncio.wait_for(pending.reply, within)
        except TimeoutError:
            raise NoAnswer(f"no answer to {pending.command} within {within:g} s") from None
        finally:
            self._pending = None
            self.rest()


def _plain_ok(line: str) -> bool:
    return "VCON" not in line.upper()
