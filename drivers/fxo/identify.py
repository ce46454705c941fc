"""Who a modem is, by its own words and, as a hint, by its USB id (pure).

ATI3 and +GMR name the chip or the product; ATI0 often gives only a speed, `56000`, which several makers say.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from drivers.fxo.profiles import GENERIC, IDENTIFIABLE, Profile

FIRST = ("ATI3", "AT+GMR", "ATI0")
"""Asked of every modem, in the order in which they are believed."""
FURTHER = tuple(dict.fromkeys(command for profile in IDENTIFIABLE for command, _ in profile.asked_further))
"""Asked of a modem that those have not named."""
SILENT = "says nothing of itself"
IDENTITY_LIMIT = 200


@dataclass(frozen=True, slots=True)
class UsbId:
    """Vendor and product of the USB device that a tty belongs to."""

    vendor: int
    product: int

    def __str__(self) -> str:
        """As lsusb writes it: `0572:1329`."""
        return f"{self.vendor:04x}:{self.product:04x}"

    def among(self, known: Iterable[tuple[int, int | None]]) -> bool:
        """Whether it is one of `known`; a product of None stands for all of the vendor's."""
        return any(self.vendor == vendor and product in (None, self.product) for vendor, product in known)


@dataclass(slots=True)
class Words:
    """What a modem has answered to questions about itself, and where it is plugged in."""

    answers: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Command → its lines; a command refused is not in it."""
    usb: UsbId | None = None

    def lines(self, *commands: str) -> list[str]:
        """The lines of these answers."""
        return [line for command in commands for line in self.answers.get(command, ())]

    def told(self) -> str:
        """All of it in one line, each word once."""
        words = dict.fromkeys(line for command in (*FIRST, *FURTHER) for line in self.lines(command))
        return " / ".join(words)[:IDENTITY_LIMIT] or SILENT


def identify(words: Words) -> Profile:
    """The profile that the words name; GENERIC where they name none."""
    for said in (words.lines("ATI3", "AT+GMR"), words.lines("ATI0")):
        for profile in IDENTIFIABLE:
            if _hinted(words, profile) and _found(profile.shared_words, said):
                return profile
        for profile in IDENTIFIABLE:
            if _found(profile.named_by, said):
                return profile
    for profile in IDENTIFIABLE:
        if any(_found((pattern,), words.lines(asked)) for asked, pattern in profile.asked_further):
            return profile
    return next((profile for profile in IDENTIFIABLE if words.answers and _is_product(words, profile)), GENERIC)


def firmware_of(words: Words) -> str | None:
    """The firmware in the modem's own words: +GMR, else ATI3; None if it tells none."""
    return next(iter(words.lines("AT+GMR", "ATI3")), None)


def too_old(profile: Profile, words: Words) -> tuple[str, str] | None:
    """The version found and the one needed, where this firmware of the family has no voice."""
    gate = profile.firmware_gate
    if gate is None:
        return None
    for line in words.lines(*FIRST):
        match = re.search(gate.pattern, line, re.IGNORECASE)
        if match is not None:
            found = tuple(int(figure) for figure in match.groups())
            return (_version(found), _version(gate.voice_since)) if found < gate.voice_since else None
    return None


def _version(figures: tuple[int, ...]) -> str:
    return ".".join(map(str, figures))


def _hinted(words: Words, profile: Profile) -> bool:
    return words.usb is not None and words.usb.among(profile.usb_ids)


def _is_product(words: Words, profile: Profile) -> bool:
    """Whether it is plugged in as a product of that family and no other; a vendor alone sells several chips."""
    return words.usb is not None and (words.usb.vendor, words.usb.product) in profile.usb_ids


def _found(patterns: Iterable[str], lines: Iterable[str]) -> bool:
    lines = [line.strip() for line in lines]
    return any(re.search(pattern, line, re.IGNORECASE) for pattern in patterns for line in lines)
