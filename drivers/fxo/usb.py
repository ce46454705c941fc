"""What is plugged in where a port is: a hint to who the modem may be."""

from drivers.fxo.device import UsbTree, Whereabouts
from drivers.fxo.errors import PortMissing
from drivers.fxo.identify import UsbId


def usb_id(port: str, usb: UsbTree | None = None) -> UsbId | None:
    """Vendor and product of the device that the tty at `port` belongs to; None where it is no USB device."""
    usb = usb or UsbTree()
    try:
        place = usb.place_of(Whereabouts(port, usb).locate())
        return UsbId(int(place.vendor, 16), int(place.product, 16)) if place is not None else None
    except (PortMissing, ValueError):  # unplugged meanwhile, no figures
        return None
