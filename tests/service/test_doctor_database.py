"""The doctor and a real PostgreSQL: reached, without rights, of another version, away."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from gateway.doctor.census import Census
from gateway.doctor.database import check_database
from gateway.doctor.finding import Finding, Status
from gateway.doctor.machine import Machine
from gateway.doctor.scene import Scene
from gateway.records import Records, RecordsConfig
from tests.postgres import PostgreSQL
from tests.unit.doctor.tree import config_of, cured, sip

pytestmark = pytest.mark.service


@pytest.fixture(scope="module")
def server() -> Iterator[PostgreSQL]:
    server = PostgreSQL()
    yield server
    server.stop()


def looked(folder: Path, port: int, user: str = "gateway") -> Finding:
    url = f"postgresql://{user}@127.0.0.1:{port}/postgres"
    config = config_of(folder, f'[records]\nurl = "{url}"', sip("127.0.0.1:5062"))
    (found,) = check_database(Scene(Machine(), Census(), config))
    return found


def order(server: PostgreSQL, *statements: str) -> None:
    engine = create_engine(server.url)
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def test_from_an_empty_database_to_one_of_a_newer_version(server: PostgreSQL, tmp_path: Path) -> None:
    assert looked(tmp_path, server.port).finding == "reached"
    order(server, "CREATE USER guest")
    found = looked(tmp_path, server.port, "guest")
    assert found.status is Status.FAULT
    assert 'GRANT CREATE ON SCHEMA public TO \\"guest\\"' in cured(found)
    order(server, "SELECT 1 FROM pg_tables")
    records = Records(RecordsConfig("jinan", url=server.url, data_dir=tmp_path))
    records.start()
    records.stop()
    assert looked(tmp_path, server.port).finding == "reached"
    found = looked(tmp_path, server.port, "guest")
    assert found.status is Status.FAULT
    assert 'GRANT \\"gateway\\" TO \\"guest\\"' in cured(found)
    order(server, "GRANT gateway TO guest")
    assert looked(tmp_path, server.port, "guest").finding == "reached"
    order(server, "UPDATE alembic_version SET version_num = '0001'")
    assert "of an earlier version (0001)" in looked(tmp_path, server.port, "guest").finding
    order(server, "UPDATE alembic_version SET version_num = '9999'")
    found = looked(tmp_path, server.port)
    assert found.status is Status.FAULT
    assert "its schema is 9999" in found.finding


def test_a_server_that_is_away_or_does_not_know_the_user(server: PostgreSQL, tmp_path: Path) -> None:
    found = looked(tmp_path, 1)
    assert found.status is Status.FAULT
    assert "psql -h 127.0.0.1 -p 1 -U gateway postgres" in cured(found)
    found = looked(tmp_path, server.port, "nobody_of_that_name")
    assert "nobody_of_that_name" in found.finding
