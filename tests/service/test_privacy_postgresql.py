"""Export and erasure of one number, and retention, in a PostgreSQL that two sites share."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from gateway.privacy import Privacy, Retention
from gateway.records import RecordsConfig
from tests.postgres import PostgreSQL
from tests.service.told import MORNING, talker
from tests.unit.privacy.archive import Archive, moved
from tests.unit.tickets.counter import NUMBER

pytestmark = pytest.mark.service

SITES = ("jinan", "weihai")


@pytest.fixture
def archives(tmp_path: Path) -> Iterator[list[Archive]]:
    server = PostgreSQL()
    archives = [Archive(RecordsConfig(site=site, url=server.url, data_dir=tmp_path)) for site in SITES]
    for archive in archives:
        site = archive.config.site
        archive.write(talker(call=site, site=site))
    yield archives
    server.stop()


def test_a_number_is_exported_and_erased_at_every_site(archives: list[Archive]) -> None:
    with Privacy(archives[0].config) as privacy:
        told, _ = privacy.export(NUMBER, MORNING)
        assert [call["site"] for call in told["calls"]] == list(SITES)
        outcome = privacy.erase(f"+86{NUMBER}", by="Li", why="request 7", now=MORNING)
        assert (outcome.erased.calls, outcome.wiped) == (2, "its tables were vacuumed")
        (noted,) = privacy.erasures()
        assert (noted["erased"]["calls"], noted["finished_at"]) == (2, noted["at"])
    assert {call.caller for call in archives[1].calls().values()} == {None}
    database = archives[0].database()
    with database.engine.connect() as connection:
        # A page without a dead row is all-visible, which VACUUM alone notes.
        assert connection.scalar(text("select relallvisible from pg_class where relname = 'calls'")) == 1
        rows = connection.execute(text("select row_to_json(events)::text from events")).scalars().all()
    database.close()
    assert not [row for row in rows if NUMBER in row]


def test_each_gateway_deletes_its_own_old_calls(archives: list[Archive]) -> None:
    archives[1].write(moved(talker(call="young", site="weihai"), timedelta(days=2)))
    retention = Retention(archives[0].config, 30, now=lambda: MORNING + timedelta(days=31))
    assert str(retention.search()).startswith("1 calls, ")
    retention.stop()
    assert set(archives[0].calls()) == {"weihai", "young"}
