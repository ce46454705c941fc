"""The emulated modem as others use it: a port to open, an exchange to call from, faults to switch on."""

import asyncio
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from drivers.emulator import transcript
from drivers.emulator.audio import TICK
from drivers.emulator.clockwork import clockwork
from drivers.emulator.core import READ_SIZE, ModemCore
from drivers.emulator.exchange import Exchange
from drivers.emulator.faults import Faults
from drivers.emulator.personalities import personality_of
from drivers.emulator.shielding import DLE, code
from drivers.emulator.terminal import Terminal


class EmulatedModem:
    """A modem on a pseudo-terminal, running in real time while the context is open.

    `async with EmulatedModem(personality="usr5637") as modem:` - then open `modem.port` and
    `modem.exchange.call(Caller.talking("…"))`.
    """

    def __init__(
        self,
        personality: str = "conexant",
        *,
        firmware: str | None = None,
        link: Path | None = None,
        faults: Faults | None = None,
        exchange: Exchange | None = None,
    ) -> None:
        """`firmware`: one of FIRMWARES, None for the usual one. `link` is the path under which the port appears;
        None makes one. Raises ValueError for a personality or a firmware that does not exist."""
        self._personality = personality_of(personality, firmware)
        self.faults = faults or Faults()
        self.exchange = exchange or Exchange()
        self.transcript = transcript.new_transcript()
        """Line time, `>` host to modem or `<` modem to host, the bytes."""
        self._terminal = Terminal(link, self._received, self._room, self._host_closed)
        self._held = bytearray()
        self._ticked = asyncio.Event()
        self._core = self._powered_up()

    @property
    def port(self) -> str:
        """Path to open; the same after a replug, unless that gave another."""
        return str(self._terminal.path)

    @property
    def played(self) -> NDArray[np.int16]:
        """All the modem has put on the line so far, 8000 Hz."""
        return self.exchange.played

    @property
    def open_by_host(self) -> bool:
        """Whether somebody has the port open."""
        return self._terminal.opened.is_set()

    async def opened(self) -> None:
        """Wait until somebody has the port open."""
        await self._terminal.opened.wait()

    async def __aenter__(self) -> Self:
        self._terminal.plug()
        clockwork().add(self._run)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        clockwork().remove(self._run)
        self._terminal.dispose()

    async def line_time(self, seconds: float) -> None:
        """Wait until so much time has gone by on the line, which lags behind the clock on a busy machine."""
        end = self.exchange.now + seconds
        while self.exchange.now < end:
            await self._ticked.wait()
            self._ticked.clear()

    async def line_free(self) -> None:
        """Wait until nobody talks, rings or dials on the line."""
        while not self.exchange.free:
            await self._ticked.wait()
            self._ticked.clear()

    def unplug(self) -> None:
        """Pull the modem out: port gone, line on-hook, everything it remembered lost."""
        self._terminal.unplug()
        self._core.power_off()

    def replug(self, path: Path | None = None) -> None:
        """Put it back, a modem fresh from power-up: under the same path, which leads to another terminal, or under
        `path`, as a node is renumbered."""
        if path:
            self._terminal.path = path
        self._held.clear()
        self.faults.stuck = False
        self._core = self._powered_up()
        self._terminal.plug()

    def drop_dtr(self) -> None:
        """What a drop of DTR does, which a pseudo-terminal cannot carry: on-hook, command state."""
        self._core.drop_dtr()

    def send_raw(self, data: bytes) -> None:
        """Put bytes of your own on the way to the host."""
        self._send(data)

    def save_transcript(self, path: Path) -> None:
        """Write what went to and fro as TOML; see transcript.save. Raises OSError."""
        transcript.save(path, self.transcript, personality=self._personality.name, seed=self.faults.seed)

    def _powered_up(self) -> ModemCore:
        return ModemCore(self._personality, self.exchange, self.faults, self._send)

    def _run(self) -> float:
        """A tick; gives the seconds of clock that it takes."""
        self._terminal.poll()
        self._tick()
        self._ticked.set()
        return TICK / (1 + self.faults.clock_error)

    def _tick(self) -> None:
        if self._terminal.plugged:
            if self._terminal.overrun:
                self._terminal.overrun = False
                self._core.notify("o")
            self._release_held()
            self._core.tick()
        else:
            self.exchange.idle_tick()

    def _received(self, data: bytes) -> None:
        self.transcript.append((self.exchange.now, ">", data))
        self._core.receive(data)

    def _room(self) -> int:
        return min(READ_SIZE, self._core.room)

    def _host_closed(self) -> None:
        self._held.clear()
        self._core.drop_dtr()

    def _send(self, data: bytes) -> None:
        self.transcript.append((self.exchange.now, "<", data))
        if not self.faults.split_dle and not self._held:
            self._terminal.send(data)
            return
        self._held += data
        cut = _last_pair(self._held) if self.faults.split_dle else len(self._held)
        self._terminal.send(bytes(self._held[:cut]))
        del self._held[:cut]

    def _release_held(self) -> None:
        """The half of a split pair goes out a tick after the first."""
        if self._held:
            self._terminal.send(bytes(self._held))
            self._held.clear()


def _last_pair(data: bytes | bytearray) -> int:
    """Where to cut so that the last <DLE> pair is torn apart; the whole length where there is none."""
    last, at = len(data), 0
    while (at := data.find(DLE, at)) >= 0:
        last = at + 1
        at += len(code(DLE))
    return last
