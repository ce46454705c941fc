"""The gateway's side of the wallboard with real processes: fed, killed, hung, without a port, with no gateway."""

import asyncio
import json
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import psutil
import pytest
from aiohttp import ClientSession

from gateway.feed.encoding import Message, encode
from gateway.wallboard.feeder import DOWN, Feeder
from gateway.wallboard.settings import Settings
from tests.broker import PATIENCE, free_port
from tests.service.wallboard_scene import next_event, until

pytestmark = pytest.mark.service

ROOT = "sansheng/jinan"


class Gateway:
    """The feed's part."""

    def __init__(self, folder: Path) -> None:
        self.tell: Callable[[Message], None] = lambda _: None
        self.alerts: list[tuple[str, bool]] = []
        self.port = free_port()
        database = f"sqlite:///{folder}/calls.db"
        settings = Settings("jinan", "127.0.0.1", self.port, "Asia/Shanghai", 4, database, str(folder))
        self.feeder = Feeder(settings, ROOT, self._watch, self._alert, alive=0.3, back_off=(0.1,))

    def state(self, value: Any, line: str = "a") -> Message:
        return Message(f"{ROOT}/line/{line}/state", encode({"value": value}), retained=True)

    async def shown(self) -> dict[str, Any]:
        """What a browser is shown, once there is a wallboard."""
        await until(lambda: self.feeder.url is not None)
        async with ClientSession() as browser, browser.get(f"{self.feeder.url}/stream") as answer:
            messages: dict[str, Any] = (await next_event(answer))[1]["messages"]
            return messages

    async def until_shown(self, value: Any) -> None:
        async with asyncio.timeout(PATIENCE):
            while (await self.shown()).get("line/a/state") != {"value": value}:
                pass

    def _watch(self, watcher: Callable[[Message], None]) -> list[Message]:
        self.tell = watcher
        return [self.state(0)]

    def _alert(self, code: str, detail: str, raised: bool) -> None:
        assert code == DOWN
        self.alerts.append((detail, raised))


@pytest.fixture
async def gateway(tmp_path: Path) -> AsyncIterator[Gateway]:
    gateway = Gateway(tmp_path)
    yield gateway
    child = gateway.feeder.pid
    await gateway.feeder.stop()
    assert child is None or not psutil.pid_exists(child), "it outlived its gateway"


async def test_it_is_fed_and_comes_back_when_killed(gateway: Gateway) -> None:
    gateway.feeder.start()
    await gateway.until_shown(0)
    gateway.tell(gateway.state(1))
    await gateway.until_shown(1)
    child = gateway.feeder.pid
    assert child is not None
    assert psutil.Process(child).nice() > psutil.Process().nice()
    for number in (signal.SIGTERM, signal.SIGINT):  # as a terminal and a service manager send them to all
        os.kill(child, number)
    gateway.tell(gateway.state(2))
    await gateway.until_shown(2)
    assert gateway.feeder.pid == child
    assert gateway.alerts == []
    os.kill(child, signal.SIGKILL)
    await until(lambda: gateway.feeder.pid not in (None, child))
    await gateway.until_shown(2)
    assert gateway.feeder.problem is None
    assert [raised for _, raised in gateway.alerts] == [True, False]
    assert "ended by signal 9" in gateway.alerts[0][0]


async def test_one_that_hangs_is_killed_and_nothing_waits_for_it(gateway: Gateway) -> None:
    gateway.feeder.start()
    await gateway.until_shown(0)
    child = gateway.feeder.pid
    assert child is not None
    os.kill(child, signal.SIGSTOP)
    for value in range(2000):
        gateway.tell(gateway.state("x" * 1000, line=f"b{value % 300}"))
        gateway.tell(gateway.state(value))
    await until(lambda: bool(gateway.alerts))
    assert "hung" in gateway.alerts[0][0]
    await gateway.until_shown(1999)
    assert len(await gateway.shown()) == 301
    assert gateway.alerts[-1][1] is False


async def test_a_port_that_is_taken_is_told_until_it_is_free(gateway: Gateway) -> None:
    with socket.create_server(("127.0.0.1", gateway.port)):
        gateway.feeder.start()
        await until(lambda: bool(gateway.alerts))
        child = gateway.feeder.pid
        assert str(gateway.feeder.problem).startswith(f"127.0.0.1:{gateway.port} cannot be had")
        assert "[wallboard] listen" in str(gateway.feeder.problem)
    await gateway.until_shown(0)
    assert gateway.feeder.pid == child, "it tries by itself"
    assert [raised for _, raised in gateway.alerts] == [True, False]


async def test_started_by_nobody_it_says_whose_it_is() -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "gateway.wallboard"),
        stdin=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(PATIENCE):
        _, told = await process.communicate(json.dumps({}).encode())
    assert process.returncode == 2
    assert b"started by the gateway" in told
    assert b"Traceback" not in told
