"""The peer's RTP end: audio and telephone events out, everything that comes in kept with its time."""

import asyncio
import socket
import struct
import time
from collections.abc import Sequence
from dataclasses import dataclass

from tests.sip.peer import g711

EVENT_TYPE = 101
COMFORT_NOISE = 13
FRAME = 160


@dataclass(frozen=True)
class Packet:
    at: float
    payload_type: int
    sequence: int
    timestamp: int
    payload: bytes


class RtpPeer(asyncio.DatagramProtocol):
    """One RTP socket on 127.0.0.1."""

    def __init__(self, payload_type: int) -> None:
        self.payload_type = payload_type
        self.event_type = EVENT_TYPE
        self.frame = FRAME
        """Samples that a packet carries."""
        self.packets: list[Packet] = []
        self.target: tuple[str, int] | None = None
        self._sequence = 1000
        self._timestamp = 160000
        self._source = 0x5A5A5A5A
        self._arrived = asyncio.Event()
        self._sending: asyncio.Task[None] | None = None
        self._held = False
        """Whether a key is held down, of which is told in the place of audio."""

    @classmethod
    async def open(cls, payload_type: int) -> "RtpPeer":
        sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        sock.bind(("127.0.0.1", 0))
        _, peer = await asyncio.get_running_loop().create_datagram_endpoint(lambda: cls(payload_type), sock=sock)
        return peer

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:  # type: ignore[override]
        self._transport = transport
        self.port: int = transport.get_extra_info("sockname")[1]

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        if len(data) < 12 or data[0] >> 6 != 2:
            return
        _, kind, sequence, timestamp, _ = struct.unpack(">BBHII", data[:12])
        self.packets.append(Packet(time.monotonic(), kind & 0x7F, sequence, timestamp, data[12:]))
        self._arrived.set()

    def error_received(self, exc: Exception) -> None:
        """The line's RTP port may be gone already."""

    async def wait_for_packets(self, count: int, seconds: float = 20) -> None:
        async with asyncio.timeout(seconds):
            while len(self.packets) < count:
                self._arrived.clear()
                await self._arrived.wait()

    def heard(self) -> list[int]:
        """Everything received so far, as linear samples."""
        return [s for packet in self.packets for s in g711.decode(packet.payload_type, packet.payload)]

    def start_sending(self, samples: Sequence[int] = ()) -> None:
        """Send `samples`, then silence, one `frame` a packet, until stop_sending()."""
        self.stop_sending()
        self._sending = asyncio.create_task(self._send(list(samples)))

    def stop_sending(self) -> None:
        if self._sending is not None:
            self._sending.cancel()
            self._sending = None

    def jump(self, *, sequence: int = 0, timestamp: int = 0, source: int | None = None) -> None:
        """Go on elsewhere: numbers ahead of (or behind) those that are due, or a new SSRC."""
        self._sequence = self._sequence + sequence & 0xFFFF
        self._timestamp = self._timestamp + timestamp & 0xFFFFFFFF
        self._source = self._source if source is None else source

    def press(self, digit: str, milliseconds: int = 100) -> None:
        """One RFC 4733 key press, end packet three times."""
        event = "0123456789*#ABCD".index(digit)
        start = self._timestamp
        for duration in range(160, milliseconds * 8 + 1, 160):
            self._packet(self.event_type, struct.pack(">BBH", event, 10, duration), start, marker=duration == 160)
        for _ in range(3):
            self._packet(self.event_type, struct.pack(">BBH", event, 0x80 | 10, milliseconds * 8), start)
        self._timestamp += milliseconds * 8

    async def hold_key(self, digit: str, milliseconds: int = 100) -> None:
        """The same as people press it: told every 20 ms (RFC 4733 §2.5.1.2), in the place of what start_sending()
        sends. On a network that reorders, a key that comes after later audio is none to pjmedia."""
        event = "0123456789*#ABCD".index(digit)
        start, self._held = self._timestamp, True
        for duration in range(160, milliseconds * 8 + 1, 160):
            self._packet(self.event_type, struct.pack(">BBH", event, 10, duration), start, marker=duration == 160)
            await asyncio.sleep(0.02)
        for _ in range(3):
            self._packet(self.event_type, struct.pack(">BBH", event, 0x80 | 10, milliseconds * 8), start)
        self._held = False

    def comfort(self, level: int = 60) -> None:
        """One packet of comfort noise (RFC 3389), at −`level` dBov."""
        self._packet(COMFORT_NOISE, bytes([level]), self._timestamp)
        self._timestamp += self.frame

    def close(self) -> None:
        self.stop_sending()
        self._transport.close()

    async def _send(self, samples: list[int]) -> None:
        due = time.monotonic()
        silence = g711.encode(self.payload_type, [0] * self.frame)
        position = 0
        while True:
            chunk = samples[position : position + self.frame]
            position += self.frame
            payload = (
                silence if not chunk else g711.encode(self.payload_type, chunk + [0] * (self.frame - len(chunk)))
            )
            if not self._held:
                self._packet(self.payload_type, payload, self._timestamp)
            self._timestamp += self.frame
            due += self.frame / 8000
            await asyncio.sleep(max(0, due - time.monotonic()))

    def _packet(self, kind: int, payload: bytes, timestamp: int, *, marker: bool = False) -> None:
        if self.target is None:
            return
        self._sequence = self._sequence + 1 & 0xFFFF
        head = struct.pack(">BBHII", 0x80, kind | (0x80 if marker else 0), self._sequence, timestamp, self._source)
        self._transport.sendto(head + payload, self.target)
