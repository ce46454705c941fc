"""A whole gateway under a service manager: what that is told, and when it is told nothing."""

import asyncio
import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.broker import Mosquitto
from tests.process.customers import placed
from tests.process.gateway import Site, fxo_line, mqtt, sip_line
from tests.sip.conftest import free_port

pytestmark = pytest.mark.process

WATCHDOG = 0.5
"""Seconds: it tells that it turns twice as often."""


class Manager:
    """Listens where systemd would."""

    def __init__(self, listening: socket.socket) -> None:
        self._listening = listening

    async def told(self, assignment: str, seconds: float = 30.0) -> str:
        """The next message that begins so."""
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(seconds):
            while True:
                message = (await loop.sock_recv(self._listening, 4096)).decode()
                if message.startswith(assignment):
                    return message

    def forget(self) -> None:
        """What has been told so far."""
        try:
            while True:
                self._listening.recv(4096)
        except BlockingIOError:
            pass


@pytest.fixture
def manager(monkeypatch: pytest.MonkeyPatch) -> Iterator[Manager]:
    name = f"sansheng-test-{os.getpid()}"
    monkeypatch.setenv("NOTIFY_SOCKET", f"@{name}")
    monkeypatch.setenv("WATCHDOG_USEC", str(round(WATCHDOG * 1e6)))
    monkeypatch.delenv("WATCHDOG_PID", raising=False)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(f"\0{name}")
        listening.setblocking(False)
        yield Manager(listening)


async def test_ready_turning_hung_reloaded_stopping(site: Site, mosquitto: Mosquitto, manager: Manager) -> None:
    port = free_port()
    site.write(
        mqtt(mosquitto.url), sip_line("sip1", port), fxo_line("fxo1", "/dev/no-modem-here"), drain_seconds=30
    )
    gateway = await site.start(ready=False)
    assert "STATUS=0 calls up; faulty: fxo1" in await manager.told("READY=1")
    await gateway.logged("ready:")
    async with placed(f"sip:8801@127.0.0.1:{port}", "13800000001") as customer:
        await manager.told("STATUS=1 call up; faulty: fxo1")
        await customer.response("INVITE", 200)
        customer.bye()
        await manager.told("STATUS=0 calls up; faulty: fxo1")
    assert [name for name in secrets_of(gateway.workers()[0].pid) if "NOTIFY" in name or "WATCHDOG" in name] == []
    await manager.told("WATCHDOG=1")
    gateway.send(signal.SIGSTOP)
    await asyncio.to_thread(os.waitid, os.P_PID, gateway.pid, os.WSTOPPED | os.WNOWAIT)
    manager.forget()
    with pytest.raises(TimeoutError):
        await manager.told("", seconds=3 * WATCHDOG)
    gateway.send(signal.SIGCONT)
    await manager.told("WATCHDOG=1")
    gateway.send(signal.SIGHUP)
    await manager.told("RELOADING=1")
    await manager.told("READY=1")
    gateway.send(signal.SIGTERM)
    assert "EXTEND_TIMEOUT_USEC=90000000" in await manager.told("STOPPING=1")
    assert await gateway.ended() == 0


def secrets_of(process: int) -> list[str]:
    return Path(f"/proc/{process}/environ").read_text().split("\0")
