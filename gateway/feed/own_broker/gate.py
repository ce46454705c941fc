"""The door of our own broker: who comes in is looked at here, before the broker reads a byte of his.

The broker itself takes over a client's session by its id, and sets its last will, before it asks for a password;
so each client that is let in gets an id of its own, and a session that nobody else can name.
"""

import asyncio
import contextlib
import uuid
from collections import Counter
from collections.abc import Awaitable, Callable

from amqtt.adapters import ReaderAdapter, WriterAdapter

from gateway.feed.own_broker.connect_packet import (
    CONNECT,
    NOT_ALLOWED,
    UNAVAILABLE,
    WRONG_VERSION,
    Connect,
    WrongVersion,
    connack,
    read_connect,
    write_connect,
)
from gateway.feed.own_broker.fields import Malformed
from gateway.feed.own_broker.logins import Logins, Refused
from gateway.feed.own_broker.rights import Rights, Role
from gateway.feed.own_broker.screen import Screen
from gateway.feed.own_broker.streams import PATIENCE, PacedReader, PatientWriter, TooLarge, read_packet

MOST_CLIENTS = 200
"""Clients at a time; the gateway is none of them."""
MOST_OF_A_SOURCE = 100
"""Of one machine, so that one alone does not keep the others out."""
MOST_AT_THE_DOOR = 60
"""Connections that have not told yet who they are. Where one more comes, the one that has said nothing for longest
goes, of the machine that has most of them: so nobody keeps the gateway, or anybody else, out by silence."""
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
        self._served: dict[asyncio.Task[None], str] = {}
        """Everybody's task and machine, the oldest first."""
        self._at_the_door: dict[asyncio.Task[None], str] = {}
        self._inside: dict[asyncio.Task[None], str] = {}

    async def open(self, host: str, port: int) -> None:
        """Listen. Raises OSError."""
        self._server = await asyncio.start_server(self._connected, host, port)

    async def close(self) -> None:
        """Listen no more, and let everybody go."""
        if self._server is not None:
            self._server.close()
        served = list(self._served)
        for task in served:
            task.cancel()
        await asyncio.gather(*served, return_exceptions=True)

    def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        peer = writer.get_extra_info("peername")
        source = str(peer[0]) if peer else ""
        if len(self._at_the_door) >= MOST_AT_THE_DOOR:
            most, _ = Counter(self._at_the_door.values()).most_common(1)[0]
            oldest = next(task for task, waiting in self._at_the_door.items() if waiting == most)
            del self._at_the_door[oldest]
            oldest.cancel()
        task = asyncio.create_task(self._take(reader, writer, source), name="broker: a client")
        self._served[task] = self._at_the_door[task] = source
        task.add_done_callback(self._left)

    def _left(self, task: asyncio.Task[None]) -> None:
        for place in (self._served, self._at_the_door, self._inside):
            place.pop(task, None)

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, source: str) -> None:
        try:
            await self._let_in(reader, writer, source)
        except (OSError, TooLarge, Malformed, TimeoutError, asyncio.IncompleteReadError):
            pass  # he is gone, or was none of ours
        finally:
            writer.close()

    async def _let_in(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, source: str) -> None:
        async with asyncio.timeout(PATIENCE):
            _, body = await read_packet(reader, {CONNECT: LARGEST_CONNECT})
        here = asyncio.current_task()
        assert here is not None
        self._at_the_door.pop(here, None)
        try:
            connect = read_connect(body)
        except WrongVersion:
            writer.write(connack(WRONG_VERSION))
            return
        try:
            role = await self._logins.role_of(connect, source)
        except Refused as refused:
            writer.write(connack(refused.code))
            return
        if not self._may_leave(role, connect):
            writer.write(connack(NOT_ALLOWED))
            return
        if role is not Role.GATEWAY:
            machines = Counter(self._inside.values())
            if machines.total() >= MOST_CLIENTS or machines[source] >= MOST_OF_A_SOURCE:
                writer.write(connack(UNAVAILABLE))
                return
            self._inside[here] = source
        # The role is what the broker takes for the user's name.
        first = write_connect(f"{role}-{uuid.uuid4().hex}", role, connect.will)
        patient = PatientWriter(writer)
        screen = None if role is Role.GATEWAY else Screen(lambda topic: self._rights.may_publish(role, topic))
        client = PacedReader(reader, patient, first, keepalive=connect.keepalive, screen=screen)
        with contextlib.suppress(OSError):
            await self._serve(client, patient)

    def _may_leave(self, role: Role, connect: Connect) -> bool:
        """Whether the last will may be published: the broker does not ask when the time has come."""
        will = connect.will
        return will is None or (
            self._rights.may_publish(role, will.topic) and bool(will.topic) and not {"+", "#"} & set(will.topic)
        )
