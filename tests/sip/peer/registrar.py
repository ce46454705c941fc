"""A registrar that asks for a digest (RFC 2617, MD5, no qop) and remembers who registered."""

import asyncio
import hashlib
import re
import socket

from tests.sip.peer.caller import SipText, parse

REALM = "hotline"
NONCE = "5f6a"


class Registrar(asyncio.DatagramProtocol):
    def __init__(self, username: str, password: str, address: tuple[str, int]) -> None:
        self.username = username
        self.password = password
        self.address = address
        self.requests: list[SipText] = []
        self.contacts: list[str] = []
        self.expires = 300
        """Seconds that a registration holds; it is renewed five before they are over."""
        self.challenges = [f'Digest realm="{REALM}", nonce="{NONCE}"']
        """What it asks for, the first first."""
        self.asks_always = False
        """Whether no answer is ever good enough."""
        self._arrived = asyncio.Event()

    @classmethod
    async def open(cls, username: str, password: str, port: int = 0) -> "Registrar":
        sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        sock.bind(("127.0.0.1", port))
        address = sock.getsockname()
        loop = asyncio.get_running_loop()
        _, self = await loop.create_datagram_endpoint(lambda: cls(username, password, address), sock=sock)
        return self

    @property
    def uri(self) -> str:
        return f"sip:{self.address[0]}:{self.address[1]}"

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:  # type: ignore[override]
        self._transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        request = parse(data)
        if request.status is not None or request.method != "REGISTER":
            return
        self.requests.append(request)
        given = request.headers.get("authorization")
        if given is None or self.asks_always:
            asked = "".join(f"WWW-Authenticate: {challenge}\r\n" for challenge in self.challenges)
            self._respond(request, addr, "401 Unauthorized", asked)
        elif not self._proved(given):
            self._respond(request, addr, "403 Forbidden")
        else:
            self._register(request, addr)
        self._arrived.set()

    async def wait_for_requests(self, count: int, seconds: float = 20) -> None:
        async with asyncio.timeout(seconds):
            while len(self.requests) < count:
                self._arrived.clear()
                await self._arrived.wait()

    def close(self) -> None:
        self._transport.close()

    def _register(self, request: SipText, addr: tuple[str, int]) -> None:
        contact = request.headers["contact"]
        gone = request.headers.get("expires") == "0" or "expires=0" in contact
        self.contacts = [] if gone else [contact]
        self._respond(request, addr, "200 OK", "" if gone else f"Contact: {contact};expires={self.expires}\r\n")

    def _proved(self, given: str) -> bool:
        field = dict(re.findall(r'(\w+)="?([^",]+)"?', given))

        def md5(*parts: str) -> str:
            return hashlib.md5(":".join(parts).encode()).hexdigest()

        secret = md5(self.username, REALM, self.password)
        expected = md5(secret, NONCE, md5("REGISTER", field["uri"]))
        return field.get("username") == self.username and field.get("response") == expected

    def _respond(self, request: SipText, addr: tuple[str, int], status: str, headers: str = "") -> None:
        lines = [
            line for line in request.raw.split("\r\n") if re.match(r"(Via|From|To|Call-ID|CSeq):", line, re.I)
        ]
        lines = [f"{line};tag=reg" if line.lower().startswith("to:") else line for line in lines]
        text = "\r\n".join((f"SIP/2.0 {status}", *lines, f"{headers}Content-Length: 0", "", ""))
        self._transport.sendto(text.encode(), addr)
