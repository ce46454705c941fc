"""A wire to a broker that can be cut: to the broker it is a client that was killed."""

import asyncio
from types import TracebackType


class CutWire:
    """Listens on a free port and passes everything on to the broker's, in both directions, until it is cut."""

    def __init__(self, broker: int) -> None:
        self._broker = broker
        self._ends: list[asyncio.StreamWriter] = []
        self._passing: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> "CutWire":
        self._server = await asyncio.start_server(self._join, "127.0.0.1", 0)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.cut()
        await asyncio.gather(*self._passing, return_exceptions=True)

    @property
    def port(self) -> int:
        assert self._server is not None
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    def cut(self) -> None:
        """End every connection without a word of MQTT, and take no more."""
        assert self._server is not None
        self._server.close()
        for end in self._ends:
            end.transport.abort()

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", self._broker)
        self._ends += [writer, back]
        for task in (asyncio.create_task(_pass(reader, back)), asyncio.create_task(_pass(there, writer))):
            self._passing.add(task)


async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(65_536):
            writer.write(data)
        writer.close()
    except OSError:
        writer.transport.abort()
