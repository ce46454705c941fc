"""The peer's SIP end: places a call over UDP, and says what comes back."""

import asyncio
import re
import socket
import time
import uuid
from dataclasses import dataclass, field
from typing import Self

from tests.sip.peer.rtp import RtpPeer

CODECS = {"PCMA": 8, "PCMU": 0}
PATIENCE = 20.0
"""Seconds for what comes at once where nobody keeps the machine busy."""


@dataclass
class SipText:
    """One SIP message, as text; the first header of each name."""

    start: str
    headers: dict[str, str]
    body: str
    raw: str
    at: float = field(default_factory=time.monotonic)

    @property
    def status(self) -> int | None:
        return int(self.start.split(" ")[1]) if self.start.startswith("SIP/2.0 ") else None

    @property
    def method(self) -> str:
        return self.headers["cseq"].split()[1]


def parse(data: bytes) -> SipText:
    raw = data.decode("utf-8", "replace")
    head, _, body = raw.partition("\r\n\r\n")
    start, *lines = head.split("\r\n")
    headers: dict[str, str] = {}
    for line in lines:
        name, _, value = line.partition(":")
        headers.setdefault(name.strip().lower(), value.strip())
    return SipText(start, headers, body, raw)


class Caller(asyncio.DatagramProtocol):
    """A UDP user agent on `address`; one call at a time."""

    transport = "UDP"
    rtp: RtpPeer

    def __init__(self, user: str, display: str | None) -> None:
        self.user = user
        self.display = display
        self.messages: list[SipText] = []
        self._arrived = asyncio.Event()
        self._cseq = 0
        self._invite: SipText | None = None

    @classmethod
    async def open(
        cls,
        target: str,
        *,
        user: str = "13800138000",
        display: str | None = None,
        codec: str = "PCMA",
        address: str = "127.0.0.1",
    ) -> Self:
        """`target`: `sip:user@host:port`."""
        host, _, port = target.partition("@")[2].partition(":")
        self = await cls(user, display)._connect(address, (host, int(port)))
        self.target = target
        self.rtp = await RtpPeer.open(CODECS[codec])
        self.call_id = uuid.uuid4().hex
        self.tag = uuid.uuid4().hex[:8]
        self.to_tag = ""
        return self

    async def _connect(self, address: str, peer: tuple[str, int]) -> Self:
        self.peer = peer
        sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        sock.bind((address, 0))
        await asyncio.get_running_loop().create_datagram_endpoint(lambda: self, sock=sock)
        return self

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:  # type: ignore[override]
        self._transport = transport
        self.address, self.port = transport.get_extra_info("sockname")

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        message = parse(data)
        if "cseq" not in message.headers:
            return  # late RTP to whoever had the port before
        self.messages.append(message)
        if message.status is None:
            if message.method != "ACK":
                self._respond(message)
        elif message.method == "INVITE" and message.status >= 200:
            self._confirm(message)
        self._arrived.set()

    def error_received(self, exc: Exception) -> None:
        """The line's port may be gone for a moment."""

    # -- requests ----------------------------------------------------------------------------------------------

    def invite(self, *, sdp: str | None = None, headers: str = "") -> None:
        """Begin the call; `headers` are whole lines with their CRLF."""
        self.call_id = uuid.uuid4().hex
        self.to_tag = ""
        self._branch = self._new_branch()
        self._cseq += 1
        self._invite_cseq = self._cseq
        body = self.sdp() if sdp is None else sdp
        self._send(self._request("INVITE", self._branch, self._cseq, body, "application/sdp", headers))

    def cancel(self) -> None:
        self._send(self._request("CANCEL", self._branch, self._invite_cseq))

    def bye(self) -> None:
        self.request("BYE")

    def reinvite(self, direction: str, *, rtp_port: int | None = None, sdp: str | None = None) -> None:
        """A new offer in the call: `sendrecv`, `sendonly`, `recvonly`, `inactive`; `0.0.0.0`: RFC 2543 hold; or
        this very SDP."""
        self._branch = self._new_branch()
        self._cseq += 1
        self._invite_cseq = self._cseq
        body = self.sdp(direction, rtp_port) if sdp is None else sdp
        self._offered = self._request("INVITE", self._branch, self._cseq, body, "application/sdp")
        self._send(self._offered)

    def offer_again(self) -> None:
        """The same re-INVITE once more, as a telephone sends it by UDP until it is answered."""
        self._send(self._offered)

    def info(self, content_type: str, body: str) -> None:
        self.request("INFO", body, content_type)

    def request(self, method: str, body: str = "", content_type: str = "") -> None:
        self._cseq += 1
        self._send(self._request(method, self._new_branch(), self._cseq, body, content_type))

    def send_raw(self, data: bytes) -> None:
        self._transport.sendto(data, self.peer)

    async def offer(self, direction: str) -> SipText:
        """A new offer in the call, and its 200."""
        self.reinvite(direction)
        cseq = f"{self._cseq} INVITE"
        return await self._find(lambda m: m.status == 200 and m.headers["cseq"] == cseq, PATIENCE, 1)

    def sdp(self, direction: str = "sendrecv", rtp_port: int | None = None) -> str:
        name = {number: name for name, number in CODECS.items()}[self.rtp.payload_type]
        return "\r\n".join(
            (
                "v=0",
                f"o=- 1 {int(time.monotonic() * 1000)} IN IP4 127.0.0.1",
                "s=-",
                f"c=IN IP4 {'0.0.0.0' if direction == '0.0.0.0' else '127.0.0.1'}",
                "t=0 0",
                f"m=audio {rtp_port or self.rtp.port} RTP/AVP {self.rtp.payload_type} {self.rtp.event_type}",
                f"a=rtpmap:{self.rtp.payload_type} {name}/8000",
                f"a=rtpmap:{self.rtp.event_type} telephone-event/8000",
                f"a=fmtp:{self.rtp.event_type} 0-15",
                *([f"a={direction}"] if direction.isalpha() else []),
                "",
            )
        )

    # -- what came back ----------------------------------------------------------------------------------------

    async def response(self, method: str, status: int, seconds: float = PATIENCE, count: int = 1) -> SipText:
        """The `count`th response of that status to that method."""
        return await self._find(lambda m: m.status == status and m.method == method, seconds, count)

    async def final(self, method: str, seconds: float = PATIENCE) -> SipText:
        """The first final response to that method."""
        return await self._find(lambda m: (m.status or 0) >= 200 and m.method == method, seconds, 1)

    async def incoming(self, method: str, seconds: float = PATIENCE) -> SipText:
        """A request of the line's own."""
        return await self._find(lambda m: m.status is None and m.method == method, seconds, 1)

    def has_incoming(self, method: str) -> bool:
        return any(m.status is None and m.method == method for m in self.messages)

    def close(self) -> None:
        self.rtp.close()
        self._transport.close()

    async def _find(self, wanted, seconds: float, count: int) -> SipText:
        async with asyncio.timeout(seconds):
            while True:
                found = [message for message in self.messages if wanted(message)]
                if len(found) >= count:
                    return found[count - 1]
                self._arrived.clear()
                await self._arrived.wait()

    # -- the wire ----------------------------------------------------------------------------------------------

    def _request(
        self, method: str, branch: str, cseq: int, body: str = "", content_type: str = "", headers: str = ""
    ) -> str:
        display = f'"{self.display}" ' if self.display else ""
        to_tag = f";tag={self.to_tag}" if self.to_tag else ""
        kind = f"Content-Type: {content_type}\r\n" if content_type else ""
        return (
            f"{method} {self.target} SIP/2.0\r\n"
            f"Via: SIP/2.0/{self.transport} {self.address}:{self.port};rport;branch={branch}\r\n"
            "Max-Forwards: 70\r\n"
            f"From: {display}<sip:{self.user}@{self.address}:{self.port}>;tag={self.tag}\r\n"
            f"To: <{self.target}>{to_tag}\r\n"
            f"Call-ID: {self.call_id}\r\n"
            f"CSeq: {cseq} {method}\r\n"
            f"Contact: <sip:{self.user}@{self.address}:{self.port};transport={self.transport.lower()}>\r\n"
            f"{headers}{kind}Content-Length: {len(body.encode())}\r\n\r\n{body}"
        )

    def _confirm(self, answer: SipText) -> None:
        """ACK every final response to an INVITE (RFC 3261 §13.2.2.4, §17.1.1.3)."""
        match = re.search(r";tag=([^;>\s]+)", answer.headers["to"])
        if answer.status == 200:
            self.to_tag = match.group(1) if match else ""
            self._aim(answer.body)
        cseq = int(answer.headers["cseq"].split()[0])
        branch = self._new_branch() if answer.status == 200 else self._branch
        ack = self._request("ACK", branch, cseq)
        if answer.status != 200 and match and not self.to_tag:
            ack = ack.replace(f"To: <{self.target}>\r\n", f"To: <{self.target}>;tag={match.group(1)}\r\n")
        self._send(ack)

    def _aim(self, sdp: str) -> None:
        port = re.search(r"^m=audio (\d+)", sdp, re.MULTILINE)
        host = re.search(r"^c=IN IP4 (\S+)", sdp, re.MULTILINE)
        if port and host and int(port.group(1)):
            self.rtp.target = (host.group(1), int(port.group(1)))

    def _respond(self, request: SipText) -> None:
        lines = [
            line for line in request.raw.split("\r\n") if re.match(r"(Via|From|To|Call-ID|CSeq):", line, re.I)
        ]
        self._send("\r\n".join(("SIP/2.0 200 OK", *lines, "Content-Length: 0", "", "")))

    def _new_branch(self) -> str:
        return f"z9hG4bK{uuid.uuid4().hex[:16]}"

    def _send(self, text: str) -> None:
        self._transport.sendto(text.encode(), self.peer)


