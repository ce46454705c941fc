"""Where a host is: looked up in the gateway's process. In the worker's a DNS server that is silent would hold up
the softphone with every call in it, for longer than its supervisor lets it live."""

import asyncio
import socket
import threading
from collections import OrderedDict
from contextlib import suppress
from functools import partial
from ipaddress import AddressValueError, IPv4Address
from typing import Final

LIMIT: Final = 2.0
"""Seconds a look-up may take; a resolver asks its next server only after 5."""

REMEMBERED: Final = 256
"""Hosts whose last address is known: as many as the doorkeeper's friends. Callers name some, too, as their
contacts."""
_TRY_AGAIN: Final = socket.EAI_AGAIN


class HostUnknown(Exception):
    """No address is known for a host; the message says why."""


def literal(host: str) -> str | None:
    """`host` if it is an IPv4 address already."""
    try:
        return str(IPv4Address(host))
    except AddressValueError:
        return None


class Lookup:
    """Asks for one host once at a time, however many want to know, on a thread of its own: a silent server would
    hold one of asyncio's for each line, and those, six on two cores, are for others too."""

    def __init__(self) -> None:
        self._asked: dict[str, asyncio.Future[str]] = {}
        self._found: OrderedDict[str, str] = OrderedDict()
        """Where each host was last; the one that was found last at the end."""

    async def address_of(self, host: str) -> str:
        """The first IPv4 address of `host`; where no server answers now, the one it had. Raises HostUnknown."""
        known = literal(host)
        if known is not None:
            return known
        asked = self._asked.get(host) or self._ask(host)
        try:
            async with asyncio.timeout(LIMIT):
                self._remember(host, await asyncio.shield(asked))
        except (TimeoutError, OSError, ValueError) as error:
            if not _is_silence(error):
                self._found.pop(host, None)
            if host not in self._found:
                raise HostUnknown(_why(host, error)) from None
        return self._found[host]

    def _remember(self, host: str, address: str) -> None:
        self._found[host] = address
        self._found.move_to_end(host)
        if len(self._found) > REMEMBERED:
            self._found.popitem(last=False)

    def _ask(self, host: str) -> "asyncio.Future[str]":
        loop = asyncio.get_running_loop()
        asked = self._asked[host] = loop.create_future()

        def ask() -> None:
            try:
                found = socket.getaddrinfo(host, None, family=socket.AF_INET, type=socket.SOCK_DGRAM)
            except (OSError, ValueError) as error:  # ValueError: what can be no name
                told = partial(self._answered, host, asked, None, error)
            else:
                told = partial(self._answered, host, asked, str(found[0][4][0]), None)
            with suppress(RuntimeError):  # the loop has ended meanwhile
                loop.call_soon_threadsafe(told)

        try:
            threading.Thread(target=ask, name=f"look-up of {host}", daemon=True).start()
        except RuntimeError as error:  # as many as the service may have
            self._answered(host, asked, None, OSError(str(error)))
        return asked

    def _answered(
        self, host: str, asked: "asyncio.Future[str]", address: str | None, error: Exception | None
    ) -> None:
        del self._asked[host]
        if address is not None:
            asked.set_result(address)
        elif error is not None:
            asked.set_exception(error)
            asked.exception()  # who asked may have given up: it is not to be told as one that nobody took


def _is_silence(error: Exception) -> bool:
    """Whether no server has answered, rather than said that there is no such host."""
    return isinstance(error, TimeoutError) or (isinstance(error, socket.gaierror) and error.errno == _TRY_AGAIN)


def _why(host: str, error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return f"{host}: no address was found within {LIMIT:g} s; check the DNS"
    return f"{host}: no address is known: {error}; check the name and the DNS"
