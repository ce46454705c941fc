"""A bad network between a customer and the gateway: loses, delays, reorders and doubles RTP by a seed."""

import asyncio
import contextlib
import random
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import cast

from tests.sip.peer.caller import Caller

Address = tuple[str, int]


@dataclass(frozen=True)
class Weather:
    """What becomes of each packet, by chance and apart from all others."""

    loss: float = 0.0
    """Share that never arrives."""
    jitter: float = 0.0
    """Seconds that a packet is late at most."""
    in_order: bool = False
    """A packet that is early waits for the one before it; else jitter reorders."""
    twice: float = 0.0
    """Share that arrives a second time."""


class Relay:
    """Carries datagrams between two ends; `weather` may be changed at any time.

    `near` is where the one end (a customer) sends to, `far` where the other one (a gateway) does. What comes to
    `far` goes on to `customer`, what comes to `near` to `gateway`, each from the relay's own address, so that
    either end sees one peer.
    """

    def __init__(self, weather: Weather, seed: int) -> None:
        self.weather = weather
        self.customer: Address | None = None
        self.gateway: Address | None = None
        self.lost = self.carried = 0
        self._chance = random.Random(seed)

    @classmethod
    async def open(cls, weather: Weather, seed: int) -> "Relay":
        relay = cls(weather, seed)
        loop = asyncio.get_running_loop()
        relay._inner, relay._outer = _End(relay, inward=True), _End(relay, inward=False)
        for end in (relay._inner, relay._outer):
            sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            sock.bind(("127.0.0.1", 0))
            await loop.create_datagram_endpoint(end.made, sock=sock)
        return relay

    @property
    def near(self) -> Address:
        return self._inner.address

    @property
    def far(self) -> Address:
        return self._outer.address

    def close(self) -> None:
        for end in (self._inner, self._outer):
            end.transport.close()

    def arrived(self, data: bytes, *, inward: bool) -> None:
        """A packet has come; what is to become of it."""
        if self._chance.random() < self.weather.loss:
            self.lost += 1
            return
        self.carried += 1
        self._later(data, inward)
        if self._chance.random() < self.weather.twice:
            self._later(data, inward)

    def _later(self, data: bytes, inward: bool) -> None:
        # It leaves by the end that its receiver sends to.
        end, target = (self._outer, self.gateway) if inward else (self._inner, self.customer)
        if target is None:
            return
        loop = asyncio.get_running_loop()
        due = loop.time() + self._chance.random() * self.weather.jitter
        if self.weather.in_order:
            due = end.last_due = max(due, end.last_due)
        loop.call_at(due, end.send, data, target)


class _End(asyncio.DatagramProtocol):
    transport: asyncio.DatagramTransport
    address: Address

    def __init__(self, relay: Relay, *, inward: bool) -> None:
        self._relay = relay
        self._inward = inward
        self.last_due = 0.0

    def made(self) -> "_End":
        """Itself: asyncio asks for a protocol's maker."""
        return self

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.DatagramTransport", transport)  # asyncio's own is none by its class
        self.address = transport.get_extra_info("sockname")

    def datagram_received(self, data: bytes, addr: Address) -> None:
        self._relay.arrived(data, inward=self._inward)

    def error_received(self, exc: Exception) -> None:
        """An end may have gone already."""

    def send(self, data: bytes, target: Address) -> None:
        if not self.transport.is_closing():
            self.transport.sendto(data, target)


class FarCaller(Caller):
    """A customer whose RTP goes through a relay."""

    relay: Relay

    def sdp(self, direction: str = "sendrecv", rtp_port: int | None = None) -> str:
        return super().sdp(direction, rtp_port or self.relay.far[1])

    def _aim(self, sdp: str) -> None:
        super()._aim(sdp)
        self.relay.gateway, self.relay.customer = self.rtp.target, ("127.0.0.1", self.rtp.port)
        self.rtp.target = self.relay.near


@contextlib.asynccontextmanager
async def far_away(target: str, number: str, weather: Weather, seed: int) -> AsyncIterator[FarCaller]:
    """A customer who has called over such a network, and hears it ring."""
    relay = await Relay.open(weather, seed)
    customer = await FarCaller.open(target, user=number)
    customer.relay = relay
    try:
        customer.invite()
        await customer.response("INVITE", 180)
        yield customer
    finally:
        customer.close()
        relay.close()
