"""How long the port lets a stream gather, in virtual time on a real pseudo-terminal."""

import asyncio
import fcntl
import struct
import termios
import time
from pathlib import Path

import pytest

from drivers.fxo import port as port_module
from drivers.fxo.port import SerialPort
from tests.unit.fxo.peer import PATIENCE, RawPeer
from tests.unit.fxo.virtual_time import in_virtual_time

pytestmark = pytest.mark.pty

FRAME = bytes(160)
"""20 ms of 8-bit audio."""


def arrived(port: SerialPort, size: int) -> None:
    """Hold the loop, and its clock, until `size` bytes wait to be read: the kernel takes its own time for that."""
    limit = time.monotonic() + PATIENCE
    while struct.unpack("i", fcntl.ioctl(port._fd, termios.FIONREAD, bytes(4)))[0] < size:
        assert time.monotonic() < limit
        time.sleep(0.0002)


def test_12_12_no_portion_of_a_stream_is_kept_for_more_than_a_tenth_of_a_second(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A key is told by its distance from the key before; a hang-up, by cadence. Yet it is read in larger portions
    than it comes in, and words wait for nothing."""
    monkeypatch.setattr(port_module, "IOCTL_DEADLINE", None)  # opening takes real time

    async def story() -> None:
        loop = asyncio.get_running_loop()
        peer = RawPeer(tmp_path)
        written: list[float] = []
        """When each byte that has not been read was written."""
        kept: list[float] = []
        """How long the oldest byte of each read had waited."""

        def received(data: bytes) -> None:
            kept.append(loop.time() - written[0])
            del written[: len(data)]

        port = await SerialPort.open(str(peer.path), received, lambda _lost: None)

        async def sends(data: bytes) -> None:
            peer.write(data)
            written.extend([loop.time()] * len(data))
            arrived(port, len(written))
            await asyncio.sleep(0.02)

        for _ in range(100):
            await sends(FRAME)
        assert max(kept) <= 0.1
        assert len(kept) <= 50
        await asyncio.sleep(0.2)
        kept.clear()
        await sends(b"\r\nRING\r\n")
        await sends(b"\x10R")
        assert kept == [0.0, 0.0]
        await port.close()
        peer.unplug()

    in_virtual_time(story)
