"""Rows written by one statement are, byte for byte, those that SQLAlchemy itself would write."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, Table, create_engine, insert, text

from drivers.line import CallerId, Verdict
from gateway.call import facts
from gateway.call.facts import Notice
from gateway.call.prompt import Prompt
from gateway.records.folding import fold
from gateway.records.journal import fact_data, row_values
from gateway.records.putting import calls_put, facts_put
from gateway.records.record import CallRecord
from gateway.records.schema import CALLS, EVENTS, Base

pytestmark = pytest.mark.unit

BEGAN = datetime(2026, 3, 1, 23, 59, 59, 7, tzinfo=ZoneInfo("Asia/Shanghai"))
GREETING = Prompt("greeting", '您好!801号"为您\n服务', "JH-3", ("a.wav",), 2.5)
TOLD: Sequence[facts.CallFact] = (
    facts.Offered("jinan", "sip1", "sip", "jihua-gas", "801"),
    facts.CallerIdentified(CallerId("13800000001", name="王 \U0001f4de")),
    facts.CallAnswered(2, 6.123456789),
    facts.PromptStarted(GREETING),
    facts.VerdictGiven(Verdict.SILENT, float("-inf"), None),
    facts.PromptFinished(GREETING, facts.CutReason.BARGE_IN),
    facts.Released(facts.ReleasedBy.CUSTOMER, "bye"),
)
NOTICES = [Notice(BEGAN + timedelta(seconds=n), "sip1", "c1", fact) for n, fact in enumerate(TOLD)]


@pytest.fixture
def connection() -> Iterator[Connection]:
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        Base.metadata.create_all(connection)
        yield connection
    engine.dispose()


def kept(connection: Connection, table: Table) -> list[tuple[Any, ...]]:
    """What is in the table as SQLite itself has it, each value with its type, once; it is empty then."""
    columns = ", ".join(f"{name}, typeof({name})" for name in (column.name for column in table.c))
    rows = [tuple(row) for row in connection.execute(text(f"SELECT {columns} FROM {table.name} ORDER BY 1"))]
    connection.execute(table.delete())
    return rows


def records() -> Iterator[CallRecord]:
    """The call after each of its facts."""
    record = None
    for notice in NOTICES:
        record = fold(record, notice)
        assert record is not None
        yield record


def test_facts_are_as_sqlalchemy_writes_them(connection: Connection) -> None:
    facts_told = [
        {"at": one.at, "site": "jinan", "line": one.line, "call": one.call, "fact": type(one.fact).__name__}
        | {"data": fact_data(one.fact), "run": "r1" if n % 2 else None, "seq": n if n % 2 else None}
        for n, one in enumerate(NOTICES)
    ]
    connection.execute(insert(EVENTS), facts_told)
    expected = kept(connection, EVENTS)
    facts_put(connection.dialect).put(connection, facts_told)
    assert kept(connection, EVENTS) == expected
    assert len(expected) == len(TOLD)


def test_a_call_is_as_sqlalchemy_writes_it_after_each_of_its_facts(connection: Connection) -> None:
    put = calls_put(connection.dialect)
    for record in records():
        connection.execute(insert(CALLS), [row_values(record)])
        expected = kept(connection, CALLS)
        put.put(connection, [row_values(record)])
        assert kept(connection, CALLS) == expected
        assert len(expected) == 1


def test_a_call_that_is_there_is_rewritten(connection: Connection) -> None:
    first, *_, last = records()
    calls_put(connection.dialect).put(connection, [row_values(first)])
    calls_put(connection.dialect).put(connection, [row_values(last)])
    rewritten = kept(connection, CALLS)
    calls_put(connection.dialect).put(connection, [row_values(last)])
    assert rewritten == kept(connection, CALLS)
