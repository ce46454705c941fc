"""Calls are read some at a time: each once, in the order they were offered, be they offered in the same moment."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, insert

from gateway.records import CallRecord, RecordsConfig, Store
from gateway.records.journal import row_values
from gateway.records.schema import Base, CallRow
from gateway.records.store import AT_ONCE, Wanted
from tests.service.told import MORNING

pytestmark = pytest.mark.unit

COUNT = 2 * AT_ONCE
CALL = CallRecord("c", "jinan", "sip1", "sip", "jihua-gas", "801", MORNING)


@pytest.fixture
def config(tmp_path: Path) -> RecordsConfig:
    engine = create_engine(f"sqlite:///{tmp_path / 'calls.db'}")
    Base.metadata.create_all(engine)
    calls = [
        replace(CALL, call=f"c{number:04}", offered_at=MORNING + timedelta(seconds=number // 300))
        for number in range(COUNT)
    ]
    with engine.begin() as connection:
        connection.execute(insert(CallRow), [row_values(call) for call in calls])
    engine.dispose()
    return RecordsConfig(site="jinan", data_dir=tmp_path)


def test_every_call_once_and_in_order(config: RecordsConfig) -> None:
    with Store(config) as store:
        assert [call.call for call in store.each(Wanted())] == [f"c{number:04}" for number in range(COUNT)]
        some = store.each(Wanted(since=MORNING + timedelta(seconds=1), until=MORNING + timedelta(seconds=2)))
        assert [call.call for call in some] == [f"c{number:04}" for number in range(300, 600)]
