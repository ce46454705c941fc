"""One gateway for all telephones of a module, with a broker and somebody who watches."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from tests.broker import Mosquitto, Watcher, watching
from tests.interop.clients import NUMBERS, Baresip, Linphone, Make
from tests.process.gateway import GatewayProcess, Site, mqtt, sip_line, site_in
from tests.process.material import make_dialplan, voice
from tests.process.sounds import sound
from tests.sip.conftest import free_port, write_wav

GREETING = sound(1, 1.0)
"""What the greeting begins with."""
QUIET = 240
"""Seconds of silence in which a caller waits after what he says: as long as any call."""


@dataclass
class Hotline:
    """A gateway of two SIP lines of four calls each. The second rings for long."""

    site: Site
    gateway: GatewayProcess
    watcher: Watcher
    port: int
    slow_port: int
    voices: Path

    @property
    def target(self) -> str:
        return f"sip:8801@127.0.0.1:{self.port}"

    def says(self, seconds: float = 4.0) -> Path:
        """A recording of somebody who waits so long, says what he wants, and is quiet then."""
        path = self.voices / f"{seconds}.wav"
        if not path.exists():
            write_wav(path, [0] * round(seconds * 8000) + voice() + [0] * 8000 * QUIET)
        return path

    @property
    def quiet(self) -> Path:
        """A recording of somebody who says nothing."""
        path = self.voices / "quiet.wav"
        return path if path.exists() else Path(write_wav(path, [0] * 8000 * QUIET))


@contextlib.asynccontextmanager
async def hotline_in(folder: Path, dialplan: Path, *tables: str, **line: object) -> AsyncIterator[Hotline]:
    """`line`: keys of the first line beside the usual ones. `tables`: more of gateway.toml."""
    broker = Mosquitto(folder)
    await broker.start()
    port, slow_port = free_port(), free_port()
    async with contextlib.AsyncExitStack() as stack:
        stack.callback(broker.kill)
        site = await stack.enter_async_context(site_in(folder, dialplan))
        watcher, _ = await stack.enter_async_context(watching(broker.port))
        lines = sip_line("sip1", port, **line), sip_line("sip2", slow_port, ring_period=30.0)
        site.write(mqtt(broker.url), *lines, *tables, on_ring=2)
        yield Hotline(site, await site.start(), watcher, port, slow_port, folder)


@pytest.fixture(scope="session")
def dialplan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Short waits and recordings; the greeting begins with a sound that is like no other."""
    folder = tmp_path_factory.mktemp("dialplans")
    made = folder / make_dialplan(folder)
    write_wav(made / "prompts" / "greeting-part1.wav", GREETING)
    return made


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def hotline(tmp_path_factory: pytest.TempPathFactory, dialplan: Path) -> AsyncIterator[Hotline]:
    async with hotline_in(tmp_path_factory.mktemp("hotline"), dialplan) as hotline:
        yield hotline


@pytest.fixture(params=[Baresip, Linphone], ids=["baresip", "linphone"])
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Make:
    return lambda **options: request.param(tmp_path / "telephone", next(NUMBERS), **options)
