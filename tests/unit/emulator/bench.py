"""A modem and its line in virtual time, and a plain client for the real pseudo-terminal. No code of the driver."""

import asyncio
import os
import time
import tty
from datetime import datetime

import numpy as np
import pytest

from drivers.emulator import Exchange, Faults
from drivers.emulator.audio import TICK
from drivers.emulator.codecs import Codec
from drivers.emulator.core import ModemCore
from drivers.emulator.personalities import personality_of
from drivers.emulator.shielding import Unshielder

BOTH = pytest.mark.parametrize("personality", ["conexant", "usr5637"])


class Bench:
    """The modem without its port: a second of line time costs milliseconds."""

    def __init__(
        self,
        personality: str = "conexant",
        faults: Faults | None = None,
        exchange: Exchange | None = None,
        firmware: str | None = None,
    ):
        self.exchange = exchange or Exchange()
        self.faults = faults or Faults()
        self.out = bytearray()
        self.core = ModemCore(
            personality_of(personality, firmware),
            self.exchange,
            self.faults,
            self.out.extend,
            lambda: datetime(2026, 3, 17, 16, 56),
        )

    def run(self, seconds: float) -> bytes:
        """Let line time pass; gives what the host would have read."""
        for _ in range(round(seconds / TICK)):
            self.core.tick()
        return self.taken()

    def taken(self) -> bytes:
        data = bytes(self.out)
        self.out.clear()
        return data

    def ask(self, line: str, seconds: float = 1.0) -> bytes:
        """Type a command line, give what comes back."""
        self.core.receive(line.encode() + b"\r")
        return self.run(seconds)

    def answer(self, *more: str) -> None:
        """Class 8, echo off, off-hook."""
        for line in ("ATE0", "AT+FCLASS=8", *more, "AT+VLS=1"):
            assert self.ask(line).endswith(b"OK\r\n"), line

    def feed(self, data: bytes) -> bytes:
        """Stream bytes as fast as the modem takes them; gives what came back meanwhile."""
        heard = bytearray()
        while data:
            room = self.core.room
            if room:
                self.core.receive(data[:room])
                data = data[room:]
            heard += self.run(TICK)
        return bytes(heard)


class Client:
    """A program with the port open: raw bytes both ways."""

    def __init__(self, port: str) -> None:
        self._fd = os.open(port, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        tty.setraw(self._fd)
        self._buffer = bytearray()
        self._arrived = asyncio.Event()
        self.chunks: list[bytes] = []
        self.at_end = False
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._fd, self._read)

    def _read(self) -> None:
        try:
            data = os.read(self._fd, 4096)
        except OSError:
            data = b""
        if not data:
            self.at_end = True
            self._loop.remove_reader(self._fd)
        else:
            self.chunks.append(data)
        self._buffer += data
        self._arrived.set()

    def write(self, data: bytes) -> int:
        """Non-blocking; how much was taken."""
        try:
            return os.write(self._fd, data)
        except BlockingIOError:
            return 0

    async def write_all(self, data: bytes) -> float:
        """As the modem takes it; seconds it took."""
        began = time.monotonic()
        while data:
            data = data[self.write(data) :]
            await asyncio.sleep(0.01)
        return time.monotonic() - began

    async def expect(self, wanted: bytes, within: float = 10.0) -> bytes:
        """All up to and including `wanted`."""
        async with asyncio.timeout(within):
            while wanted not in self._buffer:
                assert not self.at_end, f"end of file before {wanted!r}: {bytes(self._buffer)!r}"
                self._arrived.clear()
                await self._arrived.wait()
        end = self._buffer.index(wanted) + len(wanted)
        data = bytes(self._buffer[:end])
        del self._buffer[:end]
        return data

    async def ask(self, line: str, answer: bytes = b"\r\nOK\r\n") -> bytes:
        self.write(line.encode() + b"\r")
        return await self.expect(answer)

    async def end_of_file(self) -> None:
        async with asyncio.timeout(10):
            while not self.at_end:
                self._arrived.clear()
                await self._arrived.wait()

    def close(self) -> None:
        self._loop.remove_reader(self._fd)
        os.close(self._fd)


def steady() -> Exchange:
    return Exchange(ring_jitter=0.0)


def tone(level_peak: int = 8000, seconds: float = 1.0) -> np.ndarray:
    at = np.arange(round(8000 * seconds)) / 8000
    return np.round(level_peak * np.sin(2 * np.pi * 1000 * at)).astype(np.int16)


def audio_of(stream: bytes, codec: Codec) -> tuple[np.ndarray, list[str]]:
    """The samples and the event characters in what the host read."""
    samples, codes = bytearray(), []
    for item in Unshielder().feed(stream):
        if isinstance(item, bytes):
            samples += item
        else:
            codes.append(chr(item))
    return codec.decode(bytes(samples[: len(samples) // codec.width * codec.width])), codes


def cleaned(codes: list[str]) -> list[str]:
    """Without what only says that nobody spoke: underrun and the silence timer."""
    return [code for code in codes if code not in "us"]
