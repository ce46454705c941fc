"""The emulated PBX and its modems as labgrid drivers, each modem exported as a serial port."""

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, ClassVar, TypeVar

import attr
from labgrid import target_factory
from labgrid.driver import Driver
from labgrid.protocol import PowerProtocol

from drivers.emulator import EmulatedModem, Exchange, Pbx
from drivers.emulator.faults import parse_faults

T = TypeVar("T")
NUMBER = "13812345678"
SWALLOWED = 4
"""Command lines a modem gone deaf ignores."""
PATIENCE = 30.0
"""Seconds after which what was asked of the emulator's thread is given up."""


@target_factory.reg_driver
@attr.s(eq=False)
class EmulatedPbxDriver(Driver):
    """Where emulated modems and their lines live: a thread of its own, as they would be devices of their own."""

    def on_activate(self) -> None:
        self.pbx = Pbx()
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, name="emulated telephones", daemon=True)
        self._thread.start()

    def on_deactivate(self) -> None:
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(PATIENCE)
        self.loop.close()

    def wait(self, work: Coroutine[Any, Any, T]) -> T:
        """Do `work` there."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(PATIENCE)

    async def do(self, work: Coroutine[Any, Any, T]) -> T:
        """The same from an event loop."""
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, self.loop))


@target_factory.reg_driver
@attr.s(eq=False)
class EmulatedModemDriver(Driver, PowerProtocol):  # power: its plug
    """A modem on a pseudo-terminal, and its line, which other modems may dial by `line`. `faults`: switches of
    docs/emulator.md, such as `no_duplex` or `keeps_ringing=1`."""

    bindings: ClassVar = {"pbx": EmulatedPbxDriver}
    pbx: EmulatedPbxDriver
    personality: str = attr.ib(default="conexant", validator=attr.validators.instance_of(str))
    line: str = attr.ib(default="8001", validator=attr.validators.instance_of(str))

    faults: list[str] = attr.ib(factory=list, validator=attr.validators.instance_of(list))

    def on_activate(self) -> None:
        self.modem = self.pbx.wait(self._plugged_in())

    def on_deactivate(self) -> None:
        self.pbx.wait(self.modem.__aexit__(None, None, None))

    @property
    def port(self) -> str:
        """What a RawSerialPort would have."""
        return self.modem.port

    def on(self) -> None:
        self._there(self.modem.replug)

    def off(self) -> None:
        self._there(self.modem.unplug)

    def cycle(self) -> None:
        self.off()
        self.on()

    def deafen(self) -> None:
        """Let it swallow command lines without a word, until the host has climbed some of its recovery ladder."""
        self._there(setattr, self.modem.faults, "swallowed_commands", SWALLOWED)

    @contextmanager
    def dtr_kept(self) -> Iterator[None]:
        """Closing its port hangs nothing up meanwhile, as on a tty that keeps DTR; a pseudo-terminal has none."""
        self._there(setattr, self.modem.faults, "no_dtr", True)
        try:
            yield
        finally:
            self._there(setattr, self.modem.faults, "no_dtr", False)

    def _there(self, do: Any, *values: Any) -> None:
        self.pbx.loop.call_soon_threadsafe(do, *values)

    async def _plugged_in(self) -> EmulatedModem:
        exchange = Exchange()
        self.pbx.pbx.connect(self.line, exchange)
        return await EmulatedModem(
            self.personality, faults=parse_faults(self.faults), exchange=exchange
        ).__aenter__()
