"""The serial port: the only module that touches a tty.

pyserial opens, locks and configures it; bytes then move by readiness on its descriptor. asyncio transports for
pyserial are not used: with a full output buffer (normal on a pseudo-terminal) pyserial-asyncio-fast 0.16 never
removes its writer and spins the event loop, and pyserial's own non-blocking write loops until there is room.

Reads and writes never block: the descriptor is O_NONBLOCK, for which the kernel's tty layer only ever tries its
locks. Everything else (open, close, DTR, flushing, locking) can hang on a wedged modem, and runs in a thread with
a deadline; nothing is written meanwhile. The number of waiting bytes is never asked for: a USR5637 gives EIO.

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

from drivers.fxo.beat import next_beat
from drivers.fxo.blocking import DeviceCalls, calls_on
from drivers.fxo.device import Whereabouts
from drivers.fxo.errors import PortBusy, PortDenied, PortError, PortLost, PortMissing, PortStuck
from drivers.fxo.wire_log import WireLog

logger = logging.getLogger(__name__)

SPEED = 115200
"""8000 bytes/s of 8-bit audio are 80 kbit/s; CDC-ACM and pseudo-terminals ignore the figure."""
IOCTL_DEADLINE = 3.0
"""A DTR ioctl on a wedged CX93001 never returns."""
OUTPUT_LIMIT = 32768
"""Bytes held when the modem does not read: two seconds of 16-bit audio."""
URGENT = 64
"""Longest write that is never refused: commands and the codes that end a stream."""
URGENT_LIMIT = OUTPUT_LIMIT + 4096
"""Bytes held with those."""
READ_SIZE = 65536
STREAMING = 100
"""Bytes of one read from which it is audio, a portion of 20 ms having 160; what is said in words is shorter. Audio
is read on the beat of all lines (drivers.fxo.beat)."""
NODE_CHECK = 1.0
"""Seconds between looks at whether the path still names the open device."""
PTY_MAJORS = range(136, 144)
"""Unix98 pseudo-terminal slaves: they outlive the program that locked them, so TIOCEXCL would outlive it too."""

_GONE = {errno.ENOENT, errno.ENODEV, errno.ENXIO, errno.EIO, errno.ENOTDIR, errno.ELOOP}
_NO_TTY = {errno.EISDIR, errno.ENOTTY, errno.EINVAL}
_DENIED = {errno.EACCES, errno.EPERM}
_BUSY = {errno.EBUSY, errno.EAGAIN, errno.EWOULDBLOCK}


Received = Callable[[bytes], None]
Lost = Callable[[PortLost], None]


class SerialPort:
    """An open tty. `received` gets every chunk read, `lost` is called once if the device vanishes."""

    def __init__(self, whereabouts: Whereabouts, received: Received, lost: Lost) -> None:
        """Use `open`."""
        self._whereabouts = whereabouts
        self._received = received
        self._lost = lost
        self._output = bytearray()
        self._writing = False
        self._held = False
        """A call that may hang is under way: nothing is written meanwhile."""
        self._gathering: asyncio.TimerHandle | None = None
        self._open = False
        self._closed = True
        self._misses = 0
        self._loop = asyncio.get_running_loop()
        self.node = whereabouts.port
        """The path that was opened."""
        self.at_once = False
        """Read audio as it comes, not on the beat."""
        self.refused = 0
        """Bytes thrown away because the device did not read."""

    @classmethod
    async def open(cls, port: str | Whereabouts, received: Received, lost: Lost) -> "SerialPort":
        """Open `port` for ourselves alone. Raises PortMissing, PortBusy, PortDenied, PortStuck or PortError."""
        opened = cls(Whereabouts(port) if isinstance(port, str) else port, received, lost)
        await opened._attach()
        return opened

    @property
    def backlog(self) -> int:
        """Bytes written that the kernel has not taken yet."""
        return len(self._output)

    def write(self, data: bytes) -> bool:
        """Send at once or queue; False when the device has not read for so long that `data` is thrown away."""
        if not self._open:
            return False
        if len(self._output) + len(data) > (OUTPUT_LIMIT if len(data) > URGENT else URGENT_LIMIT):
            self.refused += len(data)
            return False
        self._output += data
        self._log.sent(data)
        if not self._writing and not self._held:
            self._writable()
        return True

    async def discard_output(self) -> None:
        """Forget what the device has not taken yet, here and in the kernel."""
        self._output.clear()
        fd = self._fd
        await self._ioctl(lambda: termios.tcflush(fd, termios.TCOFLUSH))

    async def drop_dtr(self, duration: float) -> bool:
        """Hold DTR low for `duration` seconds, which hangs a modem up (&D2). False where there is no DTR (pty)."""
        tty = self._tty
        if not await self._ioctl(lambda: _set_dtr(tty, high=False)):
            return False
        await asyncio.sleep(duration)
        return await self._ioctl(lambda: _set_dtr(tty, high=True))

    async def reopen(self, pause: float) -> None:
        """Close, which drops DTR on every port that has it, and open again after `pause` seconds, wherever the
        modem is by then.

        Raises what `open` raises, and the port stays closed then.
        """
        await self.close()
        await asyncio.sleep(pause)
        await self._attach()

    async def close(self) -> None:
        """Free the port. Never blocks for longer than an ioctl's deadline, never raises."""
        if self._closed:
            return
        self._detach()
        self._closed = True
        tty = self._tty
        with contextlib.suppress(TimeoutError):
            await self._calls.run(lambda: _close_tty(tty), IOCTL_DEADLINE, last=True)

    async def _ioctl(self, work: Callable[[], object]) -> bool:
        """Do what may hang; False when it did, is of no use on this kind of port, or the device is gone."""
        if not self._open:
            return False
        self._hold()
        try:
            await self._calls.run(work, IOCTL_DEADLINE)
        except (TimeoutError, OSError, termios.error) as exc:
            logger.debug("%s: a call for the port fails: %s", self.node, exc)
            if _number(exc) in _GONE:
                self._vanished(str(exc))
            return False
        finally:
            self._held = False
            if self._open and self._output:
                self._writable()
        return True

    def _hold(self) -> None:
        self._held = True
        if self._writing:
            self._loop.remove_writer(self._fd)
            self._writing = False

    def _readable(self) -> None:
        data = self._read()
        if self._open and data and len(data) >= STREAMING and not self.at_once:
            self._loop.remove_reader(self._fd)
            self._gather()
        if data:
            self._received(data)

    def _beaten(self) -> None:
        """Read on the beat, while there is a stream."""
        data = self._read()
        if self._open and data and len(data) >= STREAMING and not self.at_once:
            self._gather()
        elif self._open:
            self._gathering = None
            self._loop.add_reader(self._fd, self._readable)
        if data:
            self._received(data)

    def _gather(self) -> None:
        self._gathering = self._loop.call_at(next_beat(self._loop.time()), self._beaten)

    def _read(self) -> bytes | None:
        """What there is; None when there is nothing, or the device has gone."""
        try:
            data = os.read(self._fd, READ_SIZE)
        except (BlockingIOError, InterruptedError):
            return None
        except OSError as exc:
            self._vanished(str(exc))
            return None
        if not data:
            # VMIN is 1, so an empty read means hang-up and nothing else.
            self._vanished("end of file")
            return None
        self._log.received(data)
        return data

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
            same = Path(self.node).stat().st_rdev == os.fstat(self._fd).st_rdev
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
            lost = PortLost(f"{self.node}: the modem vanished ({reason}); is it plugged in?")
            self._loop.call_soon(self._lost, lost)

    async def _attach(self) -> None:
        self.node = self._whereabouts.locate()
        self._calls, self._tty = await _open_in_time(self.node)
        self._whereabouts.opened(self.node)
        self._fd = self._tty.fileno()
        self._open, self._closed = True, False
        self._log = WireLog(self._whereabouts.port)
        self._misses = 0
        self._loop.add_reader(self._fd, self._readable)
        self._node_timer = self._loop.call_later(NODE_CHECK, self._check_node)

    def _detach(self) -> None:
        if not self._open:
            return
        self._open = False
        self._log.close()
        self._node_timer.cancel()
        self._loop.remove_reader(self._fd)
        if self._gathering is not None:
            self._gathering.cancel()
            self._gathering = None
        if self._writing:
            self._loop.remove_writer(self._fd)
            self._writing = False
        self._output.clear()


