"""Calls are read some at a time: each once, in the order they were offered, be they offered in the same moment."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, insert

from gateway.call.facts import ReleasedBy
from gateway.cli.calls import show_call
from gateway.records import CallRecord, RecordsConfig, Store
from gateway.records.compliance import judge
from gateway.records.folding import GATEWAY_STOPPED, closed
from gateway.records.journal import row_values
from gateway.records.rules import JIHUA
from gateway.records.schema import Base, CallRow, EventRow
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


def test_a_clock_set_back_an_hour_disorders_no_call(
    config: RecordsConfig, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its facts stand in the order they came; a call after it is judged by its own times."""
    engine = create_engine(f"sqlite:///{config.data_dir / 'calls.db'}")
    earlier = MORNING - timedelta(hours=1)
    told = [("offered", MORNING), ("rang", MORNING), ("released", earlier)]
    data = {"line": "sip1", "driver": "sip", "agent": "801", "rings": 1, "by": "fault", "cause": GATEWAY_STOPPED}
    whose = {"site": "jinan", "line": "sip1", "call": "c0000", "data": data}
    with engine.begin() as connection:
        connection.execute(insert(EventRow), [{**whose, "at": at, "fact": fact} for fact, at in told])
    engine.dispose()
    assert show_call(config, "c0000") == 0
    lines = [line for line in capsys.readouterr().out.splitlines() if " s  " in line]
    assert [line.split(" s  ")[1].split()[0] for line in lines] == ["offered", "ring", "released"]
    assert [line.split()[1] for line in lines] == ["0.00", "0.00", "0.00"], "never negative"
    second = replace(CALL, call="later", offered_at=earlier, answered_at=earlier + timedelta(seconds=5), rings=2)
    ended = closed(second, earlier + timedelta(seconds=60), ReleasedBy.CUSTOMER, "bye")
    (answer, *_) = judge(ended, JIHUA)
    assert answer.evidence == "answered after ring 2 of 3, 5.0 s after the offer"
