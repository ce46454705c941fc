"""A Wire in virtual time that answers what is written by a table, each piece so many seconds later."""

import asyncio
from collections.abc import Awaitable, Callable

from drivers.fxo.intruder import Intruder
from drivers.fxo.modem import Modem
from drivers.fxo.watch import IncomingWatch
from tests.unit.fxo.virtual_time import in_virtual_time

OK = b"\r\nOK\r\n"
ERROR = b"\r\nERROR\r\n"
CONNECT = b"\r\nCONNECT\r\n"
Answers = list[tuple[float, bytes]]


class Wire:
    """Answers what is written, by a table of what comes how many seconds later; a list of tables is used up."""

    def __init__(self, table: dict[bytes, list[Answers]]) -> None:
        self.table = table
        self.sent: list[bytes] = []
        self.times: list[float] = []
        self.backlog = 0
        self.modem: Modem | None = None

    def write(self, data: bytes) -> bool:
        loop = asyncio.get_running_loop()
        self.sent.append(data)
        self.times.append(loop.time())
        for later, answer in self.table[data].pop(0) if self.table.get(data) else []:
            loop.call_later(later, self.modem.bytes_received, answer)
        return True

    async def discard_output(self) -> None: ...

    async def drop_dtr(self, _duration: float) -> bool:
        return False

    async def reopen(self, _pause: float) -> None: ...


Story = Callable[[Modem, Wire], Awaitable[None]]


def told(table: dict[bytes, list[Answers]], story: Story) -> None:
    async def whole() -> None:
        wire, watch = Wire(table), IncomingWatch()
        modem = wire.modem = Modem(wire, watch, Intruder("/dev/ttyACM0"))
        try:
            await story(modem, wire)
        finally:
            watch.close()

    in_virtual_time(whole)
