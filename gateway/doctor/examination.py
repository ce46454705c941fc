"""All checks, at the same time, each with a deadline: a broker that never answers holds nothing up."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial

from drivers.fxo.blocking import DeviceCalls
from gateway.config import Fault, GatewayConfig
from gateway.doctor.broker import check_broker
from gateway.doctor.census import Census
from gateway.doctor.clock import check_clock, check_zone, kernel_clock
from gateway.doctor.database import check_database
from gateway.doctor.finding import Finding, fault, ok, warning
from gateway.doctor.libraries import check_packages
from gateway.doctor.limits import check_open_files
from gateway.doctor.looking import LOOK, looked
from gateway.doctor.machine import Machine
from gateway.doctor.metrics import check_metrics
from gateway.doctor.modem_manager import check_modem_manager, is_voice_modem
from gateway.doctor.modems import DEADLINE as ANSWER
from gateway.doctor.modems import LEAVING, check_modem, not_asked
from gateway.doctor.ports import check_ports, may_be_asked
from gateway.doctor.recordings import check_recordings
from gateway.doctor.registrar import check_registrar, registrars
from gateway.doctor.scene import Scene
from gateway.doctor.secrets import check_secrets
from gateway.doctor.sip import check_sip_ports
from gateway.doctor.spool import check_spool
from gateway.doctor.storage import check_data_dir
from gateway.doctor.tty import Tty
from gateway.doctor.wallboard import check_wallboard

DEADLINE = 12.0
"""Seconds for any one check, but a modem's."""
MODEM_DEADLINE = ANSWER + LEAVING + 2.0
"""Seconds for a modem's, which keeps its own time; 2 for a busy machine, as nothing may cut its farewell off."""

Work = Callable[[], Awaitable[list[Finding]]]
Waiting = Callable[[Sequence[str]], None]
"""Told the names of the checks that are not finished yet, whenever one is."""


@dataclass(frozen=True, slots=True)
class _Check:
    name: str
    work: Work
    deadline: float | None = None
    """Seconds; None for DEADLINE."""


class Examination:
    """One look at everything that would stop the gateway. Changes nothing.

    Takes LOOK and MODEM_DEADLINE seconds at most.
    """

    def __init__(
        self, machine: Machine, config: GatewayConfig | None = None, faults: Sequence[Fault] = ()
    ) -> None:
        """Without `config` the machine alone; `faults` are what is wrong in the config and its dialplan."""
        self._scene = Scene(machine, Census.take(machine), config)
        self._faults = faults

    async def findings(self, *, ask_modems: bool = True, waiting: Waiting = lambda _: None) -> list[Finding]:
        """Every check's, in one order always; unless `ask_modems` no port is opened."""
        checks = self._checks(await self._modems() if ask_modems else [])
        left = [check.name for check in checks]

        async def done(check: _Check) -> list[Finding]:
            found = await _in_time(check)
            left.remove(check.name)
            waiting(left)
            return found

        waiting(left)
        results = await asyncio.gather(*(done(check) for check in checks))
        return [finding for found in results for finding in found]

    async def _modems(self) -> list[_Check]:
        """A check for each modem that is to be asked; in a thread, as a wedged device's files may hang."""
        try:
            asked = await looked(self._to_be_asked)
        except TimeoutError:
            return [_plain("modems", lambda: [not_asked(LOOK)])]
        return [_Check(f"modem {line}", partial(check_modem, line, tty), MODEM_DEADLINE) for line, tty in asked]

    def _checks(self, modems: list[_Check]) -> list[_Check]:
        scene = self._scene
        return [
            _plain("config", self._config),
            _plain("recordings", lambda: check_recordings(scene)),
            _Check("packages", lambda: check_packages(scene)),
            _plain("clock", lambda: check_clock(scene, kernel_clock())),
            _plain("time zone", lambda: check_zone(scene)),
            _plain("ports", lambda: check_ports(scene)),
            _plain("ModemManager", lambda: check_modem_manager(scene)),
            *modems,
            _plain("SIP ports", lambda: check_sip_ports(scene)),
            *(_plain(f"registrar of {line.id}", partial(check_registrar, line)) for line in registrars(scene)),
            _plain("broker", lambda: check_broker(scene)),
            _plain("metrics", lambda: check_metrics(scene)),
            _plain("wallboard", lambda: check_wallboard(scene)),
            _plain("secret files", lambda: check_secrets(scene)),
            _plain("data_dir", lambda: check_data_dir(scene)),
            _plain("database", lambda: check_database(scene)),
            _plain("spool", lambda: check_spool(scene)),
            _plain("open files", lambda: check_open_files(scene)),
        ]

    def _to_be_asked(self) -> list[tuple[str, Tty]]:
        """Without a config only what is a voice modem for sure: AT would disturb, or restart, other devices."""
        named = self._scene.config is not None
        return [
            (line, tty)
            for line, tty in self._scene.ttys
            if (named or (tty.usb is not None and is_voice_modem(tty.usb))) and may_be_asked(self._scene, tty)
        ]

    def _config(self) -> list[Finding]:
        if self._scene.config is None or self._faults:
            return [self._mistake(found) for found in dict.fromkeys(self._faults)]
        return [
            ok("config", str(self._scene.config.document.file), f"good; dialplan {self._scene.config.dialplan}")
        ]

    def _mistake(self, found: Fault) -> Finding:
        """As `sansheng check` tells it; a dialplan's is checked with its config."""
        file = self._scene.config.document.file if self._scene.config is not None else found.file
        return fault("config", found.key, str(found), f"mend that line; then: sansheng check -c {file}")


def _plain(name: str, check: Callable[[], list[Finding]]) -> _Check:
    """A check that may block: on a name, a dead disk, a server."""
    return _Check(name, lambda: DeviceCalls().run(check, DEADLINE))


async def _in_time(check: _Check) -> list[Finding]:
    deadline = check.deadline or DEADLINE
    try:
        async with asyncio.timeout(deadline):
            return await check.work()
    except TimeoutError:
        found = f"not finished within {deadline:.0f} s"
        return [warning(check.name, "", found, "a disk, a modem, a server or a name that hangs? run it again")]
    except Exception as error:  # noqa: BLE001 - a check that breaks must not hide what the others found
        found = f"the check itself failed: {type(error).__name__}: {error}"
        return [warning(check.name, "", found, "tell the makers of Sansheng, with this line")]
