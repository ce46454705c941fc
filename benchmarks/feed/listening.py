"""A subscriber that costs little: it reads the socket itself, and notes when each message came."""

import contextlib
import socket
import time
from array import array
from dataclasses import dataclass, field
from multiprocessing.connection import Connection

from benchmarks.feed.stamps import Stamps
from benchmarks.feed.traffic import Load

PUBLISH = 3
CLIENT = b"\x10\x14\x00\x04MQTT\x04\x02\x00\x3c\x00\x08listener"
"""CONNECT of MQTT 3.1.1 with a clean session, a minute's keep-alive and the name `listener`."""


@dataclass
class Heard:
    """What one phase brought; delays in seconds."""

    events: "array[float]" = field(default_factory=lambda: array("f"))
    messages: int = 0
    shown: list[tuple[float, int, bytes]] = field(default_factory=list)
    """When the broker had been away: (when, line, state), of the first seconds."""
    kept: int = 0
    """Events heard that had been told before the feed was there again."""


@dataclass
class Sequence:
    """One line's events: the last number, and how many numbers never came."""

    last: int = 0
    missed: int = 0
    again: int = 0


SHOWN = 20_000
"""States kept after an outage: those of some seconds."""


class Listener:
    """Listens until the phase is negative; phases are counted by `Stamps.phase`."""

    def __init__(self, load: Load, stamps: Stamps) -> None:
        self._load, self._stamps = load, stamps
        self._lines = {f"/line/{name}/".encode(): index for index, name in enumerate(load.names)}
        self._root = len(load.topics.root)
        self.heard: dict[int, Heard] = {}
        self.sequences = [Sequence() for _ in load.names]
        self._connected: float | None = None
        self._shown: float | None = None
        """When the first state came after an outage: the feed is there again."""

    def run(self, ready: Connection) -> None:
        """Listen; connects again as soon as the broker is there."""
        while self._stamps.phase >= 0:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self._load.port), 1) as link:
                self._subscribe(link)
                if ready is not None and not self.heard:
                    ready.send(None)
                self._listen(link)
                self._connected = -1.0
            time.sleep(0.002)  # no load of its own while the broker is away

    def _subscribe(self, link: socket.socket) -> None:
        link.sendall(CLIENT)
        topic = f"{self._load.topics.root}/#".encode()
        body = b"\x00\x01" + len(topic).to_bytes(2) + topic + b"\x00"  # QoS 0, as mosquitto_sub does
        link.sendall(bytes((0x82, len(body))) + body)
        link.settimeout(0.2)
        if self._connected is not None:
            self._connected = time.monotonic()

    def _listen(self, link: socket.socket) -> None:
        data, pinged = b"", time.monotonic()
        while self._stamps.phase >= 0:
            now = time.monotonic()
            if now - pinged > 20:
                link.sendall(b"\xc0\x00")
                pinged = now
            try:
                more = link.recv(1 << 18)
            except TimeoutError:
                continue
            if not more:
                return
            data = self._take(data + more, time.monotonic())

    def _take(self, data: bytes, now: float) -> bytes:
        """All whole packets; gives what is left."""
        heard = self.heard.setdefault(self._stamps.phase, Heard())
        position = 0
        while position + 2 <= len(data):
            length, shift, at = 0, 0, position + 1
            while at < len(data):
                length |= (data[at] & 127) << shift
                at, shift = at + 1, shift + 7
                if data[at - 1] < 128:
                    break
            else:
                break
            if at + length > len(data):
                break
            if data[position] >> 4 == PUBLISH:
                topic = at + 2 + int.from_bytes(data[at : at + 2])
                self._message(heard, data[at + 2 : topic], data[topic : at + length], now)
            position = at + length
        return data[position:]

    def _message(self, heard: Heard, topic: bytes, payload: bytes, now: float) -> None:
        heard.messages += 1
        place, _, kind = topic[self._root :].rpartition(b"/")
        line = self._lines.get(place + b"/")
        if line is None:
            return
        sequence = self.sequences[line]
        if kind == b"event":
            self._event(heard, sequence, line, int(payload[7 : payload.index(b",")]), now)  # {"seq":4,…
        elif kind == b"state" and self._connected is not None and len(heard.shown) < SHOWN:
            self._shown = self._shown or now
            heard.shown.append((now, line, payload))

    def _event(self, heard: Heard, sequence: Sequence, line: int, seq: int, now: float) -> None:
        if seq <= sequence.last:
            sequence.again += 1
            return
        sequence.missed += seq - sequence.last - 1
        sequence.last = seq
        told = self._stamps.at(line, seq)
        if self._shown is not None and told < self._shown:
            heard.kept += 1
        else:
            heard.events.append(now - told)


def listen(load: Load, stamps: Stamps, results: Connection) -> None:
    """The subscriber's process: tells that it listens, and at the end what it heard."""
    listener = Listener(load, stamps)
    listener.run(results)
    results.send((listener.heard, listener.sequences))
