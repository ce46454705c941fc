"""Everything that can be found out of a modem, fit for voice or not, and left on-hook whatever happens."""

import asyncio
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from drivers.fxo.answering import ON_HOOK, ON_HOOK_TIMEOUT
from drivers.fxo.codecs import ListedCoding, listed_codings
from drivers.fxo.config import FxoConfig
from drivers.fxo.country import countries_offered, country_set
from drivers.fxo.dialogue import ask, probe
from drivers.fxo.errors import ModemUnfit, NoAnswer, PortLost
from drivers.fxo.identify import Words, firmware_of
from drivers.fxo.listener import Listener
from drivers.fxo.modem import Modem
from drivers.fxo.off_hook_trial import Trial, try_off_hook
from drivers.fxo.opened import OpenPort, opened
from drivers.fxo.port import SerialPort
from drivers.fxo.profiles import GENERIC, Profile
from drivers.fxo.recovery import DTR_LONG
from drivers.fxo.start_up import (
    ModemSetup,
    Warnings,
    ask_identity,
    bring_up,
    caller_id_on,
    choose_profile,
    set_country,
)
from drivers.fxo.voice_modes import lists_voice

CANCEL_AGAIN = 0.2
"""Seconds after which a step that did not notice its cancellation is cancelled again: asyncio.wait_for of 3.11
loses one that comes together with its result."""


@dataclass(slots=True)
class Findings:
    """What is known of the modem on a port; a field that stayed empty was not told."""

    port: str
    words: Words = field(default_factory=Words)
    profile: Profile = GENERIC
    unfit: ModemUnfit | None = None
    """Why the gateway cannot use it."""
    setup: ModemSetup | None = None
    """What a line would work with; None where it is unfit."""
    told: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Answers to the family's further queries."""
    classes: tuple[str, ...] = ()
    codings: list[ListedCoding] = field(default_factory=list)
    sources: dict[int, str] = field(default_factory=dict)
    """What +VLS takes, with the labels of V.253: 1 is the line, T."""
    caller_id: bool | None = None
    """On, by its own word; None: taken, and cannot be asked."""
    country: str | None = None
    """+GCI as it is now."""
    countries: frozenset[str] = frozenset()
    trial: Trial | None = None
    put_down: bool | None = None
    """After a trial: whether it said that it hung up."""

    @property
    def voice(self) -> bool:
        """Whether it has a voice class."""
        return self.setup is not None or any(lists_voice([line]) for line in self.classes)

    @property
    def duplex(self) -> bool | None:
        """Whether +VTR connected when it was tried; else True where it was seen to work with the family, None if
        that is not known."""
        if self.trial is not None and self.trial.duplex is not None:
            return self.trial.duplex
        return True if self.profile.duplex_seen else None

    @property
    def firmware(self) -> str | None:
        """In the modem's own words."""
        return firmware_of(self.words)


async def find_out(
    config: FxoConfig, stop: asyncio.Event, *, off_hook: bool = False, open_port: OpenPort = SerialPort.open
) -> Findings | None:
    """Ask the modem on the port everything; None when `stop` was set before that was done.

    `off_hook` also seizes the line, for some four seconds. On return and on any error the line is on-hook, by
    command and by closing the port. Raises FxoError where there is no modem to ask.
    """
    listener = Listener()
    async with opened(config.port, listener, open_port) as modem:
        findings = Findings(config.port)
        work = asyncio.create_task(_ask_all(modem, listener, config, findings, off_hook=off_hook))
        try:
            await _until(work, stop)
        finally:
            await _end(work)
            if off_hook or work.cancelled() or isinstance(work.exception(), NoAnswer):
                findings.put_down = await put_down(modem)
        if work.cancelled():
            return None
        work.result()
        return findings


async def put_down(modem: Modem) -> bool:
    """On-hook and in class 0 out of any state, in the middle of a command too; whether it says so. No errors."""
    for _ in range(2):
        try:
            await modem.escape()
            await probe(modem)
            for command in ON_HOOK:
                await modem.command(command, ON_HOOK_TIMEOUT)
        except NoAnswer:
            await modem.wire.drop_dtr(DTR_LONG)
        except PortLost:
            return False
        else:
            return True
    return False


async def _until(work: "asyncio.Task[None]", stop: asyncio.Event) -> None:
    """Until it is done or `stop` is set."""
    stopped = asyncio.create_task(stop.wait())
    await asyncio.wait((work, stopped), return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()


async def _end(work: "asyncio.Task[None]") -> None:
    """Cancel it, if it is not done, until it has ended."""
    while not work.done():
        work.cancel()
        await asyncio.wait((work,), timeout=CANCEL_AGAIN)


async def _ask_all(
    modem: Modem, listener: Listener, config: FxoConfig, findings: Findings, *, off_hook: bool
) -> None:
    warnings = Warnings()
    try:
        findings.setup = await bring_up(modem, config, warnings)
    except ModemUnfit as exc:
        findings.unfit = exc
        await set_country(modem, config, warnings)
    words = findings.words = await ask_identity(modem, config.port)
    findings.profile = choose_profile(config, words, warnings)
    findings.told = {
        command: lines for command in findings.profile.told_by if (lines := await _lines(modem, command))
    }
    findings.classes = await _lines(modem, "AT+FCLASS=?")
    await _look_into_voice(modem, findings)
    findings.countries = countries_offered(await _lines(modem, "AT+GCI=?"))
    findings.country = country_set(await _lines(modem, "AT+GCI?"))
    findings.caller_id = await caller_id_on(modem, findings.profile)
    if off_hook and findings.setup is not None:
        findings.trial = await try_off_hook(modem, findings.setup, listener)


async def _look_into_voice(modem: Modem, findings: Findings) -> None:
    """What only class 8 tells; it is on-hook there too."""
    entered = await ask(modem, "AT+FCLASS=8")
    if entered is not None and not entered.ok:
        return
    findings.codings = listed_codings(await _lines(modem, "AT+VSM=?"))
    findings.sources = _sources(await _lines(modem, "AT+VLS=?"))
    await ask(modem, "AT+FCLASS=0")


async def _lines(modem: Modem, command: str) -> tuple[str, ...]:
    reply = await ask(modem, command)
    return reply.lines if reply is not None and reply.ok else ()


def _sources(lines: Iterable[str]) -> dict[int, str]:
    """Number → label of each line of an answer to `AT+VLS=?`; what is no such line is passed over."""
    found = (re.match(r'\s*(?:\+VLS:)?\s*\(?(\d{1,2})\s*,\s*"([^"]*)"', line) for line in lines)
    return {int(match[1]): match[2] for match in found if match is not None}
