"""A gateway that tests ill-treat one after another: two softphones, a modem, a broker, somebody who watches."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import psutil

from drivers.emulator import EmulatedModem
from tests.broker import Mosquitto, Watcher, watching
from tests.process.day import quick_exchange
from tests.process.gateway import GatewayProcess, Site, fxo_line, mqtt, sip_line, site_in
from tests.sip.conftest import free_port


@dataclass
class Scene:
    site: Site
    gateway: GatewayProcess
    broker: Mosquitto
    watcher: Watcher
    modem: EmulatedModem
    ports: dict[str, int]

    def target(self, line: str) -> str:
        return f"sip:8801@127.0.0.1:{self.ports[line]}"

    def worker(self, line: str) -> psutil.Process:
        """The process that has the line's UDP port."""
        return next(
            worker
            for worker in self.gateway.workers()
            if self.ports[line] in {c.laddr.port for c in worker.net_connections(kind="udp")}
        )

    async def restart(self) -> GatewayProcess:
        """A new gateway on the same site."""
        self.gateway = await self.site.start()
        return self.gateway


@contextlib.asynccontextmanager
async def scene_in(folder: Path, dialplan: Path) -> AsyncIterator[Scene]:
    """Everything up, and the watcher there from the first message on."""
    broker = Mosquitto(folder)
    await broker.start()
    ports = {"sip1": free_port(), "sip2": free_port()}
    try:
        async with (
            site_in(folder, dialplan) as site,
            EmulatedModem("usr5637", exchange=quick_exchange()) as modem,
            watching(broker.port) as (watcher, _),
        ):
            lines = (sip_line(line, port) for line, port in ports.items())
            site.write(mqtt(broker.url), *lines, fxo_line("fxo1", modem.port))
            yield Scene(site, await site.start(), broker, watcher, modem, ports)
    finally:
        broker.kill()
