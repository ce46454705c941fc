"""What a service manager is told, read from the socket it would listen at."""

import asyncio
import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gateway.service_manager import PATIENCE, ServiceManager

pytestmark = pytest.mark.unit


@pytest.fixture(params=["file", "abstract"])
def heard(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[socket.socket, str]]:
    """A service manager's socket, and its name in the environment."""
    name = str(tmp_path / "notify") if request.param == "file" else f"@sansheng-test-{os.getpid()}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind("\0" + name[1:] if name.startswith("@") else name)
        listening.setblocking(False)
        yield listening, name


def told(listening: socket.socket) -> list[list[str]]:
    """Every message so far, each in its lines."""
    messages = []
    while True:
        try:
            messages.append(listening.recv(4096).decode().split("\n"))
        except BlockingIOError:
            return messages


def test_a_life_is_told_in_order(heard: tuple[socket.socket, str]) -> None:
    listening, name = heard
    manager = ServiceManager({"NOTIFY_SOCKET": name})
    manager.ready("0 calls up")
    manager.status("0 calls up")  # as before: nothing new
    manager.status("1 call up")
    with manager.reloading():
        assert told(listening)[2][0] == "RELOADING=1"
    manager.stopping(30.0)
    manager.close()
    manager.status("nobody listens any more")
    microseconds = round((30.0 + PATIENCE) * 1e6)
    assert told(listening) == [
        ["READY=1"],
        ["STOPPING=1", "STATUS=draining, 30 s at most", f"EXTEND_TIMEOUT_USEC={microseconds}"],
    ]


def test_ready_again_after_a_reload_that_failed(heard: tuple[socket.socket, str]) -> None:
    listening, name = heard
    manager = ServiceManager({"NOTIFY_SOCKET": name})
    with pytest.raises(LookupError), manager.reloading():
        raise LookupError
    assert [message[0] for message in told(listening)] == ["RELOADING=1", "READY=1"]
    manager.close()


async def test_the_loop_tells_that_it_turns_and_what_has_changed(heard: tuple[socket.socket, str]) -> None:
    listening, name = heard
    manager = ServiceManager({"NOTIFY_SOCKET": name, "WATCHDOG_USEC": "2000", "WATCHDOG_PID": str(os.getpid())})
    standing = ["0 calls up"]
    manager.ready(standing[-1])
    standing.append("1 call up")
    keeping = asyncio.create_task(manager.keep(lambda: standing[-1]))
    messages = await until(listening, lambda found: found.count(["WATCHDOG=1"]) >= 3)
    assert messages.count(["STATUS=1 call up"]) == 1
    keeping.cancel()
    await asyncio.wait([keeping])
    told(listening)
    manager.close()


async def test_who_is_not_watched_tells_no_beats(heard: tuple[socket.socket, str]) -> None:
    listening, name = heard
    for environ in (
        {"NOTIFY_SOCKET": name},
        {"NOTIFY_SOCKET": name, "WATCHDOG_USEC": "0"},
        {"NOTIFY_SOCKET": name, "WATCHDOG_USEC": "2000", "WATCHDOG_PID": str(os.getpid() + 1)},
    ):
        manager = ServiceManager(environ)
        keeping = asyncio.create_task(manager.keep(lambda: "as it is"))
        assert await until(listening, bool) == [["STATUS=as it is"]], environ
        keeping.cancel()
        manager.close()


async def test_a_status_that_cannot_be_told_does_not_end_the_beats(
    heard: tuple[socket.socket, str], caplog: pytest.LogCaptureFixture
) -> None:
    """For want of them the calls would be cut, which go on."""
    listening, name = heard
    manager = ServiceManager({"NOTIFY_SOCKET": name, "WATCHDOG_USEC": "2000", "WATCHDOG_PID": str(os.getpid())})

    def wrong() -> str:
        raise LookupError

    keeping = asyncio.create_task(manager.keep(wrong))
    await until(listening, lambda found: found.count(["WATCHDOG=1"]) >= 3)
    assert "what it does cannot be told" in caplog.text
    keeping.cancel()
    await asyncio.wait([keeping])
    manager.close()


async def test_in_a_terminal_nothing_is_sent_and_nothing_waits() -> None:
    manager = ServiceManager({"WATCHDOG_USEC": "2000"})
    manager.ready("")
    await manager.keep(lambda: "")
    with manager.reloading():
        manager.stopping(1.0)
    manager.close()


def test_a_manager_that_is_gone_or_full_costs_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    manager = ServiceManager({"NOTIFY_SOCKET": str(tmp_path / "gone")})
    manager.ready("")
    assert "not told READY=1: No such file or directory" in caplog.text
    manager.close()
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as deaf:
        deaf.bind(str(tmp_path / "deaf"))
        manager = ServiceManager({"NOTIFY_SOCKET": str(tmp_path / "deaf")})
        for number in range(10_000):
            manager.status(str(number))
        manager.close()
    assert "Resource temporarily unavailable" in caplog.text


async def test_what_a_full_manager_did_not_take_it_is_told_once_it_reads_again(
    heard: tuple[socket.socket, str], caplog: pytest.LogCaptureFixture
) -> None:
    """A lost READY=1 would be a reload that never ends, a lost STOPPING=1 a drain cut short."""
    listening, name = heard
    manager = ServiceManager({"NOTIFY_SOCKET": name, "WATCHDOG_USEC": "2000"})

    def fill() -> None:
        for number in range(1000):
            manager.status(str(number))

    fill()
    with manager.reloading():
        pass
    manager.status("0 calls up")
    assert len(caplog.records) == 1, "told once, as long as it is deaf for the same cause"
    told(listening)
    keeping = asyncio.create_task(manager.keep(lambda: "0 calls up"))
    assert (await until(listening, lambda found: ["STATUS=0 calls up"] in found))[0] == ["READY=1"]
    fill()
    manager.stopping(30.0)
    told(listening)
    await until(listening, lambda found: any(message[0] == "STOPPING=1" for message in found))
    keeping.cancel()
    await asyncio.wait([keeping])
    manager.close()


def test_processes_that_it_starts_do_not_speak_for_it(heard: tuple[socket.socket, str]) -> None:
    environ = {"NOTIFY_SOCKET": heard[1], "WATCHDOG_USEC": "2000", "WATCHDOG_PID": "1", "PATH": "/bin"}
    ServiceManager(environ).close()
    assert environ == {"PATH": "/bin"}


async def until(listening: socket.socket, enough: Callable[[list[list[str]]], bool]) -> list[list[str]]:
    """Messages, until there are enough."""
    messages: list[list[str]] = []
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(10):
        while not enough(messages):
            messages.append((await loop.sock_recv(listening, 4096)).decode().split("\n"))
    return messages
