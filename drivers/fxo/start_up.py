"""Bringing a modem up: out of any state, on-hook first, then identified, proved fit for voice, set for calls."""

import logging
import re
from dataclasses import dataclass

from drivers.fxo.codecs import VoiceMode, listed_modes
from drivers.fxo.command_queue import COMMAND_TIMEOUT
from drivers.fxo.config import AUTO, FxoConfig
from drivers.fxo.dialogue import ask, first_ok, probe
from drivers.fxo.errors import ModemUnfit
from drivers.fxo.modem import Modem
from drivers.fxo.profiles import GENERIC, IDENTIFIABLE, PROFILES, Profile
from drivers.fxo.recovery import wake

logger = logging.getLogger(__name__)

COUNTRIES = {"cn": "26"}
"""T.35 country code for each tone plan; it sets the modem's own detectors and line interface."""
RESET_TIMEOUT = 5.0
"""ATZ takes a second, with some makers more."""
_CLASS_8 = re.compile(r"(?<![\d.])8(?![\d.])")


@dataclass(frozen=True, slots=True)
class ModemSetup:
    """What start-up found out: who the modem is and which voice codings may be asked of it, best first."""

    profile: Profile
    identity: str
    modes: tuple[VoiceMode, ...]
    echoes: bool
    """Echo stays on, whatever it is told; otherwise an echo later means that the modem was reset."""


async def bring_up(modem: Modem, config: FxoConfig) -> ModemSetup:
    """Leave the modem on-hook in class 0, reporting rings and caller ID. Raises ModemSilent, ModemUnfit, PortLost.

    Also the second half of every recovery: echo, V1, class, country and caller ID are all set anew.
    """
    modem.queue.numeric = True
    try:
        await wake(modem, config.port)
        await _reset(modem)
    finally:
        modem.queue.numeric = False
    await ask(modem, "AT+FCLASS=0")
    identity = await _identity(modem)
    profile = _profile(config.profile, identity)
    modes = await _voice_modes(modem, profile, config.port)
    for command in profile.extras:
        await ask(modem, command)
    if config.tones in COUNTRIES:
        await ask(modem, f"AT+GCI={COUNTRIES[config.tones]}")
    await _caller_id_on(modem, profile, config.port)
    logger.info("%s: %s modem (%s), %s", config.port, profile.name, identity, modes[0].coding.value)
    return ModemSetup(profile, identity, modes, echoes=(await probe(modem)).echoed)


async def _reset(modem: Modem) -> None:
    """On-hook before anything else: a crash may have left the line seized. V0's digits are understood until V1."""
    for command in ("ATE0", "ATV1", "ATH", "ATZ", "ATE0", "ATQ0", "ATV1"):
        await ask(modem, command, RESET_TIMEOUT if command == "ATZ" else COMMAND_TIMEOUT)


async def _identity(modem: Modem) -> str:
    """What the modem says of itself, in one line."""
    words: list[str] = []
    for command in ("ATI3", "AT+GMR", "ATI0"):
        reply = await ask(modem, command)
        if reply is not None and reply.ok:
            words += [line for line in reply.lines if line not in words]
    return " / ".join(words)[:200] or "says nothing of itself"


def _profile(wanted: str, identity: str) -> Profile:
    if wanted != AUTO:
        return PROFILES[wanted]
    said = identity.upper()
    for profile in IDENTIFIABLE:
        if any(word in said for word in profile.identified_by):
            return profile
    return GENERIC


async def _voice_modes(modem: Modem, profile: Profile, port: str) -> tuple[VoiceMode, ...]:
    """The codings it lists by name. Voice parameters exist only in class 8, so it is visited on-hook."""
    classes = await ask(modem, "AT+FCLASS=?")
    if classes is not None and classes.ok and classes.lines and not _CLASS_8.search(" ".join(classes.lines)):
        raise ModemUnfit(f"{port}: this modem has no voice (classes {classes.lines[0]}); use a voice modem")
    entered = await ask(modem, "AT+FCLASS=8")
    if entered is not None and not entered.ok:
        raise ModemUnfit(f"{port}: this modem refuses +FCLASS=8; a USR5637 needs firmware 1.2.21 or later")
    try:
        listed = await ask(modem, "AT+VSM=?")
    finally:
        await ask(modem, "AT+FCLASS=0")
    modes = listed_modes(listed.lines) if listed is not None and listed.ok else []
    if not modes:
        modes = [VoiceMode(number, coding) for number, coding in profile.default_codings]
    return tuple(modes)


async def _caller_id_on(modem: Modem, profile: Profile, port: str) -> None:
    """Last of all, because ATZ and a country change clear it; read back, because OK alone proves nothing."""
    if await first_ok(modem, profile.caller_id) is None:
        logger.warning("%s: the modem refuses caller ID; calls will have none", port)
        return
    state = await ask(modem, "AT+VCID?")
    if state is not None and state.ok and any(re.fullmatch(r"(\+VCID:)?\s*0", line) for line in state.lines):
        await first_ok(modem, profile.caller_id)
