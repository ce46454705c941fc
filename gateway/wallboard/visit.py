"""Who asks, from where, by which page: what a request tells of itself, and how far it is believed.

Nothing here waits, remembers or answers.
"""

import ipaddress
import re
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Final
from urllib.parse import urlsplit

from aiohttp import HttpVersion11, web

_HERE: Final = re.compile(r"(localhost|127(\.[0-9]{1,3}){3}|\[::1\])(:[0-9]{1,5})?", re.ASCII)
OWN_PAGES: Final = frozenset({"same-origin", "none"})
"""Sec-Fetch-Site of what our own pages ask for, and of what somebody has typed (Fetch Metadata)."""

RELAYED: Final = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP", "Via")
"""What proxies tell (RFC 7239, RFC 9110 §7.6.3, and what was usual before)."""


@dataclass(frozen=True, slots=True)
class Visit:
    """Where a request came from."""

    source: str
    """The browser's address, as far as that is known."""
    secure: bool
    """Whether the browser speaks HTTPS."""
    host: str
    """The name and port by which it reached us."""


class Reading:
    """Reads visits; those of `proxies` are believed when they tell for whom they ask."""

    def __init__(self, proxies: Sequence[str]) -> None:
        self._proxies = [IPv4Network(proxy) for proxy in proxies]

    def is_proxy(self, source: str) -> bool:
        """Whether this address is a proxy's."""
        try:
            address = ipaddress.ip_address(source)
        except ValueError:
            return False
        return any(address in network for network in self._proxies)

    def visit(self, request: web.Request) -> Visit:
        """What a request tells."""
        source = request.remote or ""
        if not self.is_proxy(source):
            return Visit(source, request.secure, request.headers.get("Host", ""))
        told = [part.strip() for line in request.headers.getall("X-Forwarded-For", []) for part in line.split(",")]
        # From the nearest on: whatever stands before the first stranger was written by that stranger.
        stranger = next((each for each in reversed(told) if not self.is_proxy(each)), source)
        secure = request.secure or _last(request, "X-Forwarded-Proto") == "https"
        # Not X-Forwarded-Host: a proxy that does not set it passes on what the browser wrote there.
        return Visit(stranger[:64], secure, request.headers.get("Host", ""))


def _last(request: web.Request, name: str) -> str:
    return request.headers.get(name, "").rpartition(",")[2].strip().lower()


def is_here(host: str) -> bool:
    """Whether a Host names this very machine: a page elsewhere that has its own name point here does not (DNS
    rebinding)."""
    return _HERE.fullmatch(host.lower()) is not None


def is_relayed(request: web.Request) -> bool:
    """Whether a proxy asks, for a browser of who knows where. One that tells nothing of itself, as nginx without a
    setting, still speaks HTTP/1.0, which no browser does; and the page that follows the lines has another name
    than this machine's own."""
    if request.version < HttpVersion11 or any(name in request.headers for name in RELAYED):
        return True
    page = request.headers.get("Referer")
    return (
        page is not None and request.path == "/stream" and not is_here(page.partition("//")[2].partition("/")[0])
    )


def is_own_page(request: web.Request, visit: Visit) -> bool:
    """Whether what changes something was asked for by one of our pages. Every browser tells: by Sec-Fetch-Site
    where the connection is safe, by Origin otherwise."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None and site not in OWN_PAGES:
        return False
    origin = request.headers.get("Origin")
    if origin is None:
        return site is not None
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    if parts.netloc.lower() != visit.host.lower() or not visit.host:
        return False
    if parts.scheme == ("https" if visit.secure else "http"):
        return True
    # A proxy of which nothing is believed, or that does not tell, may well speak HTTPS to the browser.
    return parts.scheme == "https" and is_relayed(request)


def is_foreign_fetch(request: web.Request) -> bool:
    """Whether another site's page asks for something that is not a page to be seen."""
    site = request.headers.get("Sec-Fetch-Site")
    return site not in (None, *OWN_PAGES) and request.headers.get("Sec-Fetch-Mode") != "navigate"
