"""Bringing a modem up: out of any state, on-hook first, then identified, proved fit for voice, set for calls."""

import logging
import re
from dataclasses import dataclass

from drivers.fxo.codecs import VoiceMode
from drivers.fxo.command_queue import COMMAND_TIMEOUT
from drivers.fxo.config import AUTO, FxoConfig
from drivers.fxo.country import COUNTRIES, countries_offered, country_set
from drivers.fxo.dialogue import ask, first_ok, probe
from drivers.fxo.identify import FIRST, FURTHER, Words, identify
from drivers.fxo.modem import Modem
from drivers.fxo.profiles import GENERIC, PROFILES, Profile
from drivers.fxo.recovery import wake
from drivers.fxo.usb import usb_id
from drivers.fxo.voice_modes import voice_modes

logger = logging.getLogger(__name__)

RESET = ("ATE0", "ATV1", "AT+VLS=0", "ATH", "ATZ", "ATE0", "ATQ0", "ATV1")
"""On-hook before anything else, by each maker's way: a crash may have left the line seized."""
_VCID_OFF = re.compile(r"(\+VCID\s*:)?\s*0", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ModemSetup:
    """What start-up found out: who the modem is and which voice codings may be asked of it, best first."""

    profile: Profile
    identity: str
    modes: tuple[VoiceMode, ...]
    echoes: bool
    """Echo stays on, whatever it is told; otherwise an echo later means that the modem was reset."""


class Warnings:
    """What a line's log is told of its modem, once for as long as the line lives: start-up is repeated often."""

    def __init__(self) -> None:
        self._told: set[str] = set()

    def tell(self, text: str) -> None:
        """Log it, if it has not been."""
        if text not in self._told:
            self._told.add(text)
            logger.warning("%s", text)


async def bring_up(modem: Modem, config: FxoConfig, warnings: Warnings | None = None) -> ModemSetup:
    """Leave the modem on-hook in class 0, reporting rings and caller ID. Raises ModemSilent, ModemUnfit, PortLost.

    Also the second half of every recovery: echo, V1, class, country and caller ID are all set anew.
    """
    warnings = warnings or Warnings()
    await reset(modem, config.port)
    words = await ask_identity(modem, config.port)
    profile = choose_profile(config, words, warnings)
    modem.keep_to(profile.delays)
    modes = await voice_modes(modem, profile, config.port, words)
    for command in profile.extras:
        await ask(modem, command)
    await set_country(modem, config, warnings)
    if await caller_id_on(modem, profile) is False:
        warnings.tell(f"{config.port}: the modem refuses caller ID; calls will have none")
    identity = words.told()
    logger.info("%s: %s modem (%s), %s", config.port, profile.name, identity, modes[0].coding.value)
    return ModemSetup(profile, identity, modes, echoes=(await probe(modem)).echoed)


async def reset(modem: Modem, port: str) -> None:
    """Out of any state to on-hook, class 0, no echo, results in words. Raises ModemSilent, PortLost.

    V0's digits are understood until V1.
    """
    modem.queue.numeric = True
    try:
        await wake(modem, port)
        for command in RESET:
            await ask(modem, command, modem.delays.reset if command == "ATZ" else COMMAND_TIMEOUT)
    finally:
        modem.queue.numeric = False
    await ask(modem, "AT+FCLASS=0")


async def ask_identity(modem: Modem, port: str) -> Words:
    """What the modem says of itself; more is asked of one that nothing of it has named yet."""
    words = Words(usb=usb_id(port))
    for command in (*FIRST, *FURTHER):
        if command in FURTHER and identify(words) is not GENERIC:
            break
        reply = await ask(modem, command)
        if reply is not None and reply.ok and reply.lines:
            words.answers[command] = reply.lines
    return words


def choose_profile(config: FxoConfig, words: Words, warnings: Warnings) -> Profile:
    """The profile the configuration names; with `auto` the one that the modem's words name."""
    named = identify(words)
    if config.profile == AUTO:
        return named
    if named is not GENERIC and named.name != config.profile:
        warnings.tell(
            f"{config.port}: profile {config.profile!r} is forced on a modem that calls itself {words.told()}: "
            f"{named.name}; if calls fail, use profile = {AUTO!r}"
        )
    return PROFILES[config.profile]


async def set_country(modem: Modem, config: FxoConfig, warnings: Warnings) -> None:
    """Set the country of the line's tone plan and read it back: OK alone proves nothing."""
    code = COUNTRIES.get(config.tones)
    if code is None:
        return
    reply = await ask(modem, f"AT+GCI={code}")
    state = await ask(modem, "AT+GCI?")
    now = country_set(state.lines) if state is not None and state.ok else None
    if now == code or (now is None and (reply is None or reply.ok)):
        return
    listed = await ask(modem, "AT+GCI=?")
    offered = countries_offered(listed.lines) if listed is not None and listed.ok else frozenset()
    told = "does not offer country" if offered and code not in offered else "does not take country"
    warnings.tell(
        f"{config.port}: the modem {told} {code} (+GCI) and stays with {now or 'its own'}: "
        "its own tone detection and its caller ID may fail; the gateway hears tones by itself"
    )


async def caller_id_on(modem: Modem, profile: Profile) -> bool | None:
    """Last of all, because ATZ and a country change clear it; read back, because OK alone proves nothing.

    Whether it is on; None where the modem takes it and cannot be asked.
    """
    for _ in range(2):
        if await first_ok(modem, profile.caller_id) is None:
            return False
        state = await ask(modem, "AT+VCID?")
        if state is None or not state.ok or not state.lines:
            return None
        if not any(_VCID_OFF.fullmatch(line) for line in state.lines):
            return True
    return False
