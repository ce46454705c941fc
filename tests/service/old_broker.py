"""A broker that has MQTT 3.1.1 alone: as much of one as it takes to connect."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from gateway.feed.config import BrokerAddress

REFUSED = b"\x20\x02\x00\x01"
"""CONNACK, unacceptable protocol version (MQTT 3.1.1 §3.2.2.3)."""
TAKEN = b"\x20\x02\x00\x00"


class OldBroker:
    """Takes MQTT 3.1.1 alone; every other version gets the bytes it is made with, and is hung up on."""

    def __init__(self, refusal: bytes) -> None:
        self._refusal = refusal
        self.asked: list[int] = []
        self._meetings: set[asyncio.Task[None]] = set()
        self.address = BrokerAddress("127.0.0.1", 0, tls=False)

    @contextlib.asynccontextmanager
    async def serving(self) -> AsyncIterator["OldBroker"]:
        server = await asyncio.start_server(self._meet, "127.0.0.1", 0)
        self.address = BrokerAddress("127.0.0.1", server.sockets[0].getsockname()[1], tls=False)
        async with server:
            yield self
            await asyncio.gather(*self._meetings)

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        meeting = asyncio.current_task()
        assert meeting is not None
        self._meetings.add(meeting)
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            level = (await reader.readexactly(9))[8]  # below 128 bytes a CONNECT has its protocol's level there
            self.asked.append(level)
            writer.write(TAKEN if level == 4 else self._refusal)
            await writer.drain()
            if level == 4:
                while await reader.read(1000):
                    pass
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()
