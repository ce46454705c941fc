"""An open port with a modem on it: whoever serves one, asks one or measures one begins here."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Protocol

from drivers.fxo.device import Whereabouts
from drivers.fxo.errors import PortLost
from drivers.fxo.intruder import Intruder
from drivers.fxo.modem import Modem, Sink, Wire
from drivers.fxo.port import Lost, Received, SerialPort


class Port(Wire, Protocol):
    """An open port, for ourselves alone."""

    async def close(self) -> None:
        """Free it. Never raises."""


OpenPort = Callable[[Whereabouts, Received, Lost], Awaitable[Port]]


@asynccontextmanager
async def opened(
    port: str | Whereabouts,
    sink: Sink,
    open_port: OpenPort = SerialPort.open,
    *,
    intruder: Intruder | None = None,
    gone: Lost | None = None,
) -> AsyncIterator[Modem]:
    """The modem on `port`, for nobody else meanwhile, in whatever state it is; what it reports goes to `sink`.

    Raises PortError; commands raise PortLost once it has gone, of which `gone` is told.
    """
    attached: list[Modem] = []  # bytes may come before there is a modem to take them

    def received(data: bytes) -> None:
        for modem in attached:
            modem.bytes_received(data)

    def lost(error: PortLost) -> None:
        for modem in attached:
            modem.lost(error)
        if gone is not None:
            gone(error)

    wire = await open_port(Whereabouts(port) if isinstance(port, str) else port, received, lost)
    try:
        attached.append(Modem(wire, sink, intruder))
        yield attached[0]
    finally:
        await wire.close()
