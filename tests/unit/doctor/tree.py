"""A machine made of files: what the doctor looks at, built as udev, sysfs and proc would."""

import contextlib
import os
import pty
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from gateway.config import GatewayConfig, load_config
from gateway.doctor.census import Census
from gateway.doctor.finding import Finding, Status
from gateway.doctor.machine import Machine, Person
from gateway.doctor.scene import Scene

ANNA = Person("anna", 1000, frozenset({1000}))
DIALOUT = 20


class Tree:
    """A root folder that grows a device, a process, a rule at a time."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.person = ANNA
        self.refused: set[Path] = set()
        self._ptys: list[int] = []
        for folder in ("proc", "dev", "sys/class/tty", "run/udev/data", "etc/udev/rules.d"):
            (root / folder).mkdir(parents=True)
        self.write("etc/group", "root:x:0:\ndialout:x:20:bert\n")

    @property
    def machine(self) -> Machine:
        return Machine(self.root, self.person, lambda path, _mode: path not in self.refused)

    def write(self, name: str, text: str) -> Path:
        file = self.root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        return file

    def modem(
        self,
        node: str = "ttyACM0",
        usb: str = "1-2",
        vendor: str = "0572",
        product: str = "1340",
        serial: str = "12345678",
        interface: int = 0,
    ) -> Path:
        """A CDC ACM modem in the USB socket `usb`, or another tty of it, with udev's names; gives its node."""
        number = int(node[-1])
        device = f"sys/devices/pci0/usb1/{usb}"
        facts = {"idVendor": vendor, "idProduct": product, "serial": serial, "dev": f"189:{number}"}
        for name, text in facts.items():
            self.write(f"{device}/{name}", f"{text}\n")
        tty = self.root / device / f"{usb}:1.{interface}" / "tty" / node
        self.write(f"{device}/{usb}:1.{interface}/tty/{node}/dev", f"166:{number}\n")
        (tty / "device").symlink_to("../..")
        (self.root / "sys/class/tty" / node).symlink_to(tty)
        file = self.write(f"dev/{node}", "")
        for folder, link in (
            ("by-path", f"pci-0-usb-0:{usb[2:]}:1.{interface}"),
            ("by-id", f"usb-Conexant_{serial}-if0{interface}"),
        ):
            place = self.root / "dev/serial" / folder
            place.mkdir(parents=True, exist_ok=True)
            (place / link).unlink(missing_ok=True)
            (place / link).symlink_to(f"../../{node}")
        return file

    @contextlib.contextmanager
    def hanging(self, name: str) -> Iterator[None]:
        """A file that nobody can read to its end meanwhile, as one of a wedged device."""
        file = self.root / name
        file.unlink()
        os.mkfifo(file)
        fd = os.open(file, os.O_RDWR)
        try:
            yield
        finally:
            file.unlink()
            os.close(fd)  # whoever still reads it comes to its end

    def terminal(self, node: str = "ttyS0") -> Path:
        """A node that is a real character device."""
        master, slave = pty.openpty()
        self._ptys += [master, slave]
        link = self.root / "dev" / node
        link.symlink_to(os.ttyname(slave))
        return link

    def process(self, pid: int, *command: str, parent: int = 1, holds: tuple[Path | str, ...] = ()) -> None:
        """A program that runs, with what it has open."""
        name = Path(command[0]).name[:15]
        self.write(f"proc/{pid}/stat", f"{pid} ({name}) S {parent} 1 1")
        self.write(f"proc/{pid}/cmdline", "\0".join((*command, "")))
        folder = self.root / "proc" / str(pid) / "fd"
        folder.mkdir()
        for number, file in enumerate(holds):
            (folder / str(number)).symlink_to(file)

    def udev(self, record: str, *properties: str) -> None:
        self.write(f"run/udev/data/{record}", "".join(f"E:{each}\n" for each in properties))

    def scene(self, config: GatewayConfig | None = None) -> Scene:
        """What the checks are given: ports of `config` are looked for in this tree."""
        return Scene(self.machine, Census.take(self.machine), config)

    def close(self) -> None:
        for fd in self._ptys:
            os.close(fd)


def config_of(folder: Path, *tables: str, **top: str) -> GatewayConfig:
    """A config of these tables, and an agent."""
    keys = [f'{key} = "{value}"' for key, value in {"data_dir": "var", **top}.items()]
    file = folder / "gateway.toml"
    file.write_text("\n".join([*keys, *tables, '[[agents]]\nnumber = "801"', ""]))
    return load_config(file)


def fxo(port: str, line: str = "fxo1") -> str:
    return f'[[lines]]\nid = "{line}"\ndriver = "fxo"\nport = "{port}"'


def sip(listen: str, line: str = "sip1", **keys: object) -> str:
    more = "\n".join(f"{key} = {value}" for key, value in keys.items())
    return f'[[lines]]\nid = "{line}"\ndriver = "sip"\nlisten = "{listen}"\naor = "sip:8801@127.0.0.1"\n{more}'


def of(findings: list[Finding], check: str) -> Finding:
    """The one finding of a check."""
    (found,) = [finding for finding in findings if finding.check == check]
    return found


def statuses(findings: list[Finding]) -> dict[tuple[str, str], Status]:
    return {(finding.check, finding.subject): finding.status for finding in findings}


def cured(finding: Finding) -> str:
    """A fault's or warning's cure, all steps."""
    assert finding.status is not Status.OK, finding
    assert finding.cure, "nothing is said without a cure"
    return "\n".join(finding.cure)


def somebody(groups: set[int], name: str = "anna") -> Person:
    return replace(ANNA, name=name, groups=frozenset(groups))
