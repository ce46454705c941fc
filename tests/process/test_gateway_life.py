"""The gateway's own life where something fails: a start that does not come to its end, a database that hangs."""

import asyncio
import contextlib
import tempfile
import threading
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import psutil
import pytest

from drivers.line import Capabilities
from drivers.line.line import Report
from drivers.line.scripted import ScriptedLine
from drivers.sip.line import SipLine
from gateway import app
from gateway.app import Gateway
from gateway.config import load_config
from gateway.database import Database
from gateway.starting import StartError, lock
from gateway.tickets import DueCallBack
from tests.broker import PATIENCE
from tests.process.gateway import Site, mqtt, sip_line
from tests.sip.conftest import free_port

pytestmark = pytest.mark.process

AGENT = '[[agents]]\nnumber = "801"\nextension = "sip:801@127.0.0.1:{port}"'
CALL_BACKS = '[call_backs]\nline = "sip1"\naddress = "sip:{number}@127.0.0.1"\nnumbers = ["1"]'


class Trunk(ScriptedLine):
    """A line that dials, and tells when it is closed."""

    def __init__(self, line_id: str, fails: BaseException | None = None) -> None:
        super().__init__(line_id)
        self.capabilities = Capabilities(max_legs=4, dials=True)
        self.closing = asyncio.Event()
        self._fails = fails

    async def open(self, report: Report) -> None:
        if self._fails is not None:
            raise self._fails
        await super().open(report)

    async def close(self) -> None:
        await super().close()
        self.closing.set()


@pytest.fixture
async def sockets(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Path]:
    """Where temporary files are; empty."""
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        monkeypatch.setattr(tempfile, "tempdir", folder)
        yield Path(folder)


@contextlib.asynccontextmanager
async def leaves_nothing(site: Site, sockets: Path) -> AsyncIterator[None]:
    """What is done in it leaves no task, thread, process, open file, folder or lock behind."""
    me = psutil.Process()
    tasks, threads, files = asyncio.all_tasks(), set(_threads()), me.num_fds()
    processes = set(me.children(recursive=True))  # a browser, where one is kept for other tests
    yield
    assert asyncio.all_tasks() == tasks
    assert set(_threads()) <= threads
    assert set(me.children(recursive=True)) <= processes, "a worker is left"
    assert not _inside(sockets)
    lock(site.folder / "var").close()
    assert me.num_fds() <= files, me.open_files()


def _threads() -> list[threading.Thread]:
    """All but asyncio's own, which it keeps for later."""
    return [thread for thread in threading.enumerate() if not thread.name.startswith("asyncio_")]


def made(site: Site, lines: dict[str, Trunk], monkeypatch: pytest.MonkeyPatch) -> Gateway:
    """A gateway whose customers' lines are `lines`; its desk's are softphones."""
    tables = [sip_line(name, free_port()) for name in lines]
    site.write(mqtt("mqtt://127.0.0.1:1"), *tables, AGENT.format(port=free_port()), CALL_BACKS, drain_seconds=0)
    monkeypatch.setattr(app, "build_line", lambda line: lines[line.id])
    return Gateway(load_config(site.config))


@pytest.mark.parametrize("fails", [OSError("no more processes"), asyncio.CancelledError()])
async def test_a_start_that_fails_closes_what_it_has_opened(
    site: Site, sockets: Path, monkeypatch: pytest.MonkeyPatch, fails: BaseException
) -> None:
    lines = {"sip1": Trunk("sip1"), "sip2": Trunk("sip2", fails)}
    async with leaves_nothing(site, sockets):
        gateway = made(site, lines, monkeypatch)
        assert _inside(sockets)
        with pytest.raises(type(fails)):
            await gateway.start()
        assert lines["sip1"].closed
        del gateway


async def test_a_database_of_a_newer_version_forbids_to_begin(
    site: Site, sockets: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = Database("sqlite:///calls.db", site.folder / "var")
    database.prepare()
    with database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    database.close()
    async with leaves_nothing(site, sockets):
        gateway = made(site, {"sip1": Trunk("sip1")}, monkeypatch)
        with pytest.raises(StartError, match="was made by a newer version of sansheng"):
            await gateway.start()
        del gateway


async def test_a_gateway_that_cannot_be_made_holds_nothing(
    site: Site, sockets: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with leaves_nothing(site, sockets):
        monkeypatch.setattr(app, "build_desk_line", _no_desk_line)
        with pytest.raises(OSError, match="no address") as error:
            made(site, {"sip1": Trunk("sip1")}, monkeypatch)
        assert error.traceback, "its frames are kept, and all that they hold"


async def test_lines_drain_though_the_tickets_hang(
    site: Site, sockets: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, answers = threading.Event(), threading.Event()

    def hangs(now: datetime) -> list[DueCallBack]:
        assert threading.current_thread().name.startswith("database-"), "asyncio's own threads are not for this"
        asked.set()
        answers.wait()
        return []

    lines = {"sip1": Trunk("sip1")}
    async with leaves_nothing(site, sockets):
        gateway = made(site, lines, monkeypatch)
        monkeypatch.setattr(gateway._office.tickets, "due_call_backs", hangs)
        await gateway.start()
        assert await asyncio.to_thread(asked.wait, PATIENCE)
        stopping = asyncio.create_task(gateway.stop())
        try:
            async with asyncio.timeout(PATIENCE):
                await lines["sip1"].closing.wait()
            assert not stopping.done(), "the tickets still hang"
        finally:
            answers.set()
            await stopping


def _inside(folder: Path) -> list[Path]:
    return list(folder.iterdir())


def _no_desk_line(line: object) -> SipLine:
    raise OSError("no address is free")


@pytest.mark.parametrize(("part", "name"), [("feed", "Feed"), ("_office", "Office")])
async def test_what_does_not_end_well_never_keeps_the_records_from_it(
    part: str,
    name: str,
    site: Site,
    sockets: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with leaves_nothing(site, sockets):
        gateway = made(site, {"sip1": Trunk("sip1")}, monkeypatch)
        await gateway.start()
        stop = getattr(gateway, part).stop

        async def fails() -> None:
            await stop()
            raise OSError("no end")

        monkeypatch.setattr(getattr(gateway, part), "stop", fails)
        await gateway.stop()
        assert f"{name} did not stop as it should" in caplog.text
        del gateway
        monkeypatch.undo()
