"""What the kernel knows of the USB device behind a tty, read from /sys; all of it is only a hint."""

from pathlib import Path

from drivers.fxo.device import Whereabouts
from drivers.fxo.errors import PortMissing
from drivers.fxo.identify import UsbId

SYS_TTY = Path("/sys/class/tty")
LEVELS = 4
"""From a tty's `device`, its USB interface, up to the device itself: one step, two behind a serial bridge."""


def usb_id(port: str, sys_tty: Path = SYS_TTY) -> UsbId | None:
    """Vendor and product of the device that the tty at `port` belongs to; None where it is no USB device."""
    try:
        port = Whereabouts(port).locate()
        place = (sys_tty / Path(port).resolve().name / "device").resolve()
        for folder in (place, *place.parents[:LEVELS]):
            if (folder / "idVendor").exists():
                return UsbId(_hexadecimal(folder / "idVendor"), _hexadecimal(folder / "idProduct"))
    except (PortMissing, OSError, ValueError, RuntimeError):  # unplugged meanwhile, no figure, a loop of links
        return None
    return None


def _hexadecimal(file: Path) -> int:
    return int(file.read_text(encoding="ascii").strip(), 16)
