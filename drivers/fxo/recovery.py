"""The escalation ladder for a modem that does not answer, mildest step first.

After any step of it the whole start-up is repeated by the caller: nothing is known to have survived. The
last step, asking for a replug, is the line's own.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress

from drivers.fxo.dialogue import PROBE_TIMEOUT, probe
from drivers.fxo.errors import REPLUG, ModemSilent, NoAnswer
from drivers.fxo.modem import Modem

logger = logging.getLogger(__name__)

DTR_LONG = 2.0
"""A Zoom 2949L wanted this long."""
RESET_TIMEOUT = 2.0
LADDER_LIMIT = 30.0
"""Seconds of the whole ladder: 16 as a rule, more where calls on the port take their time."""
REOPEN_PAUSE = 1.0
"""Seconds closed: the kernel drops DTR, and USB firmware takes its time to see it."""


async def wake(modem: Modem, port: str) -> None:
    """Bring the modem to answer AT, out of whatever state it is in. Raises ModemSilent after LADDER_LIMIT at the
    latest, PortLost, and the errors of opening a port."""
    with suppress(TimeoutError):
        async with asyncio.timeout(LADDER_LIMIT):
            if await _climb(modem, port):
                return
    raise ModemSilent(
        f"{port}: the modem does not answer AT. {REPLUG.capitalize()}; "
        "if that does not help, check that `port` is the modem's first tty and that no other program uses it"
    )


async def _climb(modem: Modem, port: str) -> bool:
    rungs: tuple[tuple[str, Callable[[], Awaitable[bool]]], ...] = (
        ("every end of a voice stream", lambda: _break_in(modem)),
        ("DTR low", lambda: modem.wire.drop_dtr(modem.delays.dtr_low)),
        ("a longer DTR low", lambda: modem.wire.drop_dtr(DTR_LONG)),
        ("ATH0 and ATZ", lambda: _reset(modem)),
        ("closing and opening the port", lambda: _reopen(modem)),
    )
    for height, (name, rung) in enumerate(rungs):
        if not await rung():
            continue  # this port has no such rung
        with suppress(NoAnswer):
            await probe(modem, patient=height == 0)
            if height:
                logger.warning("%s: the modem answers again after %s", port, name)
            return True
    return False


async def _break_in(modem: Modem) -> bool:
    await modem.escape()
    return True


async def _reopen(modem: Modem) -> bool:
    await modem.wire.reopen(REOPEN_PAUSE)
    await modem.escape()
    return True


async def _reset(modem: Modem) -> bool:
    await modem.escape()
    for command, within in (("ATH0", PROBE_TIMEOUT), ("ATZ", RESET_TIMEOUT)):
        with suppress(NoAnswer):
            await modem.command(command, within)
    return True
