"""Serial ports: there, under a name that stays, permitted, free, and each line's own."""

import os
import re
import shlex
import stat
from collections.abc import Iterator

from drivers.fxo.device import USB
from drivers.fxo.port import PTY_MAJORS
from gateway.doctor.census import Process
from gateway.doctor.finding import Finding, fault, ok, warning
from gateway.doctor.machine import Machine, Person
from gateway.doctor.scene import Scene
from gateway.doctor.tty import LINKS, NODES, Tty, lasting_name, lasting_names, sockets

PRESENT = "serial port"
PERMISSION = "serial permission"
FREE = "port in use"
OWN = "modem of its own"

_WANDERING = re.compile(rf"/dev/(?:{'|'.join(NODES)})\d+")
_EVERYBODY = stat.S_IROTH | stat.S_IWOTH
_REPLUG = "unplug the modem, wait five seconds, plug it in again; then look: ls -l /dev/serial/by-path/"
_STOPPED = {
    "ModemManager": "sudo systemctl disable --now ModemManager; or keep it from this modem: modem manager, below",
    "agetty": "sudo systemctl disable --now serial-getty@{node}.service",
    "brltty": "sudo apt-get remove brltty",
}
"""How to get rid of programs that are known to take serial ports by themselves."""


def check_ports(scene: Scene) -> list[Finding]:
    """Everything that can be told of the ports without opening one."""
    findings: list[Finding] = []
    for line, tty in scene.ttys:
        missing = _presence(scene.machine, line, tty)
        findings += missing
        if not missing:
            findings.append(_name(scene.machine, line, tty))
            findings += _permission(scene.machine, line, tty)
            findings += holding(scene, line, tty)
    return [*findings, *_owners(scene.ttys)]


def may_be_asked(scene: Scene, tty: Tty) -> bool:
    """Whether the port is there, permitted, and held by nobody who can be seen."""
    return (
        tty.node is not None
        and _is_terminal(scene.machine, tty)
        and scene.machine.may(tty.node, os.R_OK | os.W_OK)
        and not scene.census.holders(tty.node)
    )


def holding(scene: Scene, line: str, tty: Tty) -> Iterator[Finding]:
    """Who has the port open."""
    holders = scene.census.holders(tty.node) if tty.node is not None else []
    others = [process for process in holders if not scene.is_ours(process)]
    if others:
        steps = dict.fromkeys(_stop(process, tty) for process in others)
        yield fault(FREE, line, f"{tty.port} is held by {scene.told(others)}", *steps)
    elif holders:
        yield ok(FREE, line, f"{tty.port} is held by the running gateway, {scene.told(holders)}")
    else:
        unseen = " (some programs hide from this user what they hold)" if scene.census.blind else ""
        yield ok(FREE, line, f"nobody is seen to hold {tty.port}{unseen}")


def permitted(machine: Machine, line: str, port: str, mode: os.stat_result, may: bool) -> Finding:
    """Judge a tty's permissions: `mode` is its node's stat, `may` whether the kernel lets the person use it."""
    person = machine.person
    group = _group_name(machine, mode.st_gid)
    if not may:
        return _denied(machine, line, port, mode.st_gid, group)
    if person.is_root:
        who = "root may use every port; to know whether the gateway's own user may, run this as that user"
        return ok(PERMISSION, line, who)
    if stat.S_IMODE(mode.st_mode) & _EVERYBODY == _EVERYBODY and mode.st_gid not in person.groups:
        found = f"{port} is open to everybody (chmod?), which udev undoes at the next replug"
        return warning(PERMISSION, line, found, *_join(person, group))
    if mode.st_gid not in person.groups and mode.st_uid != person.uid:
        found = f"user {person.name} may use {port} for now, but not as a member of its group {group}"
        return warning(PERMISSION, line, found, *_join(person, group))
    return ok(PERMISSION, line, f"user {person.name} may use {port} ({group})")


def _denied(machine: Machine, line: str, port: str, gid: int, group: str) -> Finding:
    person = machine.person
    if gid in person.groups:
        found = f"{port} is not open to its own group {group}; udev's rule for it was changed"
        return fault(PERMISSION, line, found, "grep -rn MODE= /etc/udev/rules.d", _REPLUG)
    if person.name in _members(machine, gid):
        found = f"user {person.name} is in the group {group} of {port}, but this session began before that"
        cure = f"log out and in again; for the service: sudo systemctl restart sansheng; or try: newgrp {group}"
        return fault(PERMISSION, line, found, cure)
    found = f"user {person.name} may not use {port}: not in its group {group}"
    return fault(PERMISSION, line, found, *_join(person, group))


