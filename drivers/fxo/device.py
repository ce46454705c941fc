"""Where a modem is plugged in, so that it is found again whatever its node is called by then.

A replug may make ttyACM1 of ttyACM0, and the serial numbers of cheap sticks are all the same: what tells one modem
from another is the USB socket, `1-2.1` (bus 1, port 2, port 1 of the hub there), as /sys names it.
"""

import logging
import os
import re
import stat
from dataclasses import dataclass, field
from pathlib import Path

from drivers.fxo.errors import PortMissing

logger = logging.getLogger(__name__)

USB = "usb:"
"""Begins a port that is given as a USB path, `usb:1-2.1`."""
_INTERFACE = re.compile(r"(?P<path>\d+-\d+(?:\.\d+)*):\d+\.(?P<interface>\d+)")
"""What /sys calls an interface of a USB device: path, configuration, number."""


@dataclass(frozen=True, slots=True, order=True)
class UsbPlace:
    """One tty's place on the USB: the device's path, the interface it belongs to, and what is plugged in there."""

    path: str
    interface: int
    vendor: str
    product: str
    folder: Path = field(default=Path(), compare=False)
    """The interface's, in /sys; the device's is the one above."""

    def __str__(self) -> str:
        return f"USB path {self.path} ({self.vendor}:{self.product}, interface {self.interface})"


class UsbTree:
    """The ttys of this machine's USB devices, as the kernel tells them. Reads small files; never raises."""

    def __init__(self, sysfs: Path = Path("/sys"), dev: Path = Path("/dev")) -> None:
        self._sysfs, self._dev = sysfs, dev

    def place_of(self, node: str) -> UsbPlace | None:
        """Where the device that `node` names, by whatever link, is plugged in; None where that is not the USB."""
        try:
            status = Path(node).stat()
        except (OSError, ValueError):
            return None
        if not stat.S_ISCHR(status.st_mode):
            return None
        number = f"{os.major(status.st_rdev)}:{os.minor(status.st_rdev)}"
        return _place(self._sysfs / "dev/char" / number)

    def ttys(self) -> dict[str, UsbPlace]:
        """Every tty on the USB and its place, by node, in the order of the places."""
        try:
            names = [entry.name for entry in (self._sysfs / "class/tty").iterdir()]
        except OSError:
            return {}
        found = ((str(self._dev / name), _place(self._sysfs / "class/tty" / name)) for name in names)
        return dict(sorted(((node, place) for node, place in found if place is not None), key=lambda it: it[1]))


class Whereabouts:
    """One line's modem: by the configured port at first, then by the place where that was found."""

    def __init__(self, port: str, usb: UsbTree | None = None) -> None:
        self.port = port
        self._usb = usb or UsbTree()
        self._place: UsbPlace | None = None
        self._node: str | None = None

    def locate(self) -> str:
        """The node to open now. Raises PortMissing where the modem, though its name may be there, is not."""
        ttys = self._usb.ttys()
        for node, place in ttys.items():
            if place == self._place:
                return node
        if self.port.startswith(USB):
            wanted = self.port.removeprefix(USB)
            for node, place in ttys.items():
                if place.path == wanted:
                    return node
            there = "; ".join(f"{node} at {place}" for node, place in ttys.items()) or "no modem on the USB"
            raise PortMissing(
                f"{self.port}: no modem at this USB path; plug it in or correct `port` (found: {there})"
            )
        return self._by_name()

    def opened(self, node: str) -> None:
        """`node` was opened: its place is the modem's from now on."""
        self._place = self._usb.place_of(node) or self._place
        if self._node not in (None, node):
            logger.info("%s: the modem is %s now", self.port, node)
        self._node = node

    def _by_name(self) -> str:
        """The configured path, unless what has that name now is plugged in elsewhere: another's, maybe."""
        place = self._usb.place_of(self.port)
        if self._place is not None and place is not None and place.path != self._place.path:
            raise PortMissing(
                f"{self.port}: the modem at {self._place} is gone, and its name is that of the device at {place} "
                "now; plug the modem into the same socket again, or restart the gateway"
            )
        return self.port


def _place(entry: Path) -> UsbPlace | None:
    """The place of a tty's entry in /sys: the USB interface and the device above it, if there are such."""
    try:
        for folder in (whole := entry.resolve(), *whole.parents):
            match = _INTERFACE.fullmatch(folder.name)
            if match is not None:
                vendor, product = ((folder.parent / name).read_text("ascii").strip() for name in _IDS)
                return UsbPlace(match["path"], int(match["interface"]), vendor, product, folder)
    except (OSError, ValueError, RuntimeError):  # unplugged meanwhile, no ASCII, a loop of links
        return None
    return None


_IDS = ("idVendor", "idProduct")
