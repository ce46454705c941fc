"""Where a host is: looked up in the gateway's process. In the worker's a DNS server that is silent would hold up
the softphone with every call in it, for longer than its supervisor lets it live."""

import asyncio
import socket
from ipaddress import AddressValueError, IPv4Address
from typing import Final

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


async def address_of(host: str) -> str:
    """The first IPv4 address of `host`. Raises HostUnknown."""
    known = literal(host)
    if known is not None:
        return known
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(LIMIT):
            found = await loop.getaddrinfo(host, None, family=socket.AF_INET, type=socket.SOCK_DGRAM)
    except TimeoutError:
        raise HostUnknown(f"the address of {host} could not be found within {LIMIT:g} s; check the DNS") from None
    except (OSError, UnicodeError) as error:
        raise HostUnknown(f"the address of {host} is not known: {error}; check the name and the DNS") from None
    return str(found[0][4][0])
