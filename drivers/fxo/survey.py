"""What a modem is, found out once and told: for people who have one to try."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from drivers.fxo.config import FxoConfig
from drivers.fxo.device import Whereabouts
from drivers.fxo.errors import PortLost
from drivers.fxo.line import OpenPort
from drivers.fxo.listener import Listener
from drivers.fxo.modem import Modem
from drivers.fxo.port import SerialPort
from drivers.fxo.start_up import ModemSetup, bring_up


@asynccontextmanager
async def opened(port: str, open_port: OpenPort = SerialPort.open) -> AsyncIterator[tuple[Modem, Listener]]:
    """The modem on `port`, for nobody else meanwhile, in whatever state it is. Raises PortError; commands raise
    PortLost once it has gone."""
    listener = Listener()
    attached: list[Modem] = []

    def received(data: bytes) -> None:
        for modem in attached:
            modem.bytes_received(data)

    def gone(error: PortLost) -> None:
        for modem in attached:
            modem.lost(error)

    serial = await open_port(Whereabouts(port), received, gone)
    try:
        attached.append(Modem(serial, listener))
        yield attached[0], listener
    finally:
        await serial.close()


async def survey(port: str, open_port: OpenPort = SerialPort.open) -> ModemSetup:
    """Bring the modem on `port` up as a line would; leave it on-hook, cancelled too. Raises FxoError, which names
    the cure."""
    async with opened(port, open_port) as (modem, _):
        try:
            return await bring_up(modem, FxoConfig("survey", port))
        except asyncio.CancelledError:
            with suppress(PortLost):
                await modem.farewell()
            raise
