"""ModemManager: it opens every new ttyACM for 10 to 20 s and probes it, unless udev tells it not to."""

from collections.abc import Iterator
from pathlib import Path

from gateway.doctor.finding import Finding, fault, ok, warning
from gateway.doctor.machine import Machine, read_text
from gateway.doctor.scene import Scene
from gateway.doctor.tty import Tty, Usb

CHECK = "modem manager"
PROGRAM = "ModemManager"
TAGS = ("ID_MM_DEVICE_IGNORE", "ID_MM_PORT_IGNORE")
"""Either keeps it away, whatever its filter policy (ModemManager's reference, "Common udev tags")."""
RULES = "/etc/udev/rules.d/77-sansheng.rules"
"""Where the shipped rules go."""
LINES_RULES = "/etc/udev/rules.d/78-sansheng-lines.rules"
"""What one machine needs besides; a file in /etc of the same name would hide a package's in /usr/lib (udev(7))."""
VENDORS = {"0572": (), "0803": (), "0baf": (), "06e0": ("f114", "f115", "0319")}
"""USB vendors of voice modems, as in deploy/77-sansheng.rules; with products where it makes other things too."""

_RULE_FOLDERS = ("/etc/udev/rules.d", "/run/udev/rules.d", "/usr/lib/udev/rules.d", "/lib/udev/rules.d")
_APPLY = "sudo udevadm control --reload && sudo udevadm trigger"
_PROGRAMS = ("/usr/sbin/ModemManager", "/usr/bin/ModemManager")


def is_voice_modem(usb: Usb) -> bool:
    """Whether the device is of a kind that is a voice modem and nothing else."""
    return usb.vendor in VENDORS and (not VENDORS[usb.vendor] or usb.product in VENDORS[usb.vendor])


def rule(vendor: str, products: tuple[str, ...] = ()) -> str:
    """udev's line that keeps ModemManager from a vendor's devices, or from some of them."""
    which = f', ATTR{{idProduct}}=="{"|".join(products)}"' if products else ""
    return (
        'ACTION=="add|change", SUBSYSTEM=="usb", ENV{DEVTYPE}=="usb_device", '
        f'ATTR{{idVendor}}=="{vendor}"{which}, ENV{{ID_MM_DEVICE_IGNORE}}="1"'
    )


def check_modem_manager(scene: Scene) -> list[Finding]:
    """Whether it would take a line's port."""
    running = scene.census.named(PROGRAM)
    machine = scene.machine
    installed = bool(running) or any(machine.at(program).exists() for program in _PROGRAMS)
    if not installed:
        return [ok(CHECK, "", "ModemManager is not on this machine")]
    state = f"{running[0]} runs" if running else "ModemManager is installed, though it does not run now"
    devices = [(line, tty) for line, tty in scene.ttys if tty.usb is not None]
    if not devices:
        return list(_without_modems(machine, state))
    return [finding for line, tty in devices for finding in _device(machine, line, tty, state, bool(running))]


def _device(machine: Machine, line: str, tty: Tty, state: str, running: bool) -> Iterator[Finding]:
    assert tty.usb is not None
    tags = [tag for tag in TAGS if tty.properties.get(tag) == "1"]
    known = is_voice_modem(tty.usb)
    if tags:
        yield ok(CHECK, line, f"kept away from {tty.usb.id} by udev ({tags[0]})")
        return
    if not known and line == tty.port:
        return  # no config says that it is a modem: it may be anything
    products = VENDORS[tty.usb.vendor] if known else (tty.usb.product,)
    if _has_rule(machine, tty.usb):
        found = f"{state}; udev's rule for {tty.usb.id} is there, but has not been applied"
        cure: tuple[str, ...] = (_APPLY, "then unplug the modem and plug it in again")
    else:
        found = f"{state}; no udev rule keeps it from {tty.usb.id}"
        cure = _install(rule(tty.usb.vendor, products))
    yield fault(CHECK, line, found, *cure) if running else warning(CHECK, line, found, *cure)


def _without_modems(machine: Machine, state: str) -> Iterator[Finding]:
    lacking = [vendor for vendor, products in VENDORS.items() if not _has_rule(machine, _some(vendor, products))]
    if not lacking:
        yield ok(CHECK, "", f"{state}; udev's rule keeps it from voice modems")
        return
    lines = [rule(vendor, VENDORS[vendor]) for vendor in lacking]
    yield warning(CHECK, "", f"{state}; no udev rule keeps it from a modem that is plugged in", *_install(*lines))


def _some(vendor: str, products: tuple[str, ...]) -> Usb:
    return Usb(Path(), vendor, products[0] if products else "")


def _install(*lines: str) -> tuple[str, ...]:
    return (*(f"echo '{line}' | sudo tee -a {LINES_RULES}" for line in lines), _APPLY)


def _has_rule(machine: Machine, usb: Usb) -> bool:
    """Whether some rule names this vendor, and this product if any, and one of the tags."""
    for folder in _RULE_FOLDERS:
        try:
            files = sorted(machine.at(folder).glob("*.rules"))
        except OSError:
            continue
        if any(_matches(line, usb) for file in files for line in (read_text(file) or "").splitlines()):
            return True
    return False


def _matches(line: str, usb: Usb) -> bool:
    if line.lstrip().startswith("#") or not any(f'{tag}}}="1"' in line for tag in TAGS):
        return False
    return f'idVendor}}=="{usb.vendor}"' in line and ("idProduct" not in line or usb.product in line)
