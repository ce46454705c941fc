"""What becomes of the records on a box on which the package comes, changes its version and goes."""

import asyncio
import json
import os
import re
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psutil

from tests.package.newer import COLUMN, NEWER, SCHEMA, newer_package
from tests.package.root import APT, CACHE, Root, RootFailed
from tests.package.sandbox import rules_of
from tests.sip.conftest import free_port
from tests.sip.peer.caller import Caller

CONFIG = "/etc/sansheng/gateway.toml"
GATEWAY = """
site = "jinan"
dialplan = "jihua-gas"
data_dir = "/var/lib/sansheng"

[mqtt]
broker_port = {broker}

[[lines]]
id = "sip1"
driver = "sip"
listen = "127.0.0.1:{sip}"
aor = "sip:8801@127.0.0.1:{sip}"
ring_period = 0.5

[[agents]]
number = "801"

[answer]
on_ring = 1
"""


class Journey:
    """Each step stands on the one before."""

    def __init__(self, package: Path) -> None:
        self._package = package
        self._root = Root()
        self._port = free_port()
        self._callers: list[str] = []

    def comes(self) -> None:
        """A newcomer's commands, before anything is configured."""
        root = self._root
        said = root.install(self._package)
        assert "sansheng init" in said, said
        assert "Usage:" in root.run("sansheng", "--help")
        assert "uid" in root.run("id", "sansheng")
        assert "dialout" in root.run("id", "-nG", "sansheng")
        assert root.run("stat", "-c", "%U:%G %a", "/etc/sansheng", "/var/lib/sansheng").split("\n")[:2] == [
            "root:sansheng 750",
            "sansheng:sansheng 750",
        ]
        libraries = root.run("sh", "-c", "find /opt/sansheng -name '*.so*' -type f -exec ldd {} + 2>&1")
        # Bundled libraries are found by whoever loads them; Debian's must be there.
        missing = set(re.findall(r"(\S+) => not found", libraries))
        names = root.run("find", "/opt/sansheng", "-name", "*.so*", "-printf", "%f\n").split()
        assert missing <= set(names), missing - set(names)

    def shows(self) -> None:
        """The main job, without hardware, as an ordinary user."""
        demo = ("sh", "-c", "cd /tmp && sansheng demo")
        try:
            self._root.run(*demo, user="nobody")
        except RootFailed as failed:
            # Emulated modems, their callers and the gateway in real time on one machine: starved for seconds, a
            # modem plays too slowly, and the demo says so. What is wrong with the package is wrong again.
            print(f"shows, the first time: {str(failed)[-1500:]}", flush=True)
            self._root.run(*demo, user="nobody")

    def serves(self) -> None:
        """Configured and started: a call is answered, greeted and on record."""
        root = self._root
        root.have_service_manager()
        rules = rules_of(root.path / "lib/systemd/system/sansheng.service")
        (root.path / "run/sandbox.json").write_text(json.dumps(rules))
        text = GATEWAY.format(broker=free_port(), sip=self._port)
        (root.path / CONFIG[1:]).write_text(text)
        root.run("chown", "root:sansheng", CONFIG)
        root.run("chmod", "640", CONFIG)
        root.run("sansheng", "check", "-c", CONFIG, user="sansheng")
        with told_to(root.path / "run/notify") as manager:
            root.run("systemctl", "start", "sansheng.service")
            self.call("13800000001")
            told = heard(manager)
        assert told[0].startswith("READY=1\nSTATUS=0 calls up"), told
        assert "WATCHDOG=1" in told, told
        self.confined()

    def confined(self) -> None:
        """What the unit forbids is forbidden, and what it grants is there."""
        log = (self._root.path / "run/gateway.log").read_text()
        assert "Permission" not in log, log
        lacking = re.findall(r"(?m)^confined: (.*)$", log)
        print("\n".join(lacking) or "the whole sandbox", flush=True)
        main = psutil.Process(int((self._root.path / "run/gateway.pid").read_text()))
        status = Path(f"/proc/{main.pid}/status").read_text()
        for line in ("CapEff:\t0000000000000000", "CapBnd:\t0000000000000000", "NoNewPrivs:\t1", "Seccomp:\t2"):
            assert line in status, status
        niceness = {child.nice() for child in main.children(recursive=True)}
        assert (-10 in niceness) is not any("niceness" in one for one in lacking), niceness
        assert main.username() not in {"root", "0"}

    def upgraded(self) -> None:
        """The newer version is started again and has migrated; what it writes is more than the older one knows."""
        newer = newer_package(CACHE / "out")
        asyncio.run(self.upgraded_in_a_call(newer, "13800000002"))
        assert self.schema() == SCHEMA, self.schema()
        self.recorded("13800000002")
        self.call("13800000003")
        self.ask(f"UPDATE calls SET {COLUMN} = 'kept' WHERE caller = '13800000003'")

    async def upgraded_in_a_call(self, newer: Path, number: str) -> None:
        """The package waits until the customer who is on the line has hung up."""
        loop = asyncio.get_running_loop()
        with told_to(self._root.path / "run/notify") as manager:
            customer = await self.greeted(number)
            try:
                upgrade = asyncio.create_task(asyncio.to_thread(self._root.install, newer))
                async with asyncio.timeout(60):
                    while "STOPPING=1" not in (await loop.sock_recv(manager, 4096)).decode():
                        pass
                await customer.rtp.wait_for_packets(len(customer.rtp.packets) + 50)  # a second after it
                assert NEWER not in self.installed()
                await hangs_up(customer)
                await upgrade
            finally:
                customer.close()

    def refused(self) -> None:
        """Without its database the newer version stays, and serves again."""
        data = self._root.path / "var/lib/sansheng"
        (data / "spool/0-waits.spool").write_bytes(b'{"as": "a newer version writes it"}\n')
        said = self.back(fails=True)
        assert "1 facts of calls are not in the database yet" in said, said
        assert NEWER in self.installed(), self.installed()
        assert self.schema() == SCHEMA
        self._root.run("systemctl", "is-active", "sansheng.service")  # which has read the spool meanwhile
        self.call("13800000004")

    def rolled_back(self) -> None:
        """The older version serves, with every record; and the newer one finds its own again."""
        before = self.rows("*")
        said = self.back()
        assert "no record was changed" in said, said
        assert NEWER not in self.installed(), self.installed()
        assert self.schema() != SCHEMA
        assert self.rows("*") == before
        self.call("13800000005")
        self._root.install(next((CACHE / "out").glob(f"sansheng_{NEWER}_*.deb")))
        assert self.schema() == SCHEMA
        kept = [row for row in self.rows(f"caller, {COLUMN}") if row[1]]
        assert kept == [("13800000003", "kept")], kept
        self.call("13800000006")

    def goes(self) -> None:
        """Removed, it leaves the records; purged, it tells what it deletes."""
        root = self._root
        root.apt("remove", "sansheng")
        assert list((root.path / "opt").iterdir()) == []
        assert [row[0] for row in self.rows("caller")] == self._callers
        said = root.apt("purge", "sansheng")
        for place in ("etc/sansheng", "var/lib/sansheng"):
            assert not (root.path / place).exists()
            assert f"sansheng: deletes /{place}" in said, said
        told = (root.path / "run/systemctl.told").read_text().split()
        assert "daemon-reload" in told

    def back(self, *, fails: bool = False) -> str:
        name = f"/root/{self._package.name}"
        act = self._root.fails if fails else self._root.run
        return act(*APT, "-q", "install", "--allow-downgrades", name)

    def call(self, number: str) -> None:
        """A customer calls, is greeted, and hangs up; then all who called are on record."""

        async def greeted_and_gone() -> None:
            customer = await self.greeted(number)
            try:
                await hangs_up(customer)
            finally:
                customer.close()

        asyncio.run(greeted_and_gone())
        self.recorded(number)

    async def greeted(self, number: str) -> Caller:
        """A customer whose call is up."""
        customer = await Caller.open(f"sip:8801@127.0.0.1:{self._port}", user=number)
        customer.invite()
        await customer.response("INVITE", 200)
        await customer.rtp.wait_for_packets(25)  # half a second of the greeting
        return customer

    def recorded(self, number: str) -> None:
        """After whose call all who called are on record, each once."""
        self._callers.append(number)
        calls: list[dict[str, Any]] = []
        for _ in range(50):  # until the records' thread has written the end
            calls = [json.loads(line) for line in self.calls().splitlines()]
            if all(call["ended_at"] for call in calls):
                break
        assert [call["caller"] for call in calls] == self._callers, calls
        assert all(call["outcome"] == "answered" and call["released_by"] == "customer" for call in calls), calls
        assert all(call["prompts"] for call in calls), calls

    def calls(self) -> str:
        return self._root.run("sansheng", "calls", "--json", user="sansheng")

    def schema(self) -> object:
        return self.ask("SELECT version_num FROM alembic_version")[0][0]

    def rows(self, columns: str) -> list[tuple[object, ...]]:
        return self.ask(f"SELECT {columns} FROM calls ORDER BY offered_at")

    def ask(self, statement: str) -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(self._root.path / "var/lib/sansheng/calls.db")) as connection, connection:
            return connection.execute(statement).fetchall()

    def installed(self) -> str:
        return self._root.run("dpkg-query", "-W", "-f", "${Version} ${Status}", "sansheng")

    def stop(self) -> None:
        """Nothing of it runs on."""
        if (self._root.path / "usr/bin/systemctl").exists():
            self._root.run("systemctl", "stop", "sansheng.service")


@contextmanager
def told_to(place: Path) -> Iterator[socket.socket]:
    """A service manager's socket at this place; whatever is said there stays in it until it is read."""
    place.unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(os.path.relpath(place))  # an address has 108 bytes
        place.chmod(0o666)
        listening.setblocking(False)
        yield listening


def heard(manager: socket.socket) -> list[str]:
    messages = []
    while True:
        try:
            messages.append(manager.recv(4096).decode())
        except BlockingIOError:
            return messages


async def hangs_up(customer: Caller) -> None:
    customer.bye()
    await customer.response("BYE", 200)
