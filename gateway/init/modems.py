"""Which modems are lines: those plugged in are asked who they are, others are named by their ports."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

from gateway.doctor.census import Census
from gateway.doctor.finding import Finding, Status
from gateway.doctor.looking import LOOK, looked
from gateway.doctor.machine import Machine
from gateway.doctor.modem_manager import is_voice_modem
from gateway.doctor.modems import check_modem
from gateway.doctor.ports import may_be_asked
from gateway.doctor.scene import Scene
from gateway.doctor.tty import Tty, lasting_name, look_at, plugged_in
from gateway.init import forms
from gateway.init.asking import Asker, OptionWrong, Question
from gateway.init.toml_text import modem_id

AUTO, NONE = "auto", "none"
"""What --modem may say beside ports: all voice modems that answer; none at all."""


T = TypeVar("T")


class PortsHang(Exception):
    """The kernel has not told in time what is plugged in."""


@dataclass
class Finder:
    """The serial ports of a machine, and what answers on them. A look raises PortsHang after `deadline` s."""

    machine: Machine = field(default_factory=Machine)
    asked: dict[str, Finding] = field(default_factory=dict)
    deadline: float = LOOK

    def plugged(self) -> list[Tty]:
        """Every USB serial port, by the name that stays."""
        return self.in_time(lambda: plugged_in(self.machine))

    def lasting(self, port: str) -> str:
        """The name of that port that stays after a replug; the given one where there is none better."""
        return self.in_time(lambda: lasting_name(self.machine, look_at(self.machine, port))) or port

    def look_at(self, port: str) -> Tty:
        """The port of this name; it need not exist."""
        return self.in_time(lambda: look_at(self.machine, port))

    def is_there(self, port: str) -> bool:
        """Whether something is plugged in there."""
        return self.look_at(port).node is not None

    def in_time(self, work: Callable[[], T]) -> T:
        """What `work`, which reads of devices in /sys and /dev, gives."""
        try:
            return asyncio.run(looked(work, self.deadline))
        except TimeoutError:
            raise PortsHang(f"{self.deadline:g}") from None

    def ask(self, tty: Tty) -> Finding:
        """Who answers AT on it; left on-hook. Takes up to 16 s."""
        (finding,) = asyncio.run(check_modem(tty.port, tty))
        self.asked[tty.port] = finding
        return finding


def ask_modems(asker: Asker, finder: Finder) -> tuple[str, ...]:
    """The ports of the modems that are to be lines. Raises OptionWrong."""
    if asker.has("modem"):
        return _given(asker, finder)
    return _found(finder) if not asker.interactive else _asked(asker, finder)


def _given(asker: Asker, finder: Finder) -> tuple[str, ...]:
    """By option: `auto`, `none`, or ports, one a line."""
    said = asker.ask(Question("modem", ""), str.split)
    if said == [NONE]:
        return ()
    if said == [AUTO]:
        return _found(finder)
    ports: list[str] = []
    for text in said:
        ports.append(_port(asker, finder, text, ports))
    return tuple(ports)


def _port(asker: Asker, finder: Finder, text: str, taken: Sequence[str]) -> str:
    try:
        port = finder.lasting(forms.port(text, taken=taken))
        return forms.port(port, taken=taken)
    except forms.WrongAnswer as wrong:
        raise OptionWrong(f"--modem: {text!r}: {asker.words(wrong.key, **wrong.fields)}") from None


def _found(finder: Finder) -> tuple[str, ...]:
    """All voice modems that are plugged in and answer. One that cannot be asked, as a running gateway holds it,
    is taken too: a second run changes nothing."""
    scene = Scene(finder.machine, Census.take(finder.machine))

    def free(tty: Tty) -> bool:
        return finder.in_time(lambda: may_be_asked(scene, tty))

    known = [tty for tty in finder.plugged() if tty.usb is not None and is_voice_modem(tty.usb)]
    return tuple(tty.port for tty in known if not free(tty) or finder.ask(tty).status is Status.OK)


def _asked(asker: Asker, finder: Finder) -> tuple[str, ...]:
    """One after the other, with the person at the terminal."""
    words, ports = asker.words, list[str]()
    plugged = finder.plugged()
    for tty in plugged:
        if _may_be_asked(asker, tty) and _is_wanted(asker, finder, tty, modem_id(len(ports))):
            ports.append(tty.port)
    if not plugged:
        asker.say("modems_none")
    names = [tty.port for tty in plugged]
    while True:
        parse = partial(_another, finder=finder, plugged=names, taken=ports)
        port = asker.ask(Question("modem", words("modem"), ""), parse)
        if not port:
            return tuple(ports)
        better = finder.lasting(port)
        if better != port:
            asker.say("modem_better", given=port, port=better)
        if _is_wanted(asker, finder, finder.look_at(better), modem_id(len(ports))):
            ports.append(better)


def _another(text: str, finder: Finder, plugged: Sequence[str], taken: Sequence[str]) -> str:
    if not text:
        return text
    forms.port(finder.lasting(forms.port(text, plugged, taken)), plugged, taken)
    if not finder.is_there(text):
        raise forms.WrongAnswer("wrong_port_absent", port=text, plugged=", ".join(plugged) or "–")
    return text


def _may_be_asked(asker: Asker, tty: Tty) -> bool:
    """AT would disturb, or restart, other devices."""
    if tty.usb is None or is_voice_modem(tty.usb):
        return True
    return asker.whether("", asker.words("modem_try", port=tty.port, usb=tty.usb.id), default=False)


def _is_wanted(asker: Asker, finder: Finder, tty: Tty, line: str) -> bool:
    usb = tty.usb.id if tty.usb is not None else "–"
    asker.say("modem_asking", port=tty.port, usb=usb)
    found = finder.ask(tty)
    asker.say("modem_found", port=tty.port, what=found.finding.removeprefix(f"{tty.port}: "))
    for step in found.cure:
        asker.show(f"    → {step}")
    prompt = asker.words("modem_use", port=tty.port, line=line)
    return asker.whether("", prompt, default=found.status is Status.OK)
