"""The gateway's side of the wallboard with real processes: fed, killed, hung, without a port, with no gateway."""

import asyncio
import json
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
from gateway.wallboard import feeder
from gateway.wallboard.feeder import DOWN, Feeder
from gateway.wallboard.settings import Settings
from tests.broker import PATIENCE, free_port
from tests.installed_over import install_over
from tests.service.wallboard_scene import next_event, until

pytestmark = pytest.mark.service

ROOT = "sansheng/jinan"


class Gateway:
    """The feed's part."""

    def __init__(self, folder: Path, port: int = 0, back_off: tuple[float, ...] = (0.1,)) -> None:
        self.tell: Callable[[Message], None] = lambda _: None
        self.alerts: list[tuple[str, bool]] = []
        self.port = port or free_port()
        database = f"sqlite:///{folder}/calls.db"
        settings = Settings("jinan", "127.0.0.1", self.port, "Asia/Shanghai", 4, database, str(folder))
        self.feeder = Feeder(settings, ROOT, self._watch, self._alert, alive=1.0, back_off=back_off)

    def state(self, value: Any, line: str = "a") -> Message:
        return Message(f"{ROOT}/line/{line}/state", encode({"value": value}), retained=True)

    def child(self) -> psutil.Process:
        assert self.feeder.pid is not None
        return psutil.Process(self.feeder.pid)

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
async def gateway(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Gateway]:
    """In a folder with another package of our name."""
    (tmp_path / "gateway").mkdir()
    (tmp_path / "gateway" / "__init__.py").write_text("raise SystemExit('not ours')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SANSHENG_COMMAND_KEY", "three rings")
    monkeypatch.setattr(feeder, "STEADY", 0.0)  # so the first start after a good one never waits as others do
    gateway = Gateway(tmp_path, back_off=(0.1, 2 * PATIENCE))
    yield gateway
    await ended(gateway)


async def ended(gateway: Gateway) -> None:
    child = gateway.feeder.pid
    await gateway.feeder.stop()
    assert child is None or not psutil.pid_exists(child), "it outlived its gateway"


async def test_it_is_fed_and_comes_back_when_killed_and_when_it_hangs(gateway: Gateway) -> None:
    gateway.feeder.start()
    await gateway.until_shown(0)
    gateway.tell(gateway.state(1))
    await gateway.until_shown(1)
    child = gateway.child()
    assert child.nice() > psutil.Process().nice()
    soft, hard = child.rlimit(psutil.RLIMIT_NOFILE)
    assert soft == hard
    assert "SANSHENG_COMMAND_KEY" not in child.environ()
    for number in (signal.SIGTERM, signal.SIGINT):  # as a terminal and a service manager send them to all
        child.send_signal(number)
    gateway.tell(gateway.state(2))
    await gateway.until_shown(2)
    assert gateway.child() == child
    assert gateway.alerts == []
    await killed(gateway)
    await hung(gateway)
    assert [raised for _, raised in gateway.alerts] == [True, False, True, False]


async def killed(gateway: Gateway) -> None:
    gateway.child().kill()
    await until(lambda: gateway.feeder.url is None)
    await gateway.until_shown(2)
    assert gateway.feeder.problem is None
    assert "ended by signal 9" in gateway.alerts[0][0]


async def hung(gateway: Gateway) -> None:
    gateway.child().suspend()
    for value in range(2000):
        gateway.tell(gateway.state("x" * 1000, line=f"b{value % 300}"))
        gateway.tell(gateway.state(value))
    await until(lambda: len(gateway.alerts) == 3)
    assert "hung" in gateway.alerts[2][0]
    await gateway.until_shown(1999)
    assert len(await gateway.shown()) == 301


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


async def test_another_version_is_not_started_beside_this_one(
    gateway: Gateway, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install_over("99.0", tmp_path, monkeypatch)
    gateway.feeder.start()
    await until(lambda: bool(gateway.alerts))
    assert "sansheng 99.0 was installed while" in gateway.alerts[0][0]
    assert "restart the gateway" in gateway.alerts[0][0]
    assert gateway.feeder.pid is None


async def test_what_keeps_browsers_out_ends_it_and_is_told(tmp_path: Path) -> None:
    gateway = Gateway(tmp_path, port=70_000)
    gateway.feeder.start()
    await until(lambda: bool(gateway.alerts))
    assert "failed: OverflowError: bind(): port must be 0-65535" in gateway.alerts[0][0]
    await ended(gateway)


async def test_a_frame_that_cannot_be_made_is_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    gateway = Gateway(tmp_path)
    gateway.feeder.start()
    gateway.tell(Message(f"{ROOT}/kpi", "no bytes", retained=True))  # type: ignore[arg-type] - a mistake of ours
    await until(lambda: bool(gateway.alerts))
    assert "cannot be fed: TypeError" in gateway.alerts[0][0]
    assert any(record.exc_info for record in caplog.records)
    await ended(gateway)


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
