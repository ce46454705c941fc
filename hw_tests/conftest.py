"""The bench: a real modem named on the command line, or the emulated one."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from drivers.emulator import Caller, EmulatedModem, HangUp, HearPrompts, Press, Say, Wait

CUSTOMER = Caller.following(
    HearPrompts(1), Wait(0.3), Say("你好,我想问一下。"), Wait(1.0), Press("5"), Wait(1.0), HangUp()
)
"""Does what the tests ask a person to do."""


@dataclass
class Bench:
    """A modem's port, and whoever rings it."""

    port: str
    emulated: EmulatedModem | None = None

    def please(self, what: str) -> None:
        """Ask the person at the bench; an emulated customer knows by himself."""
        if self.emulated is None:
            print(f"\n>>> {what}", flush=True)

    def ring(self) -> None:
        """Have the line rung."""
        self.please("Ring this line now, from another telephone.")
        if self.emulated is not None:
            self.emulated.exchange.call(CUSTOMER)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--modem", help="a modem's tty, or `emulated`")


@pytest.fixture
async def bench(request: pytest.FixtureRequest) -> AsyncIterator[Bench]:
    port = request.config.getoption("--modem")
    if port is None:
        pytest.skip("no modem named: pytest hw_tests --modem /dev/serial/by-id/usb-… (or --modem emulated)")
    if port != "emulated":
        yield Bench(port)
        return
    async with EmulatedModem() as modem:
        yield Bench(modem.port, modem)
        await asyncio.sleep(0)
