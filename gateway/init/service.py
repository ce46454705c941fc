"""The service's own files: the systemd unit, the udev rules, and the commands that make them hold."""

import os
import pwd
import re
import shlex
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import gateway
from gateway.doctor.machine import Machine
from gateway.doctor.modem_manager import LINES_RULES, RULES, is_voice_modem, rule
from gateway.doctor.tty import look_at
from gateway.init.answers import ETC, STATE, USER
from gateway.init.files import Planned
from gateway.init.toml_text import modem_id

UNIT = "/etc/systemd/system/sansheng.service"
_PACKAGED = ("/usr/lib/systemd/system/sansheng.service", "/lib/systemd/system/sansheng.service")
_PACKAGED_RULES = ("/usr/lib/udev/rules.d/77-sansheng.rules", "/lib/udev/rules.d/77-sansheng.rules")
_UNIT_COMMAND = "/usr/bin/sansheng"
"""What the shipped unit calls."""
_PATTERN = re.compile(r"[*?\[\]|\"]")
"""What means something else in a rule (udev(7), pattern matching)."""
_HERE = Path(__file__).parent / "shipped"
_CHECKOUT = Path(gateway.__file__).resolve().parent.parent / "deploy"


def shipped(name: str) -> str:
    """A file of `deploy/`: beside this module in a wheel, in its own place in a checkout."""
    places = (_HERE / Path(name).name, _CHECKOUT / name)
    return next(place for place in places if place.is_file()).read_text(encoding="utf-8")


def own_command() -> str:
    """The `sansheng` of this environment, for other programs to call; by its short name where that is the same."""
    own = Path(sys.executable).with_name("sansheng")
    for short in (Path("/usr/bin/sansheng"), Path("/usr/local/bin/sansheng")):
        if short.exists() and own.exists() and short.samefile(own):
            return str(short)
    return str(own)


def service_files(modems: Sequence[str], machine: Machine) -> list[Planned]:
    """The unit and the rules, but those that a Debian package has brought: ours would hide its next version's."""
    files = []
    if not any(machine.at(place).exists() for place in _PACKAGED):
        files.append(Planned(machine.at(UNIT), unit(own_command())))
    if not any(machine.at(place).exists() for place in _PACKAGED_RULES):
        files.append(Planned(machine.at(RULES), shipped("77-sansheng.rules")))
    lines = lines_rules(modems, machine)
    if lines:
        files.append(Planned(machine.at(LINES_RULES), lines))
    return files


def unit(command: str) -> str:
    """The shipped unit, calling `command`."""
    quoted = command.replace("%", "%%")
    return shipped("systemd/sansheng.service").replace(_UNIT_COMMAND, f'"{quoted}"' if " " in quoted else quoted)


def lines_rules(modems: Sequence[str], machine: Machine) -> str:
    """udev's rules for this machine's own modems: /dev/sansheng/fxo1 for the socket of each, and ModemManager kept
    from those that the shipped rules do not know. Nothing where there is nothing to say."""
    names = [line for index, port in enumerate(modems) for line in _name(modem_id(index), port)]
    usbs = [tty.usb for port in modems if (tty := look_at(machine, port)).usb is not None]
    others = dict.fromkeys(rule(usb.vendor, (usb.product,)) for usb in usbs if usb and not is_voice_modem(usb))
    if not names and not others:
        return ""
    head = (
        "# This machine's own modems, by sansheng init. The links are for people and scripts: gateway.toml names",
        "# the sockets themselves. Identical modems are told apart by these, whatever their serial numbers say.",
    )
    return "\n".join((*head, *names, *others)) + "\n"


def _name(line: str, port: str) -> Iterator[str]:
    """A link to whatever is plugged into the socket; udev's own rules (60-serial.rules) have named that before."""
    if port.startswith("/dev/serial/") and not _PATTERN.search(port):
        known = port.removeprefix("/dev/")
        yield f'ACTION!="remove", SUBSYSTEM=="tty", SYMLINK=="{known}", SYMLINK+="sansheng/{line}"'


def before() -> list[list[str]]:
    """Commands before the files are written: the service's user and its folders."""
    try:
        pwd.getpwnam(USER)
        user: list[list[str]] = []
    except KeyError:
        options = ("--system", "--user-group", "--groups", "dialout", "--home-dir", STATE)
        user = [["useradd", *options, "--no-create-home", "--shell", "/usr/sbin/nologin", USER]]
    config = [] if ETC.exists() else [["install", "-d", "-o", "root", "-g", USER, "-m", "750", str(ETC)]]
    return [*user, *config, ["install", "-d", "-o", USER, "-g", USER, "-m", "750", STATE]]


def after(machine: Machine) -> list[list[str]]:
    """Commands after it: systemd and udev read the files, where they run."""
    commands = [["systemctl", "daemon-reload"]] if has_systemd(machine) else []
    if machine.at("/run/udev/control").exists():
        commands += [["udevadm", "control", "--reload"], ["udevadm", "trigger"]]
    return commands


def has_systemd(machine: Machine) -> bool:
    """Whether systemd runs this machine (sd_booted(3))."""
    return machine.at("/run/systemd/system").is_dir()


def possible(folder: Path) -> bool:
    """Whether the service can be installed: as root, with its configuration where the unit looks for it."""
    return os.geteuid() == 0 and folder == ETC


def told(command: Sequence[str]) -> str:
    """A command as it is typed."""
    return shlex.join(command)
