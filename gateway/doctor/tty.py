"""What the kernel and udev know of a serial port, without opening it."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from drivers.fxo.device import USB, UsbTree, Whereabouts
from drivers.fxo.errors import PortMissing
from gateway.doctor.machine import Machine, read_text

LINKS = ("/dev/serial/by-path", "/dev/serial/by-id")
"""Where udev gives serial ports names that stay; the socket's name before the device's."""
NODES = ("ttyACM", "ttyUSB")
"""Kernel names of USB serial ports; which number follows depends on the order of plugging in."""


@dataclass(frozen=True, slots=True)
class Usb:
    """The USB device a port belongs to."""

    folder: Path
    """Its place in /sys: one for each device that is plugged in."""
    vendor: str
    product: str

    @property
    def serial(self) -> str:
        """Its serial string; cheap modems all have the same. The kernel locks the device to tell it: read of a
        wedged one it may never come, so only a check in a thread may ask."""
        return read_text(self.folder / "serial") or ""

    @property
    def id(self) -> str:
        """`0572:1340`, as lsusb writes it."""
        return f"{self.vendor}:{self.product}"

    def is_like(self, other: "Usb") -> bool:
        """Whether udev cannot tell them apart by id."""
        return self.folder != other.folder and self.id == other.id and self.serial == other.serial


@dataclass(frozen=True, slots=True)
class Tty:
    """A serial port by the name the config or udev gives it."""

    port: str
    node: Path | None
    """The device's own file; None where there is none."""
    usb: Usb | None
    """None for a port that is no USB device's, a pseudo-terminal for one."""
    properties: dict[str, str]
    """What udev keeps of the tty, its interface and its USB device; empty where there is no udev."""

    def is_same_device(self, other: "Tty") -> bool:
        """Whether both are ports of one USB device, or one port by two names."""
        if self.usb is not None and other.usb is not None:
            return self.usb.folder == other.usb.folder
        if self.node is None or other.node is None:
            return False
        try:
            return self.node.samefile(other.node)
        except OSError:
            return False


def look_at(machine: Machine, port: str) -> Tty:
    """The port of this name, or in this USB socket (`usb:1-2.1`); it need not exist."""
    node = _node(machine, port)
    if node is None:
        return Tty(port, None, None, {})
    place = _usb(machine).ttys().get(str(machine.at("/dev") / node.name))
    usb = None
    names = [f"c{number}" for number in _numbers(machine.at(f"/sys/class/tty/{node.name}"))]
    if place is not None:
        usb = Usb(place.folder.parent, place.vendor, place.product)
        names += [f"+usb:{place.folder.name}", *(f"c{number}" for number in _numbers(usb.folder))]
    properties: dict[str, str] = {}
    for name in names:
        properties |= _properties(machine.text(f"/run/udev/data/{name}") or "")
    return Tty(port, node, usb, properties)


def plugged_in(machine: Machine) -> list[Tty]:
    """Every USB serial port of the machine, each once, by the name that stays best."""
    found: dict[Path, Tty] = {}
    for port in (*lasting_names(machine), *_kernel_names(machine)):
        tty = look_at(machine, port)
        if tty.node is not None:
            found.setdefault(tty.node, tty)
    return list(found.values())


def lasting_names(machine: Machine, folders: tuple[str, ...] = LINKS) -> Iterator[str]:
    """The names that udev gives to serial ports, those that stay best first."""
    for folder in folders:
        try:
            names = sorted(link.name for link in machine.at(folder).iterdir())
        except OSError:
            continue  # no such port is plugged in
        yield from (f"{folder}/{name}" for name in names)


def sockets(machine: Machine) -> list[str]:
    """The USB sockets that have serial ports, as a config may name them: `usb:1-2.1`."""
    return list(dict.fromkeys(f"{USB}{place.path}" for place in _usb(machine).ttys().values()))


def lasting_name(machine: Machine, tty: Tty) -> str | None:
    """A name of the same port that stays after a replug; None where udev gives none."""
    if tty.port.startswith(USB):
        return tty.port
    for port in lasting_names(machine):
        if Path(os.path.realpath(machine.at(port))) == tty.node:
            return port
    return None


def _usb(machine: Machine) -> UsbTree:
    return UsbTree(machine.at("/sys"), machine.at("/dev"))


def _node(machine: Machine, port: str) -> Path | None:
    """The node to which a config's `port` leads now, as the line itself finds it."""
    try:
        node = Whereabouts(port if port.startswith(USB) else str(machine.at(port)), _usb(machine)).locate()
    except PortMissing:
        return None
    real = Path(os.path.realpath(node))
    return real if os.path.lexists(real) else None


def _numbers(folder: Path) -> Iterator[str]:
    """`166:0`, how udev's database calls a device that has a node."""
    text = read_text(folder / "dev")
    if text is not None:
        yield text


def _properties(text: str) -> dict[str, str]:
    """The `E:KEY=VALUE` lines of a record of udev's database."""
    pairs = (line[2:].partition("=") for line in text.splitlines() if line.startswith("E:"))
    return {key: value for key, _, value in pairs}


def _kernel_names(machine: Machine) -> Iterator[str]:
    try:
        names = sorted(node.name for node in machine.at("/dev").iterdir())
    except OSError:
        return
    yield from (f"/dev/{name}" for name in names if name.startswith(NODES))
