"""A line on a raw modem."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from drivers.fxo.config import FxoConfig
from drivers.fxo.line import FxoLine
from tests.unit.fxo.peer import RawPeer


@pytest.fixture
async def peer(tmp_path: Path) -> AsyncIterator[RawPeer]:
    peer = RawPeer(tmp_path)
    yield peer
    peer.unplug()


@pytest.fixture
async def line(peer: RawPeer) -> AsyncIterator[FxoLine]:
    line = FxoLine(FxoConfig("fxo1", str(peer.path)))
    yield line
    await line.close()
