"""Every figure by plain SQL over a real PostgreSQL, and by us over the same rows."""

from pathlib import Path

import pytest
from sqlalchemy import create_engine

from gateway.records import RecordsConfig
from tests.postgres import PostgreSQL
from tests.service.figures_checked import by_sql, by_us, differing, fill

pytestmark = pytest.mark.service


def test_every_figure_is_what_plain_sql_counts(tmp_path: Path) -> None:
    server = PostgreSQL()
    try:
        fill(RecordsConfig(site="jinan", url=server.url, data_dir=tmp_path), calls=80, tickets=40, seed=2)
        engine = create_engine(server.url)
        with engine.connect() as connection:
            assert differing(by_us(connection), by_sql(connection)) == {}
        engine.dispose()
    finally:
        server.stop()
