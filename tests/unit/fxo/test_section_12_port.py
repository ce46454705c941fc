"""v253 §12.4, 12.15, 12.16: a port whose calls hang or fail, however they do, neither stops nor misleads us."""

import asyncio
import errno
import os
import re
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
import serial

import drivers.fxo
from drivers.fxo import port as port_module
from drivers.fxo.blocking import calls_on
from drivers.fxo.errors import PortBusy, PortLost, PortStuck
from drivers.fxo.port import OUTPUT_LIMIT, SerialPort
from drivers.line import FaultCode
from tests.unit.fxo.peer import PATIENCE, RawPeer

pytestmark = pytest.mark.pty

SHORT = 0.05
GONE = (errno.EIO, errno.ENODEV, errno.ENXIO)


class Kernel:
    """Makes calls of pyserial hang until `released`."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch
        self._going_on = threading.Event()
        self.hanging = 0

    def wedge(self, call: str) -> None:
        whole = getattr(serial.Serial, call)
        if isinstance(whole, property):
            instead: object = whole.setter(self._hang(lambda _tty, _value: None))
        else:
            instead = self._hang(whole)
        self._monkeypatch.setattr(serial.Serial, call, instead)

    def _hang(self, then: Callable[..., object]) -> Callable[..., object]:
        def call(*arguments: object) -> object:
            self.hanging += 1
            assert self._going_on.wait(PATIENCE)
            return then(*arguments)

        return call

    def release(self) -> None:
        self._going_on.set()


@pytest.fixture
def kernel(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(port_module, "IOCTL_DEADLINE", SHORT)
    kernel = Kernel(monkeypatch)
    yield kernel
    kernel.release()


async def opened(peer: RawPeer, lost: Callable[[PortLost], None] = lambda _lost: None) -> SerialPort:
    return await SerialPort.open(str(peer.path), lambda _data: None, lost)


async def until(holds: Callable[[], bool]) -> None:
    """Looks again and again: what it waits for is done by threads, which tell no event of the loop's."""
    async with asyncio.timeout(PATIENCE):
        while not holds():  # noqa: ASYNC110 - as said above
            await asyncio.sleep(0.005)


async def all_returned(peer: RawPeer) -> None:
    """Until no call on the device hangs any more."""
    await until(lambda: not calls_on(str(peer.path.resolve())).hang)


def own_threads() -> int:
    return sum(thread.name == "fxo-blocking" for thread in threading.enumerate())


async def test_12_04_a_dtr_ioctl_that_blocks_holds_nobody_up(peer: RawPeer, kernel: Kernel) -> None:
    port = await opened(peer)
    kernel.wedge("dtr")
    ticks = 0

    async def beat() -> None:
        nonlocal ticks
        while True:
            await asyncio.sleep(SHORT / 10)
            ticks += 1

    beating = asyncio.create_task(beat())
    assert not await port.drop_dtr(0.0)
    beating.cancel()
    assert ticks > 1
    await port.close()


async def test_12_04_threads_left_behind_are_bounded_however_often_it_is_tried(
    peer: RawPeer, kernel: Kernel
) -> None:
    before = own_threads()
    port = await opened(peer)
    kernel.wedge("dtr")
    for _ in range(5):
        assert not await port.drop_dtr(0.0)
    await port.discard_output()
    kernel.wedge("close")
    await port.close()
    for _ in range(5):
        with pytest.raises(PortStuck):
            await opened(peer)
    assert kernel.hanging == 2, "the ioctl and the close"
    assert own_threads() <= before + 2
    kernel.release()
    await all_returned(peer)


async def test_12_04_a_port_whose_close_hangs_is_stuck_and_not_busy_and_works_when_it_returns(
    peer: RawPeer, kernel: Kernel
) -> None:
    port = await opened(peer)
    kernel.wedge("close")
    await port.close()
    with pytest.raises(PortStuck, match="unplug the modem, wait five seconds, plug it in again") as told:
        await opened(peer)
    assert told.value.code is FaultCode.MODEM_SILENT
    kernel.release()
    await all_returned(peer)
    again = await opened(peer)
    await again.close()


