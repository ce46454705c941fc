"""The cluster: gateways with a site and a folder each, one database, one broker, one Kamailio."""

import contextlib
import signal
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.broker import Mosquitto
from tests.cluster.balancer import Balancer
from tests.cluster.callers import Trunk
from tests.postgres import PostgreSQL
from tests.process.gateway import GatewayProcess, Site, mqtt, sip_line
from tests.process.material import make_dialplan

LINES = 5
"""Of each gateway: twenty calls."""
PORT = 5062
PROXY, TRUNK = "127.0.0.1", "127.0.0.100"
GATEWAYS = {"a": "127.0.0.11", "b": "127.0.0.12", "c": "127.0.0.13"}
"""Each has an address of its own, as machines have; all of them are this one."""


@dataclass
class Node:
    """One gateway of the cluster."""

    name: str
    address: str
    site: Site
    gateway: GatewayProcess

    def signal(self, number: signal.Signals) -> None:
        """To the gateway and all its workers, as when a machine stops."""
        for process in self.gateway.family():
            process.send_signal(number)


@dataclass
class Cluster:
    """All of it, up."""

    nodes: dict[str, Node]
    balancer: Balancer
    trunk: Trunk
    database: PostgreSQL
    broker: Mosquitto

    def node_at(self, address: str) -> Node:
        return next(node for node in self.nodes.values() if node.address == address)

    async def records(self) -> list[dict[str, Any]]:
        """Every call on record, of all sites."""
        return await next(iter(self.nodes.values())).site.calls()


def _dialplan(folder: Path) -> Path:
    """Short prompts, and a customer who is silent may be so for a whole test."""
    made = folder / make_dialplan(folder)
    text = made / "dialplan.toml"
    text.write_text(text.read_text().replace("wait = 2.5", "wait = 60.0"))
    return made


@contextlib.asynccontextmanager
async def cluster_in(folder: Path, proxy_port: int) -> AsyncIterator[Cluster]:
    """Up, with every line in Kamailio's list of the living."""
    async with contextlib.AsyncExitStack() as stack:
        broker, database = Mosquitto(folder), PostgreSQL()
        stack.callback(database.stop)
        await broker.start()
        stack.callback(broker.kill)
        dialplan = _dialplan(folder)
        nodes = {}
        for name, address in GATEWAYS.items():
            site = Site(folder / name, dialplan)
            site.folder.mkdir()
            stack.push_async_callback(site.stop)
            line = sip_line(
                name,
                PORT,
                listen=f"{address}:{PORT}",
                aor=f"sip:8801@{address}",
                count=LINES,
                allow=[f"{PROXY}/32"],
            )
            records = f'[records]\nurl = "{database.url.replace("+psycopg", "")}"'
            site.write(mqtt(broker.url), line, records, site=f"cluster-{name}", drain_seconds=60.0)
            # One after the other: fifteen softphones that start together are too much for two cores.
            nodes[name] = Node(name, address, site, await site.start())
        balancer = Balancer(folder, f"{PROXY}:{proxy_port}", TRUNK)
        names = [f"{name}={address}" for name, address in GATEWAYS.items()]
        await stack.enter_async_context(balancer.running(LINES, PORT, names))
        await balancer.until("A")
        trunk = Trunk(balancer.address, TRUNK)
        stack.callback(trunk.close)
        yield Cluster(nodes, balancer, trunk, database, broker)
