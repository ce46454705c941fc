"""The gateway as a process, and its commands: started, watched, ended."""

import asyncio
import contextlib
import json
import re
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import psutil

from drivers.sip.fork_protocol import WORKER
from tests.broker import PATIENCE

SANSHENG = str(Path(sys.executable).with_name("sansheng"))
SITE = "jinan"


class GatewayProcess:
    """One `sansheng run`. Its log gathers in `log`."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.log: list[str] = []
        self._news = asyncio.Event()
        self._reading = asyncio.create_task(self._read())

    @classmethod
    async def start(cls, config: Path, *options: str, within: Sequence[str] = ()) -> "GatewayProcess":
        """Started; not yet ready. `within`: a command that becomes the one that follows it (`env`)."""
        process = await asyncio.create_subprocess_exec(
            *(*within, SANSHENG, "run", "-c", str(config), *options),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        return cls(process)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def running(self) -> bool:
        return self._process.returncode is None

    async def logged(self, pattern: str, *, count: int = 1, seconds: float = PATIENCE) -> str:
        """The `count`th line of the log that holds `pattern`, as soon as it is there."""
        try:
            async with asyncio.timeout(seconds):
                while len(found := self.lines(pattern)) < count:
                    assert not self._reading.done(), f"ended before it logged {pattern!r}:\n{self.text}"
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            raise AssertionError(f"{pattern!r} not logged within {seconds} s:\n{self.text}") from None
        return found[count - 1]

    def lines(self, pattern: str) -> list[str]:
        return [line for line in self.log if re.search(pattern, line)]

    @property
    def text(self) -> str:
        return "\n".join(self.log)

    def send(self, number: signal.Signals) -> None:
        self._process.send_signal(number)

    async def ended(self, seconds: float = PATIENCE) -> int:
        """Its exit code."""
        async with asyncio.timeout(seconds):
            code = await self._process.wait()
            await self._reading
        return code

    def workers(self) -> list[psutil.Process]:
        """Its softphones, the oldest first."""
        return [child for child in self.children() if child.name() == WORKER]

    def children(self) -> list[psutil.Process]:
        """Everything that it has started, the oldest first."""
        children = psutil.Process(self.pid).children(recursive=True)
        return sorted(children, key=lambda child: child.create_time())

    def family(self) -> list[psutil.Process]:
        """It and its children; nobody once it has ended."""
        with contextlib.suppress(psutil.NoSuchProcess):
            return [psutil.Process(self.pid), *self.children()]
        return []

    async def stop(self) -> None:
        """End it, hard if need be; nothing of it is left, and it never threw a traceback into its log."""
        family = self.family() if self.running else []
        try:
            if family:
                self.send(signal.SIGTERM)
                await self.logged("SIGTERM: draining")
                self.send(signal.SIGTERM)
            await self.ended()
        except (AssertionError, TimeoutError) as error:
            if self.running:
                self._process.kill()
            await self.ended()
            raise AssertionError(f"did not end at SIGTERM: {error}\n{self.text}") from None
        print(self.text)  # shown beside a failure
        assert await gone(family), "a process outlived the gateway"
        assert "Traceback" not in self.text, self.text

    async def _read(self) -> None:
        assert self._process.stderr is not None
        while line := await self._process.stderr.readline():
            self.log.append(line.decode(errors="replace").rstrip())
            self._news.set()
        self._news.set()


async def gone(family: Sequence[psutil.Process]) -> bool:
    """Whether all these processes end within a few seconds."""
    _, alive = await asyncio.to_thread(psutil.wait_procs, list(family), 8)
    for process in alive:
        process.kill()
    return not alive


class Site:
    """One gateway's folder: its config, its data, its processes."""

    def __init__(self, folder: Path, dialplan: Path) -> None:
        self.folder = folder
        self.config = folder / "gateway.toml"
        self._dialplan = dialplan
        self._running: list[GatewayProcess] = []
        self.options: tuple[str, ...] = ()
        """Of `sansheng run`."""
        self.within: tuple[str, ...] = ()
        """The command that `sansheng run` is started by."""

    def write(self, *tables: str, on_ring: int = 1, agents: Sequence[str] = (), **top: Any) -> Path:
        """gateway.toml of top-level keys and whole tables. Without `agents` it is 801 who greets, and no number of
        customers is an overflow."""
        keys = {"site": SITE, "dialplan": str(self._dialplan), "data_dir": "var", **top}
        lines = [f"{key} = {json.dumps(value)}" for key, value in keys.items()]
        people = [f'[[agents]]\nnumber = "{number}"' for number in agents]
        answer = f"[answer]\non_ring = {on_ring}"
        self.config.write_text("\n\n".join(["\n".join(lines), *tables, *people, answer, ""]))
        return self.config

    async def start(self, *, ready: bool = True) -> GatewayProcess:
        gateway = await GatewayProcess.start(self.config, *self.options, within=self.within)
        self._running.append(gateway)
        if ready:
            await gateway.logged("ready:", seconds=2 * PATIENCE)  # where many start at once on a machine
        return gateway

    async def calls(self) -> list[dict[str, Any]]:
        """`sansheng calls --json`."""
        code, out, err = await run("calls", "-c", str(self.config), "--json")
        assert code == 0, err
        return [json.loads(line) for line in out.splitlines()]

    async def call_of(self, caller: str) -> dict[str, Any]:
        """The one call on record from that number."""
        (found,) = [call for call in await self.calls() if call["caller"] == caller]
        return found

    async def stop(self) -> None:
        """End every gateway; one that does not end as it should keeps no other from its end."""
        stopped = await asyncio.gather(*(gateway.stop() for gateway in self._running), return_exceptions=True)
        for wrong in filter(None, stopped):
            raise wrong


@contextlib.asynccontextmanager
async def site_in(folder: Path, dialplan: Path) -> AsyncIterator[Site]:
    """A site whose gateways are stopped at the end."""
    site = Site(folder, dialplan)
    try:
        yield site
    finally:
        await site.stop()


async def run(*arguments: str) -> tuple[int, str, str]:
    """One `sansheng` command: exit code, standard output, standard error."""
    process = await asyncio.create_subprocess_exec(
        SANSHENG, *arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    async with asyncio.timeout(PATIENCE):
        out, err = await process.communicate()
    assert process.returncode is not None
    return process.returncode, out.decode(), err.decode()


def sip_line(line: str, port: int, **keys: Any) -> str:
    values = {
        "id": line,
        "driver": "sip",
        "listen": f"127.0.0.1:{port}",
        "aor": f"sip:8801@127.0.0.1:{port}",
        "ring_period": 0.5,
        **keys,
    }
    return "\n".join(["[[lines]]", *(f"{key} = {json.dumps(value)}" for key, value in values.items())])


def fxo_line(line: str, port: str | Path) -> str:
    return f'[[lines]]\nid = "{line}"\ndriver = "fxo"\nport = "{port}"'


def mqtt(url: str, **keys: Any) -> str:
    values = {"url": url, **keys}
    return "\n".join(["[mqtt]", *(f"{key} = {json.dumps(value)}" for key, value in values.items())])
