"""Small talk with a modem in command state: tolerant of a lost answer, of ERROR, of makers who differ."""

from collections.abc import Iterable

from drivers.fxo.command_queue import COMMAND_TIMEOUT, Reply
from drivers.fxo.errors import NoAnswer
from drivers.fxo.modem import Modem

PROBE_TIMEOUT = 1.5


async def ask(modem: Modem, command: str, within: float = COMMAND_TIMEOUT) -> Reply | None:
    """The reply; None when it was lost but the modem answers AT. Raises NoAnswer when it answers nothing."""
    try:
        return await modem.command(command, within)
    except NoAnswer:
        await probe(modem)
        return None


async def probe(modem: Modem, *, patient: bool = True) -> Reply:
    """The reply to a plain AT, asked a second time if `patient`. Raises NoAnswer."""
    try:
        return await modem.command("AT", PROBE_TIMEOUT)
    except NoAnswer:
        if not patient:
            raise
    return await modem.command("AT", PROBE_TIMEOUT)


async def first_ok(modem: Modem, commands: Iterable[str]) -> str | None:
    """Send alternatives until one gives OK; that one, or None."""
    for command in commands:
        reply = await ask(modem, command)
        if reply is not None and reply.ok:
            return command
    return None
