"""Lines on the emulated modem in virtual time: minutes of a line in a second, the same bytes, no tty."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import TypeVar

from drivers.emulator.audio import TICK
from drivers.emulator.core import READ_SIZE, ModemCore
from drivers.emulator.exchange import Exchange
from drivers.emulator.faults import Faults
from drivers.emulator.personalities import PERSONALITIES
from drivers.fxo.config import FxoConfig
from drivers.fxo.device import Whereabouts
from drivers.fxo.errors import PortLost, PortMissing
from drivers.fxo.line import FxoLine

T = TypeVar("T")


class VirtualPort:
    """An open port of a VirtualModem."""

    def __init__(self, modem: "VirtualModem", received: Callable[[bytes], None], lost: Callable[[PortLost], None]):
        self.modem, self.received, self.lost = modem, received, lost
        self.open = True
        self.output = bytearray()

    @property
    def backlog(self) -> int:
        return len(self.output)

    def write(self, data: bytes) -> bool:
        if self.open:
            self.output += data
        return self.open

    async def discard_output(self) -> None:
        await asyncio.sleep(self.modem.ioctl_time)
        self.output.clear()

    async def drop_dtr(self, duration: float) -> bool:
        await asyncio.sleep(2 * self.modem.ioctl_time)
        if self.modem.dtr_wanted is None:
            return False
        self.modem.steps.append("dtr")
        await asyncio.sleep(duration)
        if duration >= self.modem.dtr_wanted:
            self.modem.core.drop_dtr()
        return True

    async def reopen(self, pause: float) -> None:
        self.modem.steps.append("reopen")
        await self.close()
        await asyncio.sleep(pause)
        if not self.modem.plugged:
            raise PortMissing("unplugged")
        self.modem.port, self.open = self, True

    async def close(self) -> None:
        await asyncio.sleep(self.modem.ioctl_time)
        self.open = False
        self.output.clear()
        if self.modem.port is self:
            self.modem.port = None
            if self.modem.close_drops_dtr:
                self.modem.core.drop_dtr()


class VirtualModem:
    """The emulated modem on a port of its own. Everything that reaches the driver comes by `pump`."""

    def __init__(self, personality: str = "conexant", faults: Faults | None = None) -> None:
        self.exchange = Exchange(ring_jitter=0.0)
        self.faults = faults or Faults()
        self.personality = PERSONALITIES[personality]
        self.plugged = True
        self.port: VirtualPort | None = None
        self.opened_at = 0.0
        self.was_opened = asyncio.Event()
        self.steps: list[str] = []
        self.dtr_wanted: float | None = 0.5
        """Seconds of DTR low it takes for a hang-up; None: the port has no DTR."""
        self.close_drops_dtr = True
        self.ioctl_time = 0.0
        self.commands = bytearray()
        """All the host has sent outside of voice streams."""
        self.in_stream = bytearray()
        """All it has sent in them."""
        self._out: deque[bytes] = deque()
        self.core = self._powered_up()

    def _powered_up(self) -> ModemCore:
        return ModemCore(self.personality, self.exchange, self.faults, self._out.append)

    async def open(self, _where: Whereabouts, received: Callable[[bytes], None], lost: Callable[[PortLost], None]):
        if not self.plugged:
            raise PortMissing("unplugged")
        assert self.port is None, "opened twice"
        self.port = VirtualPort(self, received, lost)
        self.opened_at = asyncio.get_running_loop().time()
        self.was_opened.set()
        return self.port

    def line(self) -> FxoLine:
        return FxoLine(FxoConfig("fxo1", "/dev/virtual"), open_port=self.open)

    def unplug(self) -> None:
        self.plugged = False
        self.core.power_off()
        port, self.port = self.port, None
        if port is not None:
            port.open = False
            port.lost(PortLost("unplugged"))

    def replug(self) -> None:
        self.faults.stuck = False
        self.core = self._powered_up()
        self.plugged = True

    async def pump(self) -> None:
        """Tick for ever."""
        loop = asyncio.get_running_loop()
        due = loop.time()
        while True:
            self._tick()
            due += TICK
            await asyncio.sleep(due - loop.time())

    def _tick(self) -> None:
        port = self.port
        if port is not None and port.output:
            taken = bytes(port.output[: min(READ_SIZE, self.core.room)])
            del port.output[: len(taken)]
            (self.in_stream if self.core.in_voice_stream else self.commands).extend(taken)
            self.core.receive(taken)
        if self.plugged:
            self.core.tick()
        else:
            self.exchange.idle_tick()
        while self._out:
            data = self._out.popleft()
            if self.port is not None:
                self.port.received(data)


async def with_line(modem: VirtualModem, story: Callable[[FxoLine], Awaitable[T]]) -> T:
    """Run `story` with a line on `modem`, not yet open; closed afterwards."""
    pump = asyncio.create_task(modem.pump())
    line = modem.line()
    try:
        return await story(line)
    finally:
        await line.close()
        pump.cancel()
        await asyncio.wait({pump})
