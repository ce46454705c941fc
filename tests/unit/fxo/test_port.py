"""The port over a real pseudo-terminal: loss, back-pressure, exclusiveness, bad paths."""

import asyncio
from pathlib import Path

import pytest

from drivers.fxo.errors import PortBusy, PortLost, PortMissing
from drivers.fxo.port import OUTPUT_LIMIT, SerialPort
from tests.unit.fxo.peer import PATIENCE, RawPeer

pytestmark = pytest.mark.pty


class Opened:
    """A port and what it reported."""

    def __init__(self) -> None:
        self.received = bytearray()
        self.reads = 0
        self.news = asyncio.Event()
        self.losses: list[PortLost] = []
        self.gone = asyncio.Event()

    async def open(self, path: Path) -> SerialPort:
        return await SerialPort.open(str(path), self._bytes, self._lost)

    def _bytes(self, data: bytes) -> None:
        self.received += data
        self.reads += 1
        self.news.set()

    def _lost(self, error: PortLost) -> None:
        self.losses.append(error)
        self.gone.set()

    async def wait_for(self, data: bytes) -> None:
        async with asyncio.timeout(PATIENCE):
            while data not in self.received:
                self.news.clear()
                await self.news.wait()


async def test_a_stream_is_read_in_larger_portions_than_it_comes_in(peer: RawPeer) -> None:
    opened = Opened()
    port = await opened.open(peer.path)
    frames = [bytes([number]) * 160 for number in range(1, 41)]
    for frame in frames:
        peer.write(frame)
        await asyncio.sleep(0.01)
    peer.write(b"\x10\x03")
    await opened.wait_for(b"\x10\x03")
    assert bytes(opened.received) == b"".join(frames) + b"\x10\x03"
    assert opened.reads <= len(frames) // 2
    await port.close()


async def test_all_bytes_pass_both_ways_unchanged(peer: RawPeer) -> None:
    opened = Opened()
    port = await opened.open(peer.path)
    every = bytes(range(256))
    port.write(every)
    await peer.wait_for(every)
    peer.write(every)
    await opened.wait_for(every)
    await port.close()
    assert not opened.losses


async def test_12_15_unplugging_is_told_once_and_ends_writing(peer: RawPeer) -> None:
    opened = Opened()
    port = await opened.open(peer.path)
    peer.unplug()
    await asyncio.wait_for(opened.gone.wait(), PATIENCE)
    assert not port.write(b"AT\r")
    await port.close()
    assert len(opened.losses) == 1
    assert str(peer.path) in str(opened.losses[0])


async def test_12_15_a_node_that_names_another_device_is_a_lost_port(peer: RawPeer, tmp_path: Path) -> None:
    opened = Opened()
    port = await opened.open(peer.path)
    (tmp_path / "other").mkdir()
    other = RawPeer(tmp_path / "other")
    peer.path.unlink()
    peer.path.symlink_to(other.path.readlink())
    await asyncio.wait_for(opened.gone.wait(), PATIENCE)
    await port.close()
    other.unplug()


async def test_12_18_back_pressure_is_bounded_and_never_blocks(peer: RawPeer) -> None:
    opened = Opened()
    port = await opened.open(peer.path)
    peer.stop_reading()
    accepted = sum(port.write(b"x" * 1000) for _ in range(200))
    assert 0 < port.backlog <= OUTPUT_LIMIT
    assert port.refused == (200 - accepted) * 1000
    peer.read_on()
    await peer.wait_until(lambda: len(peer.received) == accepted * 1000)
    assert port.backlog == 0
    peer.write(b"still reading")
    await opened.wait_for(b"still reading")
    await port.close()


async def test_12_16_the_port_is_ours_alone(peer: RawPeer) -> None:
    port = await Opened().open(peer.path)
    with pytest.raises(PortBusy, match="another program"):
        await Opened().open(peer.path)
    await port.close()
    again = await Opened().open(peer.path)
    await again.close()


async def test_12_04_dtr_on_a_pseudo_terminal_is_tolerated(peer: RawPeer) -> None:
    port = await Opened().open(peer.path)
    assert not await port.drop_dtr(0.01)
    await port.close()


async def test_12_04_reopening_goes_on_with_the_same_callbacks(peer: RawPeer) -> None:
    opened = Opened()
    port = await opened.open(peer.path)
    await port.reopen(0.05)
    port.write(b"AT\r")
    await peer.wait_for(b"AT\r")
    peer.write(b"OK")
    await opened.wait_for(b"OK")
    await port.close()


@pytest.mark.parametrize("kind", ["missing", "file", "folder"])
async def test_12_16_a_path_that_is_no_port(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "thing"
    if kind == "file":
        path.write_text("no tty")
    elif kind == "folder":
        path.mkdir()
    with pytest.raises(PortMissing, match="thing"):
        await Opened().open(path)


async def test_closing_twice_is_harmless(peer: RawPeer) -> None:
    port = await Opened().open(peer.path)
    await port.close()
    await port.close()
