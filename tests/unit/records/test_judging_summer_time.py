"""A call in which summer time begins or ends is judged as any other."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from gateway.call.facts import Notice
from gateway.call.requests import EndWaiting, KeepWaiting
from gateway.records.folding import fold
from gateway.records.journal import record_of, row_values
from gateway.records.record import CallRecord
from gateway.records.schema import CallRow
from tests.unit.records.standards import RealCall, greeted, judged, recorded

pytestmark = pytest.mark.unit

BERLIN = ZoneInfo("Europe/Berlin")
AUTUMN, SPRING = datetime(2026, 10, 25, 1, tzinfo=UTC), datetime(2026, 3, 29, 1, tzinfo=UTC)
"""02:00 follows 02:59, and 03:00 follows 01:59."""


def who_waits() -> RealCall:
    call = greeted("jihua-gas")
    call.talks(2.0)
    call.asks_for(KeepWaiting())
    call.passes(40.0)
    call.asks_for(EndWaiting())
    call.passes(10.0)
    call.hangs_up()
    return call


def who_is_silent() -> RealCall:
    call = greeted("jihua-gas")
    call.passes(60.0)
    return call


def at_change(call: RealCall, begins: datetime) -> CallRecord:
    """The call's record where it begins at that moment, told in Berlin's time."""
    record = None
    for after, fact in call.facts:
        at = (begins + timedelta(seconds=after)).astimezone(BERLIN)
        record = fold(record, Notice(at, "fxo1", "c1", fact))
    assert record is not None
    return record


def evidence(record: CallRecord) -> dict[tuple[str, str], tuple[bool, str]]:
    return {step: (one.kept, one.evidence) for step, one in judged(record).items()}


@pytest.mark.parametrize("change", [AUTUMN, SPRING], ids=["autumn", "spring"])
@pytest.mark.parametrize("told", [who_waits, who_is_silent])
@pytest.mark.parametrize("before", [3.0, 12.0, 25.0])
def test_the_change_of_the_clocks_breaks_and_keeps_nothing(
    told: Callable[[], RealCall], change: datetime, before: float
) -> None:
    call = told()
    expected = recorded(call)
    assert expected.ended_at is not None
    record = at_change(call, change - timedelta(seconds=before))
    assert evidence(record) == evidence(expected)
    read = record_of(CallRow(**row_values(record)), BERLIN)
    assert read.ended_at is not None
    assert read.ended_at - read.offered_at == expected.ended_at - expected.offered_at
    assert evidence(replace(read, not_applicable=None)) == evidence(expected)
