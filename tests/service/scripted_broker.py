"""A broker of MQTT 3.1.1 that does what a test tells it when something is published."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable

from gateway.feed.packets import length_at, length_bytes
from tests.broker import PATIENCE

ACCEPTED = b"\x20\x02\x00\x00"
PONG = b"\xd0\x00"


class ScriptedBroker:
    """`heard` has topic and payload of what was published. `meet` is awaited with each before it is acknowledged.
    Nothing is passed on."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, bytes]] = []
        self.meet: Callable[[str, bytes], Awaitable[None]] | None = None
        self.url = ""
        self._news = asyncio.Condition()
        self._writer: asyncio.StreamWriter | None = None
        self._taken = asyncio.Event()
        self._meeting: set[asyncio.Task[None]] = set()
        self._order = asyncio.Lock()

    @contextlib.asynccontextmanager
    async def serving(self) -> AsyncIterator["ScriptedBroker"]:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.url = f"mqtt://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        async with server:
            try:
                yield self
            finally:
                if self._writer is not None:
                    self._writer.close()
                    with contextlib.suppress(OSError):
                        await self._writer.wait_closed()

    async def until(self, found: Callable[[list[tuple[str, bytes]]], bool]) -> None:
        async with asyncio.timeout(PATIENCE), self._news:
            await self._news.wait_for(lambda: found(self.heard))

    async def say(self, topic: str, payload: bytes) -> None:
        """Bring a message, with QoS 1; returns once the client has it."""
        assert self._writer is not None
        name = topic.encode()
        body = len(name).to_bytes(2) + name + b"\x00\x09" + payload
        self._taken.clear()
        self._writer.write(b"\x32" + length_bytes(len(body)) + body)
        async with asyncio.timeout(PATIENCE):
            await self._taken.wait()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writer = writer
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            while True:
                kind, body = await _packet(reader)
                match kind:
                    case 1:
                        writer.write(ACCEPTED)
                    case 3:
                        task = asyncio.create_task(self._published(body))
                        self._meeting.add(task)
                    case 4:
                        self._taken.set()
                    case 8:
                        writer.write(b"\x90\x03" + body[:2] + b"\x01")
                    case 10:
                        writer.write(b"\xb0\x02" + body[:2])
                    case 12:
                        writer.write(PONG)
        writer.close()

    async def _published(self, body: bytes) -> None:
        end = 2 + int.from_bytes(body[:2])
        topic, number, payload = body[2:end].decode(), body[end : end + 2], body[end + 2 :]
        async with self._order:
            async with self._news:
                self.heard.append((topic, payload))
                self._news.notify_all()
            if self.meet is not None:
                await self.meet(topic, payload)
            assert self._writer is not None
            self._writer.write(b"\x40\x02" + number)


async def _packet(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    head = await reader.readexactly(2)
    while (length := length_at(head, 1)) is None:
        head += await reader.readexactly(1)
    return head[0] >> 4, await reader.readexactly(length[1])
