"""A pseudo-terminal that stands for a modem's tty: a path that stays, plugged in and out.

The kernel knows no DTR on a pseudo-terminal; the host closing the port is its drop, as on a USB modem.
What is sent while nobody has the port open is lost, as on a USB modem, instead of waiting in the kernel.
"""

import asyncio
import os
import pty
import select
import tempfile
import tty
from collections.abc import Callable
from pathlib import Path

OUT_LIMIT = 4096
"""Bytes for the host kept when it does not read; more are lost: half a second of audio."""


class Terminal:
    """One tty. Callbacks run on the event loop's thread."""

    def __init__(
        self,
        link: Path | None,
        receive: Callable[[bytes], None],
        room: Callable[[], int],
        closed: Callable[[], None],
    ) -> None:
        """`receive` is given what the host wrote, at most `room()` bytes at a time; `closed` is told when the host
        has closed the port. Without `link` the path is in a directory of its own."""
        self._receive, self._room, self._closed = receive, room, closed
        self._directory = None if link else tempfile.TemporaryDirectory(prefix="sansheng-modem-")
        self.path = link or Path(self._directory.name if self._directory else "") / "ttyACM0"
        self._master: int | None = None
        self._hang_up = select.poll()
        self._reading = False
        self._out = bytearray()
        self.opened = asyncio.Event()
        """Set while somebody has the port open."""
        self.overrun = False
        """The host did not read and bytes were lost; whoever reports it sets it back."""

    @property
    def plugged(self) -> bool:
        """Whether the device is there."""
        return self._master is not None

    def plug(self) -> None:
        """The device appears under its path."""
        if self._master is not None:
            return
        master, slave = pty.openpty()
        tty.setraw(slave)
        name = os.ttyname(slave)
        os.close(slave)
        os.set_blocking(master, False)
        self._master = master
        self._hang_up = select.poll()
        self._hang_up.register(master, 0)
        fresh = self.path.with_name(self.path.name + ".new")
        fresh.unlink(missing_ok=True)
        fresh.symlink_to(name)
        fresh.replace(self.path)

    def unplug(self) -> None:
        """The device vanishes: the host reads end of file and its path leads nowhere."""
        if self._master is None:
            return
        self._stop_reading()
        os.close(self._master)
        self._master = None
        self.opened.clear()
        self._out.clear()
        self.path.unlink(missing_ok=True)

    def dispose(self) -> None:
        """Unplug and leave no file behind."""
        self.unplug()
        if self._directory:
            self._directory.cleanup()

    def poll(self) -> None:
        """Called every tick: notices the host opening and closing the port, and holds it back or lets it go on."""
        if self._master is None:
            return
        hung_up = bool(self._hang_up.poll(0))
        if hung_up and self.opened.is_set():
            self._host_closed()
        elif not hung_up:
            self.opened.set()
        if self.opened.is_set() and self._room() > 0:
            self._start_reading()
        self._flush()

    def send(self, data: bytes) -> None:
        """Bytes for the host."""
        if self._master is None or not self.opened.is_set():
            return
        if len(self._out) + len(data) > OUT_LIMIT:
            self.overrun = True
            return
        self._out += data
        self._flush()

    def _flush(self) -> None:
        if self._master is None or not self._out:
            return
        try:
            del self._out[: os.write(self._master, self._out)]
        except BlockingIOError:
            pass
        except OSError:
            self._host_closed()

    def _readable(self) -> None:
        assert self._master is not None
        room = self._room()
        if room <= 0:
            self._stop_reading()
            return
        try:
            data = os.read(self._master, room)
        except BlockingIOError:
            return
        except OSError:  # EIO: the last opener has closed the port
            self._host_closed()
            return
        self._receive(data)

    def _host_closed(self) -> None:
        self._stop_reading()
        if self.opened.is_set():
            self.opened.clear()
            self._out.clear()
            self._closed()

    def _start_reading(self) -> None:
        if not self._reading and self._master is not None:
            self._reading = True
            asyncio.get_running_loop().add_reader(self._master, self._readable)

    def _stop_reading(self) -> None:
        if self._reading and self._master is not None:
            self._reading = False
            asyncio.get_running_loop().remove_reader(self._master)
