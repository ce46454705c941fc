"""What a modem is and can do, found out once and told: for people who have one to try."""

import asyncio

from drivers.fxo.config import FxoConfig
from drivers.fxo.errors import PortLost
from drivers.fxo.modem import Modem
from drivers.fxo.port import SerialPort
from drivers.fxo.start_up import ModemSetup, bring_up
from drivers.fxo.watch import IncomingWatch


async def survey(port: str) -> ModemSetup:
    """Bring the modem on `port` up as a line would; leave it on-hook. Raises FxoError, which names the cure."""
    watch = IncomingWatch()
    attached: list[Modem] = []
    lost: list[PortLost] = []

    def received(data: bytes) -> None:
        for modem in attached:
            modem.bytes_received(data)

    def gone(error: PortLost) -> None:
        lost.append(error)
        for modem in attached:
            modem.lost(error)

    serial = await SerialPort.open(port, received, gone)
    try:
        modem = Modem(serial, watch)
        attached.append(modem)
        return await bring_up(modem, FxoConfig("survey", port))
    finally:
        watch.close()
        await serial.close()


def survey_now(port: str) -> ModemSetup:
    """`survey`, outside an event loop."""
    return asyncio.run(survey(port))
