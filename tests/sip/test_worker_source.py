"""Where workers come from: forked off a server that may die or hang, or by themselves, and what they share."""

import asyncio
import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from drivers import own_process
from drivers.line import LineFault, LineRestored
from drivers.sip import worker_source
from drivers.sip.fork_protocol import FORK_SERVER, WORKER
from tests.installed_over import install_over
from tests.sip.conftest import Bench, OpenLine

pytestmark = pytest.mark.sip

MOST_OF_ITS_OWN = 0.3
"""Of a forked worker's memory; one that was started by itself has half of it for itself alone."""
LOADED_BY_OTHERS = {"gateway", "pydantic", "soundfile", "aiomqtt", "sqlalchemy", "aiohttp", "serial"}


def servers() -> list[psutil.Process]:
    return [child for child in psutil.Process().children() if child.name() == FORK_SERVER]


def own_share(pid: int | None) -> float:
    """How much of a process's resident memory no other process shares."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    sizes = {name: int(size) for name, size in re.findall(r"^(\w+):\s+(\d+) kB", rollup, re.MULTILINE)}
    return (sizes["Private_Dirty"] + sizes["Private_Clean"]) / sizes["Rss"]


async def test_workers_share_one_servers_memory_and_are_the_gateways_own_children(open_line: OpenLine) -> None:
    lines = [(await open_line()).line for _ in range(2)]
    (server,) = servers()
    assert server.num_threads() == 1
    for line in lines:
        worker = psutil.Process(line.worker_pid)
        assert (worker.ppid(), worker.name()) == (os.getpid(), WORKER)
        assert own_share(line.worker_pid) < MOST_OF_ITS_OWN
        await line.close()
        assert not worker.is_running()
    assert not servers()


async def test_a_dead_server_costs_no_call_and_is_replaced_for_the_next_worker(bench: Bench) -> None:
    caller, _ = await bench.answered_call()
    (server,) = servers()
    server.kill()
    pid = bench.line.worker_pid
    caller.bye()
    await caller.response("BYE", 200)
    assert not bench.reports.of(LineFault)
    os.kill(pid, signal.SIGKILL)
    await bench.reports.wait(LineRestored, count=2)
    assert servers() != [server]
    assert own_share(bench.line.worker_pid) < MOST_OF_ITS_OWN
    await bench.answered_call()


async def test_a_server_that_hangs_is_killed_and_replaced(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_source, "FORK_LIMIT", 0.3)
    (server,) = servers()
    server.suspend()
    os.kill(bench.line.worker_pid, signal.SIGKILL)
    await bench.reports.wait(LineRestored, count=2)
    assert servers() != [server]
    assert not server.is_running()


async def test_who_no_longer_waits_for_a_worker_leaves_none_for_the_next() -> None:
    pairs = [socket.socketpair() for _ in range(3)]
    async with worker_source.worker_source() as source:
        first = await source.start(pairs[0][1])
        (server,) = servers()
        server.suspend()
        given_up = asyncio.create_task(source.start(pairs[1][1]))
        await asyncio.sleep(0.2)  # its order is in the server's socket
        given_up.cancel()
        await asyncio.sleep(0)
        server.resume()
        with pytest.raises(asyncio.CancelledError):
            await given_up
        last = await source.start(pairs[2][1])
        for end in (*pairs[0], *pairs[2]):
            end.close()
        async with asyncio.timeout(30):
            await first.wait()
            await last.wait()  # it had the socket that was closed, not that of the one given up
    for end in pairs[1]:
        end.close()


async def test_another_version_under_a_gateway_costs_no_call_and_starts_no_server(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install_over("99.0", tmp_path, monkeypatch)
    os.kill(bench.line.worker_pid, signal.SIGKILL)
    await bench.reports.wait(LineRestored, count=2)  # forked off the server, which is of the gateway's own version
    caller, _ = await bench.answered_call()
    (server,) = servers()
    server.kill()
    caller.bye()
    await caller.response("BYE", 200)
    os.kill(bench.line.worker_pid, signal.SIGKILL)
    await bench.reports.wait(LineFault, count=3)
    assert "restart the gateway" in bench.reports.of(LineFault)[-1].detail
    assert not servers()
    monkeypatch.undo()
    await bench.reports.wait(LineRestored, count=3)


async def test_where_nobody_forks_a_worker_starts_by_itself(
    open_line: OpenLine, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(worker_source, "LOAD_LIMIT", 0.0)
    bench = await open_line()
    assert not servers()
    assert psutil.Process(bench.line.worker_pid).name() == WORKER
    assert "a worker starts by itself" in caplog.text
    await bench.answered_call()


def test_a_worker_loads_nothing_of_the_gateways() -> None:
    code = "from drivers.sip import fork_server; fork_server.load(); import sys; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], env=own_process.environment(), capture_output=True, text=True, check=True
    )
    assert not {name.partition(".")[0] for name in loaded.stdout.split()} & LOADED_BY_OTHERS
