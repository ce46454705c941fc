"""What gateways with one site share: a database, on SQLite or on a server, each with a folder of its own."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gateway.database import run_lock
from gateway.records import RecordsConfig
from tests.broker import PATIENCE
from tests.postgres import PostgreSQL

SHORT_GRACE = 6.0
"""Seconds: looks that a busy machine makes late are sooner."""


@pytest.fixture
def server() -> Iterator[PostgreSQL]:
    server = PostgreSQL()
    yield server
    server.stop()


@pytest.fixture(params=["sqlite", "postgresql"])
def config(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[str], RecordsConfig]:
    """By the name of the gateway's own folder."""
    file = request.param == "sqlite"
    url = f"sqlite:///{tmp_path}/calls.db" if file else request.getfixturevalue("server").url
    return lambda folder: RecordsConfig(site="jinan", url=url, data_dir=tmp_path / folder)


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """A grace that a test can wait for."""
    monkeypatch.setattr(run_lock, "GRACE", SHORT_GRACE)


def until(done: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not done():
        assert time.monotonic() < end
        time.sleep(0.05)  # other threads and processes write: the database is asked, as nothing tells
