"""What a modem is, found out once and told: for people who have one to try."""

import asyncio
from contextlib import suppress

from drivers.fxo.config import FxoConfig
from drivers.fxo.errors import PortLost
from drivers.fxo.listener import Listener
from drivers.fxo.opened import OpenPort, opened
from drivers.fxo.port import SerialPort
from drivers.fxo.start_up import ModemSetup, bring_up


async def survey(port: str, open_port: OpenPort = SerialPort.open) -> ModemSetup:
    """Bring the modem on `port` up as a line would; leave it on-hook, cancelled too. Raises FxoError, which names
    the cure."""
    async with opened(port, Listener(), open_port) as modem:
        try:
            return await bring_up(modem, FxoConfig("survey", port))
        except asyncio.CancelledError:
            with suppress(PortLost):
                await modem.farewell()
            raise
