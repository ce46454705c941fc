"""The door of our own broker: who comes in is looked at here, before the broker reads a byte of his.

The broker itself takes over a client's session by its id, and sets its last will, before it asks for a password;
so each client that is let in gets an id of its own, and a session that nobody else can name.
"""

import asyncio
import contextlib
import uuid
from collections.abc import Awaitable, Callable

from amqtt.adapters import ReaderAdapter, WriterAdapter

from gateway.feed.own_broker.connect_packet import (
    BAD_LOGIN,
    CONNECT,
    NOT_ALLOWED,
    UNAVAILABLE,
    WRONG_VERSION,
    Connect,
    NoConnect,
    WrongVersion,
    connack,
    read_connect,
    write_connect,
)
from gateway.feed.own_broker.logins import Logins
from gateway.feed.own_broker.rights import Rights, Role
from gateway.feed.own_broker.streams import PATIENCE, PacedReader, PatientWriter, TooLarge, read_packet

MOST_CLIENTS = 200
"""Connections at a time, those under way among them."""
MOST_OF_A_SOURCE = 100
"""Of one machine, so that one alone does not keep the others out; one place is the gateway's."""
LARGEST_CONNECT = 65_536
"""Bytes of a CONNECT packet; its will may have some kilobytes."""

Serve = Callable[[ReaderAdapter, WriterAdapter], Awaitable[None]]


class Gate:
    """Lets clients in to a broker. `serve` has the broker serve one, until he goes."""

    def __init__(self, logins: Logins, rights: Rights, serve: Serve) -> None:
        self._logins = logins
        self._rights = rights
        self._serve = serve
        self._server: asyncio.Server | None = None
        self._inside: dict[asyncio.Task[None], str] = {}

    async def open(self, host: str, port: int) -> None:
        """Listen. Raises OSError."""
        self._server = await asyncio.start_server(self._connected, host, port)

    async def close(self) -> None:
        """Listen no more, and let everybody go."""
        if self._server is not None:
            self._server.close()
        inside = list(self._inside)
        for task in inside:
            task.cancel()
        await asyncio.gather(*inside, return_exceptions=True)

    def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        peer = writer.get_extra_info("peername")
        source = str(peer[0]) if peer else ""
        crowd = list(self._inside.values()).count(source) >= MOST_OF_A_SOURCE
        if crowd or len(self._inside) >= MOST_CLIENTS:
            writer.write(connack(UNAVAILABLE))
            writer.close()
            return
        task = asyncio.create_task(self._take(reader, writer, source), name="broker: a client")
        self._inside[task] = source
        task.add_done_callback(self._inside.pop)

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, source: str) -> None:
        try:
            await self._let_in(reader, writer, source)
        except (OSError, TooLarge, NoConnect, TimeoutError, asyncio.IncompleteReadError):
            pass  # he is gone, or was none of ours
        finally:
            writer.close()

    async def _let_in(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, source: str) -> None:
        async with asyncio.timeout(PATIENCE):
            kind, _, body = await read_packet(reader, LARGEST_CONNECT)
        if kind != CONNECT:
            return
        try:
            connect = read_connect(body)
        except WrongVersion:
            writer.write(connack(WRONG_VERSION))
            return
        role = await self._logins.role_of(connect, source)
        if role is None or not self._may_leave(role, connect):
            writer.write(connack(NOT_ALLOWED if role is not None else BAD_LOGIN))
            return
        # The role is what the broker takes for the user's name.
        first = write_connect(f"{role}-{uuid.uuid4().hex}", role, connect.keepalive, connect.will)
        paced = role is not Role.GATEWAY
        client = PacedReader(reader, first, keepalive=connect.keepalive, paced=paced)
        with contextlib.suppress(OSError):
            await self._serve(client, PatientWriter(writer))

    def _may_leave(self, role: Role, connect: Connect) -> bool:
        """Whether the last will may be published: the broker does not ask when the time has come."""
        will = connect.will
        return will is None or (
            self._rights.may_publish(role, will.topic) and bool(will.topic) and not {"+", "#"} & set(will.topic)
        )