def _join(person: Person, group: str) -> tuple[str, ...]:
    if group in ("root", "tty"):  # a USB bus without udev's rules, or a chown by hand
        return (f"its group should be dialout: give it back to udev. {_REPLUG}",)
    return (
        f"sudo usermod -aG {shlex.quote(group)} {shlex.quote(person.name)}",
        "then log out and in again, and restart the gateway: sudo systemctl restart sansheng",
    )


def _presence(machine: Machine, line: str, tty: Tty) -> list[Finding]:
    if tty.node is None:
        by_socket = tty.port.startswith(USB)
        known = ([] if by_socket else list(lasting_names(machine, LINKS[:1]))) or sockets(machine)
        here = f"plugged in are: {', '.join(known)}" if known else "no USB serial port is plugged in"
        return [fault(PRESENT, line, f"{tty.port} is not there; {here}", _REPLUG, "or correct `port` of the line")]
    if not _is_terminal(machine, tty):
        cure = "correct `port` of the line: ls -l /dev/serial/by-path/"
        return [fault(PRESENT, line, f"{tty.port} is no serial port", cure)]
    return []


def _name(machine: Machine, line: str, tty: Tty) -> Finding:
    """The port is there; whether it still is under this name after a replug."""
    device = f" ({tty.usb.id})" if tty.usb is not None else ""
    if line == tty.port or not _WANDERING.fullmatch(tty.port):
        return ok(PRESENT, line, f"{tty.port} is there{device}")
    better = lasting_name(machine, tty)
    cure = f'port = "{better}"' if better is not None else "use a name from: ls -l /dev/serial/by-path/"
    found = f"{tty.port}{device} is there, but may be another modem's name, or nobody's, after a replug"
    return warning(PRESENT, line, found, cure)


def _permission(machine: Machine, line: str, tty: Tty) -> Iterator[Finding]:
    if tty.node is not None:
        may = machine.may(tty.node, os.R_OK | os.W_OK)
        yield permitted(machine, line, tty.port, tty.node.stat(), may)


def _owners(ttys: list[tuple[str, Tty]]) -> Iterator[Finding]:
    """Two lines on one modem, and names by id that name either of two modems."""
    for number, (line, tty) in enumerate(ttys):
        for first, other in ttys[:number]:
            if line != tty.port and tty.is_same_device(other):
                found = f"{tty.port} is the same modem as {other.port}, which is line {first}'s"
                yield fault(OWN, line, found, "give each line a modem of its own: ls -l /dev/serial/by-path/")
            elif tty.usb is not None and other.usb is not None and tty.usb.is_like(other.usb):
                yield from _twins(line, tty, first, other)


def _twins(line: str, tty: Tty, first: str, other: Tty) -> Iterator[Finding]:
    by_id = [name for name, each in ((first, other), (line, tty)) if "/by-id/" in each.port]
    if by_id and tty.usb is not None:
        found = f"{first} and {line} are {tty.usb.id} with the same serial {tty.usb.serial!r}: by-id names either"
        cure = "name both by their sockets: ls -l /dev/serial/by-path/"
        yield fault(OWN, ", ".join(by_id), found, cure)


def _stop(process: Process, tty: Tty) -> str:
    node = tty.node.name if tty.node is not None else ""
    if process.is_gateway:
        return f"a port is for one gateway alone: another port, or sudo kill {process.pid}"
    return _STOPPED.get(process.name, f"end it: sudo kill {process.pid}").format(node=node)


def _is_terminal(machine: Machine, tty: Tty) -> bool:
    """Whether it is a tty, by what the kernel says: to open it would already raise DTR."""
    if tty.node is None:
        return False
    try:
        found = tty.node.stat()
    except OSError:
        return False
    if not stat.S_ISCHR(found.st_mode):
        return False
    known = machine.at("/sys/class/tty")
    return os.major(found.st_rdev) in PTY_MAJORS or not known.is_dir() or (known / tty.node.name).exists()


def _group_name(machine: Machine, gid: int) -> str:
    for name, number, _ in _groups(machine):
        if number == gid:
            return name
    return str(gid)


def _members(machine: Machine, gid: int) -> list[str]:
    return [member for _, number, members in _groups(machine) if number == gid for member in members]


def _groups(machine: Machine) -> Iterator[tuple[str, int, list[str]]]:
    """/etc/group (group(5))."""
    for line in (machine.text("/etc/group") or "").splitlines():
        words = line.split(":")
        if len(words) == 4 and words[2].isdigit():
            yield words[0], int(words[2]), words[3].split(",")
