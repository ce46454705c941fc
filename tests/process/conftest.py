"""A site for a gateway, a broker, and the dialplan all these gateways use."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.broker import Mosquitto
from tests.process.gateway import Site, site_in
from tests.process.material import make_dialplan


@pytest.fixture(scope="session")
def dialplan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dialplans")
    return folder / make_dialplan(folder)


@pytest.fixture
async def site(tmp_path: Path, dialplan: Path) -> AsyncIterator[Site]:
    async with site_in(tmp_path, dialplan) as site:
        yield site


@pytest.fixture
async def mosquitto(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Mosquitto]:
    broker = Mosquitto(tmp_path_factory.mktemp("mosquitto"))
    await broker.start()
    yield broker
    broker.kill()
