"""The serial port: the only module that touches a tty.

pyserial opens, locks and configures it; bytes then move by readiness on its descriptor. asyncio transports for
pyserial are not used: with a full output buffer (normal on a pseudo-terminal) pyserial-asyncio-fast 0.16 never
removes its writer and spins the event loop, and pyserial's own non-blocking write loops until there is room.

Every way a device can vanish (EIO, ENODEV, ENXIO, end of file, its node gone or replaced) ends in one call of
`lost`.
"""

import asyncio
import contextlib
import errno
import fcntl
import logging
import os
import termios
from collections.abc import Callable
from pathlib import Path

import serial

from drivers.fxo.blocking import in_thread
from drivers.fxo.errors import PortBusy, PortDenied, PortError, PortLost, PortMissing

logger = logging.getLogger(__name__)

SPEED = 115200
"""8000 bytes/s of 8-bit audio are 80 kbit/s; CDC-ACM and pseudo-terminals ignore the figure."""
IOCTL_DEADLINE = 3.0
"""A DTR ioctl on a wedged CX93001 never returns."""
OUTPUT_LIMIT = 32768
"""Bytes held when the modem does not read: two seconds of 16-bit audio."""
READ_SIZE = 65536
NODE_CHECK = 1.0
"""Seconds between looks at whether the path still names the open device."""
PTY_MAJORS = range(136, 144)
"""Unix98 pseudo-terminal slaves: they outlive the program that locked them, so TIOCEXCL would outlive it too."""

_GONE = {errno.ENOENT, errno.ENODEV, errno.ENXIO, errno.EIO, errno.ENOTDIR, errno.ELOOP}
_DENIED = {errno.EACCES, errno.EPERM}
_BUSY = {errno.EBUSY, errno.EAGAIN, errno.EWOULDBLOCK}


Received = Callable[[bytes], None]
Lost = Callable[[PortLost], None]


class SerialPort:
    """An open tty. `received` gets every chunk read, `lost` is called once if the device vanishes."""

    def __init__(self, path: str, tty: serial.Serial, received: Received, lost: Lost) -> None:
        self._path = path
        self._received = received
        self._lost = lost
        self._output = bytearray()
        self._writing = False
        self._misses = 0
        self._loop = asyncio.get_running_loop()
        self.refused = 0
        """Bytes thrown away because the device did not read."""
        self._attach(tty)

    @classmethod
    async def open(cls, path: str, received: Received, lost: Lost) -> "SerialPort":
        """Open `path` for ourselves alone. Raises PortMissing, PortBusy, PortDenied or PortError."""
        return cls(path, await _open_in_time(path), received, lost)

    @property
    def backlog(self) -> int:
        """Bytes written that the kernel has not taken yet."""
        return len(self._output)

    def write(self, data: bytes) -> bool:
        """Send at once or queue; False when the device has not read for so long that `data` is thrown away."""
        if not self._open:
            return False
        if len(self._output) + len(data) > OUTPUT_LIMIT:
            self.refused += len(data)
            return False
        self._output += data
        if not self._writing:
            self._writable()
        return True

    def discard_output(self) -> None:
        """Forget what the device has not taken yet, here and in the kernel."""
        self._output.clear()
        if self._open:
            with contextlib.suppress(termios.error, OSError):
                termios.tcflush(self._fd, termios.TCOFLUSH)

    async def drop_dtr(self, duration: float) -> bool:
        """Hold DTR low for `duration` seconds, which hangs a modem up (&D2). False where there is no DTR (pty)."""
        try:
            await in_thread(lambda: self._set_dtr(False), IOCTL_DEADLINE)
            await asyncio.sleep(duration)
            await in_thread(lambda: self._set_dtr(True), IOCTL_DEADLINE)
        except (TimeoutError, OSError, termios.error) as exc:
            logger.debug("%s: DTR cannot be dropped: %s", self._path, exc)
            return False
        return True

    async def reopen(self, pause: float) -> None:
        """Close, which drops DTR on every port that has it, and open again after `pause` seconds.

        Raises what `open` raises, and the port stays closed then.
        """
        await self.close()
        await asyncio.sleep(pause)
        self._attach(await _open_in_time(self._path))

    async def close(self) -> None:
        """Free the port. Never blocks for longer than an ioctl's deadline, never raises."""
        self.discard_output()
        self._detach()
        with contextlib.suppress(TimeoutError, OSError):
            await in_thread(lambda: _close_tty(self._tty), IOCTL_DEADLINE)

    def _set_dtr(self, high: bool) -> None:
        self._tty.dtr = high

    def _readable(self) -> None:
        try:
            data = os.read(self._fd, READ_SIZE)
        except (BlockingIOError, InterruptedError):
            return
        except OSError as exc:
            self._vanished(str(exc))
            return
        if not data:
            # VMIN is 1, so an empty read means hang-up and nothing else.
            self._vanished("end of file")
            return
        self._received(data)

    def _writable(self) -> None:
        try:
            taken = os.write(self._fd, self._output)
        except (BlockingIOError, InterruptedError):
            taken = 0
        except OSError as exc:
            self._vanished(str(exc))
            return
        del self._output[:taken]
        if self._output and not self._writing:
            self._loop.add_writer(self._fd, self._writable)
            self._writing = True
        elif not self._output and self._writing:
            self._loop.remove_writer(self._fd)
            self._writing = False

    def _check_node(self) -> None:
        try:
            same = Path(self._path).stat().st_rdev == os.fstat(self._fd).st_rdev
        except OSError:
            same = False
        self._misses = 0 if same else self._misses + 1
        if self._misses >= 2:  # twice: udev re-creates by-id links in two steps
            self._vanished("its node is gone or names another device")
            return
        self._node_timer = self._loop.call_later(NODE_CHECK, self._check_node)

    def _vanished(self, reason: str) -> None:
        if self._open:
            self._detach()
            lost = PortLost(f"{self._path}: the modem vanished ({reason}); is it plugged in?")
            self._loop.call_soon(self._lost, lost)

    def _attach(self, tty: serial.Serial) -> None:
        self._tty = tty
        self._fd = tty.fileno()
        self._open = True
        self._misses = 0
        self._loop.add_reader(self._fd, self._readable)
        self._node_timer = self._loop.call_later(NODE_CHECK, self._check_node)

    def _detach(self) -> None:
        if not self._open:
            return
        self._open = False
        self._node_timer.cancel()
        self._loop.remove_reader(self._fd)
        if self._writing:
            self._loop.remove_writer(self._fd)
            self._writing = False
        self._output.clear()