async def _open_in_time(path: str) -> tuple[DeviceCalls, serial.Serial]:
    # A node on which a call hangs is not opened a second time: our own descriptor, not yet closed by the kernel,
    # would make it "busy". When that call returns, or the replugged modem gets another node, all is well again.
    calls = _calls_on(path)
    try:
        return calls, await calls.run(lambda: _open_tty(path), IOCTL_DEADLINE, late=_close_tty)
    except TimeoutError:
        raise PortStuck(
            f"{path}: a call to its driver hangs; unplug the modem, wait five seconds, plug it in again"
        ) from None


def _calls_on(path: str) -> DeviceCalls:
    return calls_on(str(Path(path).resolve()))


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
    attributes[2] |= termios.HUPCL  # closing drops DTR, which hangs up, whatever another program has left here
    attributes[6][termios.VMIN] = 1
    termios.tcsetattr(fd, termios.TCSANOW, attributes)
    if os.major(os.fstat(fd).st_rdev) not in PTY_MAJORS:
        with contextlib.suppress(OSError):
            fcntl.ioctl(fd, termios.TIOCEXCL)


def _close_tty(tty: serial.Serial) -> None:
    with contextlib.suppress(OSError, termios.error):
        termios.tcflush(tty.fileno(), termios.TCOFLUSH)  # the kernel would wait for it to be sent, half a minute
    with contextlib.suppress(OSError, termios.error):
        tty.close()


def _set_dtr(tty: serial.Serial, *, high: bool) -> None:
    tty.dtr = high


def _port_error(path: str, exc: BaseException) -> PortError:
    number = _number(exc)
    if number in _GONE or (number is None and not Path(path).exists()):
        return PortMissing(f"{path}: no such device; plug the modem in or correct `port`")
    if number in _DENIED:
        return PortDenied(f"{path}: permission denied; add the gateway's user to its group, dialout")
    if number in _BUSY:
        return PortBusy(f"{path}: another program holds it (ModemManager? see docs/fxo.md)")
    if number in _NO_TTY:
        return PortMissing(f"{path}: this is no serial port; give the modem's tty, such as /dev/ttyACM0")
    return PortMissing(f"{path}: not a usable serial port ({exc})")


def _number(exc: BaseException) -> int | None:
    number = getattr(exc, "errno", None)
    if number is None and exc.args and isinstance(exc.args[0], int):
        return exc.args[0]  # termios.error has no errno attribute
    if number is None and exc.__context__ is not None:
        return _number(exc.__context__)  # pyserial tells in words what termios told it
    return number
