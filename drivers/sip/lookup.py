"""Where a host is: looked up in the gateway's process. In the worker's a DNS server that is silent would hold up
the softphone with every call in it, for longer than its supervisor lets it live."""

import asyncio
import socket
from ipaddress import AddressValueError, IPv4Address
from typing import Any, Final

LIMIT: Final = 2.0
"""Seconds a look-up may take; a resolver asks its next server only after 5."""


class HostUnknown(Exception):
    """No address is known for a host; the message says why."""


def literal(host: str) -> str | None:
    """`host` if it is an IPv4 address already."""
    try:
        return str(IPv4Address(host))
    except AddressValueError:
        return None


class Lookup:
    """Asks for one host once at a time, however many want to know: a silent server then holds one thread."""

    def __init__(self) -> None:
        self._asked: dict[str, asyncio.Task[Any]] = {}

    async def address_of(self, host: str) -> str:
        """The first IPv4 address of `host`. Raises HostUnknown."""
        known = literal(host)
        if known is not None:
            return known
        asked = self._asked.get(host) or self._ask(host)
        try:
            async with asyncio.timeout(LIMIT):
                found = await asyncio.shield(asked)
        except TimeoutError:
            raise HostUnknown(f"{host}: no address was found within {LIMIT:g} s; check the DNS") from None
        except (OSError, UnicodeError) as error:
            raise HostUnknown(f"{host}: no address is known: {error}; check the name and the DNS") from None
        return str(found[0][4][0])

    def _ask(self, host: str) -> "asyncio.Task[Any]":
        loop = asyncio.get_running_loop()
        question = loop.getaddrinfo(host, None, family=socket.AF_INET, type=socket.SOCK_DGRAM)
        asked = self._asked[host] = asyncio.ensure_future(question)
        asked.add_done_callback(lambda task: self._answered(host, task))
        return asked

    def _answered(self, host: str, task: "asyncio.Task[Any]") -> None:
        del self._asked[host]
        if not task.cancelled():
            task.exception()  # who asked may have given up: it is not to be told as one that nobody took