async def _open_in_time(path: str) -> serial.Serial:
    try:
        return await in_thread(lambda: _open_tty(path), IOCTL_DEADLINE, late=_close_tty)
    except TimeoutError:
        raise PortError(f"{path}: opening it hangs; unplug the modem and plug it in again") from None


def _open_tty(path: str) -> serial.Serial:
    try:
        tty = serial.Serial(path, baudrate=SPEED, exclusive=True, timeout=0, write_timeout=0)
    except (serial.SerialException, OSError, termios.error, ValueError) as exc:
        raise _port_error(path, exc) from exc
    try:
        _make_ours(tty.fileno())
    except (OSError, termios.error) as exc:
        _close_tty(tty)
        raise _port_error(path, exc) from exc
    return tty


def _make_ours(fd: int) -> None:
    attributes = termios.tcgetattr(fd)
    attributes[6][termios.VMIN] = 1
    termios.tcsetattr(fd, termios.TCSANOW, attributes)
    if os.major(os.fstat(fd).st_rdev) not in PTY_MAJORS:
        with contextlib.suppress(OSError):
            fcntl.ioctl(fd, termios.TIOCEXCL)


def _close_tty(tty: serial.Serial) -> None:
    with contextlib.suppress(OSError, termios.error):
        tty.close()


def _port_error(path: str, exc: BaseException) -> PortError:
    number = getattr(exc, "errno", None)
    if number is None and exc.args and isinstance(exc.args[0], int):
        number = exc.args[0]  # termios.error has no errno attribute
    if number in _GONE or (number is None and not Path(path).exists()):
        return PortMissing(f"{path}: no such device; plug the modem in or correct `port`")
    if number in _DENIED:
        return PortDenied(f"{path}: permission denied; add the gateway's user to its group, dialout")
    if number in _BUSY:
        return PortBusy(f"{path}: another program holds it (ModemManager? see docs/fxo.md)")
    return PortMissing(f"{path}: not a usable serial port ({exc})")