class TcpCaller(Caller, asyncio.Protocol):
    """The same over TCP: messages are told apart by Content-Length (RFC 3261 §18.3)."""

    transport = "TCP"

    async def _connect(self, address: str, peer: tuple[str, int]) -> Self:
        self.peer = peer
        self._buffer = b""
        loop = asyncio.get_running_loop()
        await loop.create_connection(lambda: self, *peer, local_addr=(address, 0))
        return self

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while b"\r\n\r\n" in self._buffer:
            head, _, rest = self._buffer.partition(b"\r\n\r\n")
            length = int(parse(head).headers["content-length"])
            if len(rest) < length:
                return
            self._buffer = rest[length:]
            self.datagram_received(head + b"\r\n\r\n" + rest[:length], self.peer)

    def _send(self, text: str) -> None:
        self._transport.write(text.encode())


async def turned_away(*targets: str, seconds: float = 30.0) -> None:
    """Until each of these lines answers OPTIONS with 503: it has been told to take no more calls."""
    async with asyncio.timeout(seconds):
        for target in targets:
            caller = await Caller.open(target)
            try:
                caller.request("OPTIONS")
                while (await caller.final("OPTIONS")).status != 503:
                    await asyncio.sleep(0.1)  # a line tells nobody: it is asked
                    caller.messages.clear()
                    caller.request("OPTIONS")
            finally:
                caller.close()
