"""A client's connection as our own broker sees it: packets of a size, at a pace, from who still listens."""

import asyncio
import contextlib
import socket
from collections.abc import Mapping

from amqtt.adapters import ReaderAdapter, StreamWriterAdapter

from gateway.feed.own_broker.fields import Malformed
from gateway.feed.own_broker.screen import LIMITS, Cost, Screen
from gateway.feed.packets import LARGEST_PACKET, NoLength, length_at
from gateway.feed.requests.rates import Bucket

PACES: Mapping[Cost, tuple[int, float]] = {Cost.MESSAGE: (200, 100.0), Cost.FILTER: (1000, 5.0)}
"""Messages and filters of subscriptions that are taken from one client at once, and a second; the next ones wait,
as TCP makes him wait."""
OTHERS = (60, 2.0)
"""The same for whatever else he sends, but that the next one ends it."""
PATIENCE = 10.0
"""Seconds in which a client must send the rest of a packet, and take what he is sent."""
LEFT_BEHIND = 10.0
"""Seconds for which we work on what a client has sent who has gone: of small packets there may be an hour's."""
LAST_WORDS = 1.0
"""Seconds in which a client takes what is left when the broker hangs up."""
MOST_UNREAD = 4_000_000
"""Bytes that wait for a client who does not read: some minutes of a busy day."""
_FULL = 65_536
"""Bytes that wait where a client takes less than he is sent, as asyncio sees it."""
_ESTABLISHED = 1
"""Of Linux's states of a TCP connection: nobody has closed it (tcp_states.h)."""


class TooLarge(Exception):
    """A packet is larger than any that is expected, or of no kind that is."""


async def read_packet(
    reader: asyncio.StreamReader, limits: Mapping[int, int], silence: float | None = None
) -> tuple[bytes, bytes]:
    """One packet: its fixed header, and the rest, of as many bytes as `limits` has for its type. Raises TooLarge,
    TimeoutError where none begins in `silence` seconds or one does not end, IncompleteReadError at the end."""
    async with asyncio.timeout(silence):
        header = bytearray(await reader.readexactly(1))
    if header[0] >> 4 not in limits:
        raise TooLarge
    async with asyncio.timeout(PATIENCE):
        try:
            while (found := length_at(header, 1)) is None:
                header += await reader.readexactly(1)
        except NoLength:
            raise TooLarge from None
        _, length = found
        if length > limits[header[0] >> 4]:
            raise TooLarge
        return bytes(header), await reader.readexactly(length)


class PatientWriter(StreamWriterAdapter):  # type: ignore[misc]  # amqtt has no type information
    """What a client is sent, until he takes it no more."""

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        super().__init__(writer)
        self._full_since: float | None = None

    def write(self, data: bytes) -> None:
        """Write, or give the client up: nothing may wait for him without end."""
        transport = self._writer.transport
        if transport.is_closing():
            return  # asyncio would write a warning into the log
        waiting = transport.get_write_buffer_size()
        now = asyncio.get_running_loop().time()
        if waiting < _FULL:
            self._full_since = None
        elif self._full_since is None:
            self._full_since = now
        if waiting > MOST_UNREAD or (self._full_since is not None and now - self._full_since > PATIENCE):
            transport.abort()
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

    def peer_is_gone(self) -> bool:
        """Whether the client has closed his end; of what he sent before, megabytes may still be unread. Raises
        OSError where we have closed ours."""
        peer: socket.socket = self._writer.get_extra_info("socket")
        return peer.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0] != _ESTABLISHED


class PacedReader(ReaderAdapter):  # type: ignore[misc]  # amqtt has no type information
    """What a client sends, one whole packet after the other. For all that is wrong with it, the end."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: PatientWriter,
        first: bytes,
        *,
        keepalive: int,
        screen: Screen | None,
    ) -> None:
        """`first` is what the broker reads first. A client who is silent for longer than one and a half times
        `keepalive` seconds is lost (MQTT 3.1.1 §3.1.2.10). `screen` looks at all that follows, and answers to
        `writer`; None: the client is the gateway itself."""
        self._reader = reader
        self._writer = writer
        self._packet = first
        self._at = 0
        self._silence = keepalive * 1.5 or None
        self._screen = screen
        self._paces = {cost: Bucket(*pace) for cost, pace in PACES.items()}
        self._others = Bucket(*OTHERS)
        self._gone_since: float | None = None

    async def read(self, n: int = -1) -> bytes:
        """`n` bytes, or none at the end."""
        if self._at >= len(self._packet):
            self._packet, self._at = b"", 0
            with contextlib.suppress(TooLarge, Malformed, OSError, asyncio.IncompleteReadError, TimeoutError):
                self._packet = await self._next()
        count = len(self._packet) if n < 0 else n
        taken = self._packet[self._at : self._at + count]
        self._at += len(taken)
        return taken

    def feed_eof(self) -> None:
        """Acknowledge the end."""
        self._reader.feed_eof()

    async def _next(self) -> bytes:
        """The next packet that the broker is to have."""
        if self._screen is None:
            header, rest = await read_packet(self._reader, _GATEWAYS_LIMITS, self._silence)
            return header + rest
        while True:
            header, rest = await read_packet(self._reader, LIMITS, self._silence)
            taken = self._screen.look(header[0], rest)
            if taken.cost is Cost.OTHER:
                if not self._others.take(asyncio.get_running_loop().time()):
                    raise TooLarge
            else:
                for _ in range(taken.count):
                    await self._wait(taken.cost)
            if taken.answer:
                self._writer.write(taken.answer)
            if taken.onward:
                return taken.onward

    async def _wait(self, cost: Cost) -> None:
        clock = asyncio.get_running_loop().time
        while not self._paces[cost].take(clock()):
            if self._gone_since is None and self._writer.peer_is_gone():
                self._gone_since = clock()
            if self._gone_since is not None and clock() - self._gone_since > LEFT_BEHIND:
                raise TimeoutError
            await asyncio.sleep(1 / PACES[cost][1])


_GATEWAYS_LIMITS = dict.fromkeys(range(1, 15), LARGEST_PACKET)
