"""What the checks of one run share: the machine, its processes, the config, and which gateway is this config's."""

from dataclasses import dataclass
from functools import cached_property

from gateway.config import FxoLineConfig, GatewayConfig, SipLineConfig
from gateway.doctor.census import Census, Process
from gateway.doctor.machine import Machine
from gateway.doctor.tty import Tty, look_at, plugged_in

LOCK = "gateway.lock"
"""In data_dir, held by the gateway that uses it."""


@dataclass(frozen=True)
class Scene:
    """One look at everything; without a config the machine alone."""

    machine: Machine
    census: Census
    config: GatewayConfig | None = None

    @cached_property
    def gateway(self) -> Process | None:
        """The gateway that runs with this config's data_dir; without a config, any."""
        if self.config is not None:
            holders = self.census.holders((self.config.data_path / LOCK).resolve())
            return holders[0] if holders else None
        return next((process for process in self.census.processes.values() if process.is_gateway), None)

    @cached_property
    def ttys(self) -> list[tuple[str, Tty]]:
        """The ports to be looked at, each with its line's id; without a config all that are plugged in."""
        if self.config is None:
            return [(tty.port, tty) for tty in plugged_in(self.machine)]
        lines = (line for line in self.config.lines if isinstance(line, FxoLineConfig))
        return [(line.id, look_at(self.machine, line.port)) for line in lines]

    @property
    def sip_lines(self) -> list[SipLineConfig]:
        """The config's softphones, one for each table."""
        lines = self.config.lines if self.config is not None else ()
        return [line for line in lines if isinstance(line, SipLineConfig)]

    def is_ours(self, process: Process) -> bool:
        """Whether it is the gateway of this config, or one of its softphones."""
        return self.gateway is not None and self.gateway in self.census.family(process)

    def told(self, holders: list[Process]) -> str:
        """Who they are, in words."""
        if not holders:
            return "a program that this user cannot see"
        return ", ".join(
            f"another gateway, {each}" if each.is_gateway and not self.is_ours(each) else str(each)
            for each in holders
        )
