"""Whether a modem has voice, and in which codings it speaks: found out once, on-hook."""

import re
import textwrap
from collections.abc import Iterable

from drivers.fxo.codecs import RATE, ListedCoding, VoiceMode, listed_codings, listed_modes
from drivers.fxo.dialogue import ask, first_ok
from drivers.fxo.errors import ModemUnfit
from drivers.fxo.identify import Words, firmware_of, too_old
from drivers.fxo.modem import Modem
from drivers.fxo.profiles import Profile

_CLASS_8 = re.compile(r"(?<![\d.])8(?![\d.])")
_SHOWN = 100
"""Characters of a list of codings in an error message."""


def lists_voice(classes: Iterable[str]) -> bool:
    """Whether an answer to `AT+FCLASS=?` has class 8 in it."""
    return _CLASS_8.search(" ".join(classes)) is not None


async def voice_modes(modem: Modem, profile: Profile, port: str, words: Words) -> tuple[VoiceMode, ...]:
    """The codings to ask of it, best first; at least one. Raises ModemUnfit where it has no voice or speaks no
    coding of ours; NoAnswer, PortLost. Voice parameters exist only in class 8, so it is visited on-hook."""
    await _enter(modem, profile, port, words)
    try:
        return await _codings(modem, profile, f"{port}: this modem ({words.told()})")
    finally:
        await ask(modem, "AT+FCLASS=0")


async def takes(modem: Modem, profile: Profile, mode: VoiceMode) -> bool:
    """Whether it takes this coding, which is set then; in class 8. Raises NoAnswer, PortLost."""
    forms = [form.format(id=mode.id, rate=RATE) for form in profile.coding_forms]
    return await first_ok(modem, forms) is not None


async def _enter(modem: Modem, profile: Profile, port: str, words: Words) -> None:
    old = too_old(profile, words)
    if old is not None:
        raise ModemUnfit(
            f"{port}: this {profile.title} has firmware {old[0]}, without voice: update it to {old[1]} or newer"
        )
    classes = await ask(modem, "AT+FCLASS=?")
    if classes is not None and classes.ok and classes.lines and not lists_voice(classes.lines):
        raise ModemUnfit(
            f"{port}: this modem ({words.told()}) has no voice: its classes are {classes.lines[0]}, without 8; "
            "use a voice modem, see docs/modems.md"
        )
    entered = await ask(modem, "AT+FCLASS=8")
    if entered is not None and not entered.ok:
        gate = profile.firmware_gate
        needed = f"; it needs firmware {'.'.join(map(str, gate.voice_since))}" if gate is not None else ""
        firmware = firmware_of(words) or "unknown"
        raise ModemUnfit(f"{port}: this modem refuses +FCLASS=8, voice (firmware: {firmware}){needed}")


async def _codings(modem: Modem, profile: Profile, name: str) -> tuple[VoiceMode, ...]:
    """Those it lists; the family's where it lists none; where it lists none of ours, those of the family's that it
    takes all the same. `name` is the modem's in an error."""
    reply = await ask(modem, "AT+VSM=?")
    lines = reply.lines if reply is not None and reply.ok else ()
    modes = listed_modes(lines, profile.coding_order)
    if modes:
        return tuple(modes)
    usual = tuple(VoiceMode(number, coding) for number, coding in profile.default_codings)
    listed = listed_codings(lines)
    if not listed:
        return usual
    taken = tuple([mode for mode in _possible(usual, listed) if await takes(modem, profile, mode)])
    if not taken:
        told = textwrap.shorten(", ".join(dict.fromkeys(one.name for one in listed)), _SHOWN, placeholder=" …")
        raise ModemUnfit(
            f"{name} speaks no voice coding that the gateway speaks: it lists {told} (+VSM=?) and takes "
            "nothing else; use a modem with µ-law, A-law or linear samples at 8000 Hz, see docs/modems.md"
        )
    return taken


def _possible(usual: Iterable[VoiceMode], listed: Iterable[ListedCoding]) -> list[VoiceMode]:
    """Without the numbers of the compressed codings it lists: 131 is µ-law with one maker, ADPCM with others."""
    compressed = {one.id for one in listed if one.compressed}
    return [mode for mode in usual if mode.id not in compressed]
