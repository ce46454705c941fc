"""Kamailio with the very files of deploy/kamailio; only addresses and paths are given anew."""

import asyncio
import contextlib
import os
import subprocess
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

from tests.broker import PATIENCE, tool

FILES = Path(__file__).parents[2] / "deploy" / "kamailio"


class Balancer:
    """One Kamailio and its commands."""

    def __init__(self, folder: Path, address: str, trunk: str) -> None:
        self.address = address
        self._folder = folder
        self._list = folder / "dispatcher.list"
        self._trunk = trunk
        self._ctl = f"unixs:{folder / 'ctl'}"
        self._environment = {**os.environ, "CTL": self._ctl, "DISPATCHER_LIST": str(self._list)}
        self.log = folder / "kamailio.log"

    @contextlib.asynccontextmanager
    async def running(self, lines: int, first_port: int, gateways: Sequence[str]) -> AsyncIterator[None]:
        """Up, with so many lines of each gateway (`name=address`)."""
        self._list.write_text(await self._run("lines", str(lines), str(first_port), "4", *gateways))
        addresses = self._folder / "address.list"
        addresses.write_text((FILES / "address.list").read_text().replace("192.0.2.100", self._trunk))
        with self.log.open("w") as log:
            process = await asyncio.create_subprocess_exec(
                *(tool("kamailio", "kamailio"), "-f", str(FILES / "kamailio.cfg"), "-DD", "-E"),
                *("-m", "64", "-M", "8", "-w", str(self._folder), "-Y", str(self._folder)),
                *("-A", f"LISTEN=udp:{self.address}", "-A", f'DISPATCHER_LIST="{self._list}"'),
                *("-A", f'ADDRESS_LIST="{addresses}"', "-A", f'CTL="{self._ctl}"'),
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        try:
            yield
        finally:
            process.terminate()
            await process.wait()

    async def command(self, *arguments: str) -> str:
        """`gateway-state` with these arguments; what it prints."""
        return await self._run("gateway-state", *arguments)

    async def states(self) -> dict[str, str]:
        """Each line's letter by its address and port."""
        shown = await self.command("show")
        return {uri.removeprefix("sip:"): letter for letter, uri in map(str.split, shown.splitlines())}

    async def until(self, letters: str, address: str = "") -> None:
        """Every line of that gateway (of all) has one of these letters."""
        async with asyncio.timeout(3 * PATIENCE):
            while True:
                with contextlib.suppress(subprocess.CalledProcessError):
                    states = await self.states()
                    if states and all(state in letters for at, state in states.items() if at.startswith(address)):
                        return
                await asyncio.sleep(0.1)  # Kamailio tells nobody: it is asked

    async def _run(self, script: str, *arguments: str) -> str:
        process = await asyncio.create_subprocess_exec(
            *(FILES / script, *arguments), env=self._environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        out, _ = await process.communicate()
        if process.returncode:
            raise subprocess.CalledProcessError(process.returncode, script)
        return out.decode()
