"""Every figure by plain SQL over a real SQLite database, and by us over the same rows."""

from pathlib import Path

import pytest
from sqlalchemy import create_engine

from gateway.kpi.checks import checks
from gateway.kpi.definitions import OF_CALLS, OF_TICKETS
from gateway.records import RecordsConfig
from tests.service.figures_checked import by_sql, by_us, differing, fill

pytestmark = pytest.mark.unit


def test_every_figure_is_what_plain_sql_counts(tmp_path: Path) -> None:
    fill(RecordsConfig(site="jinan", data_dir=tmp_path), calls=150, tickets=60, seed=1)
    engine = create_engine(f"sqlite:///{tmp_path / 'calls.db'}")
    with engine.connect() as connection:
        ours, theirs = by_us(connection), by_sql(connection)
    engine.dispose()
    assert differing(ours, theirs) == {}
    empty = [key for key, value in ours.items() if not value]
    assert empty == [], "what is nought on both sides proves nothing"


def test_of_nothing_they_agree_too(tmp_path: Path) -> None:
    fill(RecordsConfig(site="jinan", data_dir=tmp_path), calls=0, tickets=0, seed=1)
    engine = create_engine(f"sqlite:///{tmp_path / 'calls.db'}")
    with engine.connect() as connection:
        ours, theirs = by_us(connection), by_sql(connection)
    engine.dispose()
    ours["clauses"] = theirs["clauses"]  # no call, no clause
    assert differing(ours, theirs) == {}


def test_every_figure_of_calls_and_tickets_has_a_statement() -> None:
    assert list(checks()) == [one.key for one in (*OF_CALLS, *OF_TICKETS)]
