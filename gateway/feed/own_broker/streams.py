"""A client's connection as our own broker sees it: packets of a size, at a pace, from who still listens."""

import asyncio
import contextlib

from amqtt.adapters import ReaderAdapter, StreamWriterAdapter

from gateway.feed.own_broker.connect_packet import PUBLISH, SUBSCRIBE, UNSUBSCRIBE
from gateway.feed.packets import NoLength, length_at
from gateway.feed.requests.rates import Bucket

LARGEST_PACKET = 262_144
"""Bytes of a packet from a client; a request has 16 kB at most, and nothing else is expected of one."""
BURST, PER_SECOND = 200, 100.0
"""Messages and subscriptions that one client has taken in, 0.4 ms of a core each; the next ones wait, as TCP makes
him wait."""
PATIENCE = 10.0
"""Seconds in which a client must send the rest of a packet, and take what he is sent."""
LAST_WORDS = 1.0
"""Seconds in which a client takes what is left when the broker hangs up."""
MOST_UNREAD = 4_000_000
"""Bytes that wait for a client who does not read: some minutes of a busy day."""
_PACED = (PUBLISH, SUBSCRIBE, UNSUBSCRIBE)


class TooLarge(Exception):
    """A packet is larger than any that is expected."""


async def read_packet(reader: asyncio.StreamReader, largest: int) -> tuple[int, bytes, bytes]:
    """One packet: its type, its fixed header, the rest. Raises TooLarge, and IncompleteReadError at the end."""
    header = bytearray(await reader.readexactly(2))
    try:
        while (found := length_at(header, 1)) is None:
            header += await reader.readexactly(1)
    except NoLength:
        raise TooLarge from None
    _, length = found
    if length > largest:
        raise TooLarge
    return header[0] >> 4, bytes(header), await reader.readexactly(length)


class PacedReader(ReaderAdapter):  # type: ignore[misc]  # amqtt has no type information
    """What a client sends, one whole packet after the other. For all that is wrong with it, the end."""

    def __init__(self, reader: asyncio.StreamReader, first: bytes, *, keepalive: int, paced: bool) -> None:
        """`first` is what the broker reads first. A client who is silent for longer than one and a half times
        `keepalive` seconds is lost (MQTT 3.1.1 §3.1.2.10)."""
        self._reader = reader
        self._buffer = first
        self._silence = keepalive * 1.5 or None
        self._pace = Bucket(BURST, PER_SECOND) if paced else None

    async def read(self, n: int = -1) -> bytes:
        """`n` bytes, or none at the end."""
        if not self._buffer:
            with contextlib.suppress(TooLarge, OSError, asyncio.IncompleteReadError, TimeoutError):
                async with asyncio.timeout(self._silence):
                    kind, header, rest = await read_packet(self._reader, LARGEST_PACKET)
                if kind in _PACED:
                    await self._wait()
                self._buffer = header + rest
        count = len(self._buffer) if n < 0 else n
        taken, self._buffer = self._buffer[:count], self._buffer[count:]
        return taken

    def feed_eof(self) -> None:
        """Acknowledge the end."""
        self._reader.feed_eof()

    async def _wait(self) -> None:
        clock = asyncio.get_running_loop().time
        while self._pace is not None and not self._pace.take(clock()):  # noqa: ASYNC110 - time is waited for
            await asyncio.sleep(1 / PER_SECOND)


class PatientWriter(StreamWriterAdapter):  # type: ignore[misc]  # amqtt has no type information
    """What a client is sent, until he takes it no more."""

    def write(self, data: bytes) -> None:
        """Write, or give the client up: nothing may wait for him without end."""
        if self._writer.transport.get_write_buffer_size() > MOST_UNREAD:
            self._writer.transport.abort()
        else:
            super().write(data)

    async def drain(self) -> None:
        """Wait until the client has taken most of it. Raises ConnectionError where he does not."""
        try:
            async with asyncio.timeout(PATIENCE):
                await super().drain()
        except TimeoutError:
            self._writer.transport.abort()
            raise ConnectionAbortedError from None

    async def close(self) -> None:
        """Close, after what is written, or at once where the client does not take it."""
        try:
            async with asyncio.timeout(LAST_WORDS):
                await super().close()
        except (OSError, TimeoutError):
            self._writer.transport.abort()
