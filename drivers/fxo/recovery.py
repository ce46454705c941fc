"""The escalation ladder for a modem that does not answer, mildest step first.

After any step of it the whole start-up is repeated by the caller: nothing is known to have survived. The
last step, asking for a replug, is the line's own.
"""

import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress

from drivers.fxo.dialogue import PROBE_TIMEOUT, probe
from drivers.fxo.errors import ModemSilent, NoAnswer
from drivers.fxo.modem import Modem

logger = logging.getLogger(__name__)

DTR_LONG = 2.0
"""A Zoom 2949L wanted this long."""
RESET_TIMEOUT = 2.0
REOPEN_PAUSE = 1.0
"""Seconds closed: the kernel drops DTR, and USB firmware takes its time to see it."""


async def wake(modem: Modem, port: str) -> None:
    """Bring the modem to answer AT, out of whatever state it is in. Raises ModemSilent, PortLost."""
    rungs: tuple[Callable[[], Awaitable[bool]], ...] = (
        lambda: _break_in(modem),
        lambda: modem.wire.drop_dtr(modem.delays.dtr_low),
        lambda: modem.wire.drop_dtr(DTR_LONG),
        lambda: _reset(modem),
        lambda: _reopen(modem),
    )
    for height, rung in enumerate(rungs):
        if not await rung():
            continue  # this port has no such rung
        with suppress(NoAnswer):
            await probe(modem, patient=height == 0)
            if height:
                logger.warning("%s: the modem answers again after recovery step %d", port, height + 1)
            return
    raise ModemSilent(
        f"{port}: the modem does not answer AT. Unplug it, wait five seconds, plug it in again; "
        "if that does not help, check that `port` is the modem's first tty and that no other program uses it"
    )


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