async def test_12_04_an_open_that_hangs_is_given_up_and_closed_when_it_returns(
    peer: RawPeer, kernel: Kernel, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = threading.Event()
    close = serial.Serial.close
    monkeypatch.setattr(serial.Serial, "close", lambda tty: (close(tty), closed.set()))
    kernel.wedge("open")
    with pytest.raises(PortStuck):
        await opened(peer)
    kernel.release()
    await all_returned(peer)
    assert await asyncio.to_thread(closed.wait, PATIENCE)
    again = await opened(peer)
    await again.close()


async def test_12_04_an_open_that_is_cancelled_leaves_nothing_open(peer: RawPeer, kernel: Kernel) -> None:
    kernel.wedge("open")
    opening = asyncio.create_task(opened(peer))
    await until(lambda: kernel.hanging > 0)
    opening.cancel()
    await asyncio.wait({opening})
    kernel.release()
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                again = await opened(peer)
                break
            except PortBusy:
                await asyncio.sleep(0.01)
    await again.close()


async def test_12_04_nothing_is_written_while_a_call_may_hang(
    peer: RawPeer, kernel: Kernel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(port_module, "IOCTL_DEADLINE", PATIENCE)
    port = await opened(peer)
    kernel.wedge("dtr")
    dropping = asyncio.create_task(port.drop_dtr(0.0))
    await until(lambda: kernel.hanging > 0)
    assert port.write(b"AT\r")
    assert port.backlog == 3
    kernel.release()
    await dropping
    await peer.wait_for(b"AT\r")
    await port.close()


@pytest.mark.parametrize("number", GONE)
@pytest.mark.parametrize("call", ["read", "write"])
async def test_12_15_every_way_a_device_vanishes_is_one_lost_port(
    peer: RawPeer, monkeypatch: pytest.MonkeyPatch, call: str, number: int
) -> None:
    lost: list[PortLost] = []
    gone = asyncio.Event()
    port = await opened(peer, lambda error: (lost.append(error), gone.set()))

    def fail(*_arguments: object) -> bytes:
        raise OSError(number, os.strerror(number))

    whole = getattr(os, call)
    monkeypatch.setattr(port_module.os, call, lambda fd, *rest: fail() if fd == port._fd else whole(fd, *rest))
    peer.write(b"RING") if call == "read" else port.write(b"AT\r")
    await asyncio.wait_for(gone.wait(), PATIENCE)
    await port.close()
    assert len(lost) == 1
    assert lost[0].code is FaultCode.PORT_LOST


@pytest.mark.parametrize("number", GONE)
async def test_12_15_an_ioctl_that_finds_no_device_is_a_lost_port(
    peer: RawPeer, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    gone = asyncio.Event()
    port = await opened(peer, lambda _error: gone.set())

    def fail(_tty: serial.Serial, _value: bool) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(serial.Serial, "dtr", serial.Serial.dtr.setter(fail))
    assert not await port.drop_dtr(0.0)
    await asyncio.wait_for(gone.wait(), PATIENCE)
    await port.close()


async def test_12_15_waiting_bytes_are_never_asked_for(peer: RawPeer, monkeypatch: pytest.MonkeyPatch) -> None:
    """A USR5637 answers that ioctl with EIO while the port is fine (v253 §10)."""

    def broken(_tty: serial.Serial) -> int:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(serial.Serial, "in_waiting", property(broken))
    monkeypatch.setattr(serial.Serial, "out_waiting", property(broken))
    heard = asyncio.Event()
    port = await SerialPort.open(str(peer.path), lambda _data: heard.set(), lambda _lost: None)
    peer.write(b"RING")
    await asyncio.wait_for(heard.wait(), PATIENCE)
    await port.close()
    for module in Path(drivers.fxo.__file__).parent.rglob("*.py"):
        assert not re.search(r"in_waiting|inWaiting|FIONREAD|TIOCINQ", module.read_text("utf-8")), module


async def test_12_03_a_command_or_the_end_of_a_stream_is_never_refused(peer: RawPeer) -> None:
    port = await opened(peer)
    peer.stop_reading()
    while port.write(b"a" * 1000):
        pass
    assert port.write(b"\x10\x03"), "behind all the audio"
    for _ in range(1000):
        port.write(b"\x10\x03")
    assert port.backlog < OUTPUT_LIMIT + 5000
    peer.read_on()
    await peer.wait_for(b"a\x10\x03")
    await port.close()


async def test_12_16_a_second_opener_is_told_who_may_hold_it(peer: RawPeer) -> None:
    port = await opened(peer)
    with pytest.raises(PortBusy, match="ModemManager"):
        await opened(peer)
    await port.close()
