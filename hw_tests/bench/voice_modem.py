"""The modem under test as a labgrid driver: its port, its plug, and the product's own code on it."""

import asyncio
from contextlib import AbstractAsyncContextManager
from typing import ClassVar

import attr
from labgrid import target_factory
from labgrid.driver import Driver
from labgrid.protocol import PowerProtocol

from drivers.fxo.config import AUTO, FxoConfig
from drivers.fxo.dialogue import ask
from hw_tests.bench.dialogue import Dialogue, dialogue
from hw_tests.bench.emulated_modem import EmulatedModemDriver
from hw_tests.bench.line import ServedLine, served


@target_factory.reg_driver
@attr.s(eq=False)
class VoiceModemDriver(Driver):
    """The product on a modem. `power` switches its USB port; without one the modem cannot be unplugged."""

    bindings: ClassVar = {"port": {"RawSerialPort", "EmulatedModemDriver"}, "power": {PowerProtocol, None}}
    profile: str = attr.ib(default=AUTO, validator=attr.validators.instance_of(str))
    tones: str = attr.ib(default="cn", validator=attr.validators.instance_of(str))
    off_hook_trusted: bool = attr.ib(default=False, init=False)
    """Whether this family's OK to off-hook is believed from the first call on (docs/fxo.md)."""

    @property
    def path(self) -> str:
        """Of its tty."""
        return str(self.port.port)

    @property
    def config(self) -> FxoConfig:
        """What gateway.toml would say of it."""
        return FxoConfig("bench", self.path, self.profile, self.tones)

    @property
    def emulated(self) -> EmulatedModemDriver | None:
        """What can be broken at will; None for a real one."""
        return self.port if isinstance(self.port, EmulatedModemDriver) else None

    def line(self) -> AbstractAsyncContextManager[ServedLine]:
        """The product's line on it, in service."""
        return served(self.config)

    def dialogue(self) -> AbstractAsyncContextManager[Dialogue]:
        """The product's modem alone, set up and on-hook, to give AT commands to; on-hook afterwards."""
        return dialogue(self.config)

    async def identity(self) -> dict[str, str]:
        """Who it is, for the report; from then on `off_hook_trusted` is known."""
        async with self.dialogue() as talk:
            firmware: list[str] = []
            for command in ("ATI3", "AT+GMR"):
                reply = await ask(talk.modem, command)
                if reply is not None and reply.ok:
                    firmware += [line for line in reply.lines if line not in firmware]
        self.off_hook_trusted = talk.setup.profile.off_hook_trusted
        codings = ", ".join(mode.coding.value for mode in talk.setup.modes)
        return {
            "modem": f"{talk.setup.profile.name}: {talk.setup.identity}",
            "firmware": " / ".join(firmware) or "it does not say",
            "voice codings": codings,
            "OK to off-hook": "trusted" if self.off_hook_trusted else "to be proved by the first call on a line",
            "port": self.path,
        }

    async def unplug(self) -> None:
        """Cut its power, or pull its plug."""
        await asyncio.to_thread(self.power.off)

    async def replug(self) -> None:
        """Give it back."""
        await asyncio.to_thread(self.power.on)
