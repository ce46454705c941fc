"""A machine's USB as /sys and /dev show it, in a folder: modems on pseudo-terminals, plugged into sockets."""

import os
import shutil
from pathlib import Path

from drivers.fxo.device import UsbTree
from tests.unit.fxo.peer import RawPeer


class FakeUsb:
    """Sockets by USB path. All sticks are alike, their serial number too, unless told otherwise."""

    def __init__(self, folder: Path) -> None:
        self.sysfs, self.dev = folder / "sys", folder / "dev"
        for made in (self.sysfs / "class/tty", self.sysfs / "dev/char", self.dev / "serial/by-id"):
            made.mkdir(parents=True)
        self.tree = UsbTree(self.sysfs, self.dev)
        self.peers: dict[str, RawPeer] = {}

    def plug(
        self, socket: str, name: str, *, product: str = "1340", interface: int = 0, port: str = ""
    ) -> RawPeer:
        """A modem into `socket`; its node is called `name`. `port`: the folder a serial bridge has besides."""
        peer = self.peers[socket] = RawPeer(self.dev, name)
        device = self.sysfs / "devices/pci0/usb1" / socket.split(".")[0] / socket
        tty = device / f"{socket}:1.{interface}" / port / "tty" / name
        tty.mkdir(parents=True)
        for what, text in (("idVendor", "0572"), ("idProduct", product), ("serial", "12345678")):
            (device / what).write_text(f"{text}\n")
        (self.sysfs / "class/tty" / name).symlink_to(tty)
        number = peer.path.stat().st_rdev
        char = self.sysfs / "dev/char" / f"{os.major(number)}:{os.minor(number)}"
        char.unlink(missing_ok=True)
        char.symlink_to(tty)
        by_id = self.by_id
        by_id.unlink(missing_ok=True)
        by_id.symlink_to(f"../../{name}")
        return peer

    @property
    def by_id(self) -> Path:
        """One link for all of them: they have the same serial number, and the last one plugged in has it."""
        return self.dev / "serial/by-id/usb-CONEXANT_USB_Modem_12345678-if00"

    def unplug(self, socket: str) -> None:
        """Pull it: its node, its links and its folder in /sys go."""
        peer = self.peers.pop(socket)
        number = peer.path.stat().st_rdev
        (self.sysfs / "dev/char" / f"{os.major(number)}:{os.minor(number)}").unlink()
        (self.sysfs / "class/tty" / peer.path.name).unlink()
        shutil.rmtree(self.sysfs / "devices/pci0/usb1" / socket.split(".")[0] / socket)
        if self.by_id.is_symlink() and self.by_id.readlink().name == peer.path.name:
            self.by_id.unlink()
        peer.unplug()

    def close(self) -> None:
        for peer in self.peers.values():
            peer.unplug()
