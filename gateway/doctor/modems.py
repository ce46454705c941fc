"""The modems themselves: each that nobody holds is asked who it is and whether it does voice, and left on-hook."""

import asyncio

from drivers.fxo.errors import FxoError
from drivers.fxo.start_up import ModemSetup
from drivers.fxo.survey import survey
from drivers.line import FaultCode
from gateway.config.places import page
from gateway.doctor.finding import Finding, fault, ok
from gateway.doctor.tty import Tty

CHECK = "modem"
DEADLINE = 10.0
"""Seconds for a modem to tell of itself: it takes three, and a wedged one wakes within six."""
LEAVING = 6.0
"""Seconds that it may take after that to leave it: 3 for the farewell, which puts the line on-hook, 3 to close."""
_REPLUG = "unplug it, wait five seconds, plug it in again; a modem with several ttys answers on the first"

_CURES = {
    FaultCode.MODEM_SILENT: _REPLUG,
    FaultCode.MODEM_UNFIT: f"use a voice modem; a USR5637 needs firmware 1.2.21 or later: {page('modems.md')}",
    FaultCode.PORT_BUSY: "see who has it: sudo fuser -v {port}",
    FaultCode.PORT_DENIED: "see serial permission, above",
}


async def check_modem(line: str, tty: Tty, deadline: float = DEADLINE) -> list[Finding]:
    """What the modem on a port is. Takes `deadline` and LEAVING seconds at most; the line stays on-hook."""
    try:
        async with asyncio.timeout(deadline):
            found = await survey(tty.port)
    except TimeoutError:
        return [fault(CHECK, line, f"{tty.port}: does not answer AT within {deadline:.0f} s", _REPLUG)]
    except FxoError as error:
        cure = _CURES.get(error.code, _REPLUG).format(port=tty.node or tty.port)
        return [fault(CHECK, line, str(error), cure)]
    return [ok(CHECK, line, _told(found))]


def not_asked(deadline: float) -> Finding:
    """That the kernel did not tell within `deadline` seconds which ports there are."""
    found = f"no modem was asked: the kernel has not told within {deadline:.0f} s what is plugged in"
    return fault(CHECK, "", found, f"a USB device hangs, maybe a modem: {_REPLUG}")


def _told(found: ModemSetup) -> str:
    return f"{found.profile.name} ({found.identity}), voice as {found.modes[0].coding.value}"
