"""A row of the journal that is damaged, or another program's, is told by its fact's name; the rest as ever."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gateway.cli.calls import show_call
from gateway.records import CallRecord, RecordsConfig
from gateway.records.narrate import narrate
from gateway.records.store import Event
from gateway.reports.call_page import call_html, call_page
from tests.service.told import talker
from tests.unit.privacy.archive import Archive
from tests.unit.reports.drawn import attended, intake, kept, keyed_in, noisy, ours, silent

pytestmark = pytest.mark.unit

STORIES = (silent, noisy, attended, keyed_in, intake, ours)
FURTHER: dict[str, dict[str, Any]] = {
    "kind_chosen": {"kind": "enquiry", "digit": "1", "clause": "JS-1"},
    "alert_raised": {"kind": "leak", "clause": "JS-2"},
    "prompt_failed": {"prompt": {"key": "greeting", "text": "您好", "clause": "JH-3", "part": "greeting"}},
    "dial_unanswered": {"why": "busy"},
    "agent_assigned": {"agent": "801"},
    "wait_moved": {"position": 2},
}
"""What happens in none of the stories."""
LEFT_OUT = object()
DAMAGES: tuple[Any, ...] = (LEFT_OUT, None, 13812345678, "?", [], ["?"], {})


def facts_told() -> Iterator[tuple[CallRecord, list[Event], int]]:
    """Each kind of fact once: a call, its facts, and where it stands in them."""
    known = set()
    for story in STORIES:
        record, events = kept(story())
        events += [Event(events[-1].at, fact, dict(data)) for fact, data in FURTHER.items()]
        for place, event in enumerate(events):
            if event.fact not in known and event.data:
                known.add(event.fact)
                yield record, events, place


def spoiled(data: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The data of a fact with one thing in it left out, or something else in its place; or with nothing in it."""
    yield {}
    for name, value in data.items():
        for damage in DAMAGES:
            yield {one: inner for one, inner in data.items() if one != name} | (
                {} if damage is LEFT_OUT else {name: damage}
            )
        if isinstance(value, dict):
            yield from (data | {name: inner} for inner in spoiled(value))


@pytest.mark.parametrize(
    ("record", "events", "place"), [pytest.param(*told, id=told[1][told[2]].fact) for told in facts_told()]
)
def test_whatever_a_row_holds_the_call_is_told(record: CallRecord, events: list[Event], place: int) -> None:
    whole = [step.words for step in narrate(record, events)]
    against = replace(record, compliance=tuple(replace(one, kept=False) for one in record.compliance))
    damaged = {json.dumps(data, default=str): data for data in spoiled(events[place].data)}
    for data in damaged.values():
        hurt = [*events[:place], replace(events[place], data=data), *events[place + 1 :]]
        told = [step.words for step in narrate(record, hurt)]
        assert len(told) == len(whole)
        assert sum(one != other for one, other in zip(told, whole, strict=True)) <= 1
        assert len(narrate(against, hurt)) == len(whole)
        for show in (False, True):
            assert len(call_page(record, hurt, show_numbers=show).steps) == len(whole)
    assert call_html(record, hurt)


def test_such_a_step_is_told_by_its_facts_name() -> None:
    record, events = kept(silent())
    hurt = [replace(event, data={}) if event.fact == "released" else event for event in events]
    assert narrate(record, hurt)[-1].words == "released"
    last = call_page(record, hurt).steps[-1].words
    assert (last.zh, last.en) == ("released", "released")


def test_a_number_that_another_program_wrote_as_a_number_is_hidden_too() -> None:
    record, events = kept(silent())
    data = {"number": 13812345678, "ticket": 7}
    html = call_html(record, [*events, Event(events[-1].at, "dialled", data)])
    assert "138****5678 is called" in html
    assert "13812345678" not in html


@pytest.mark.parametrize("data", ["{}", "[]", "null", "7", '{"by": "cust'])
def test_a_damaged_row_of_the_database_hides_no_other(
    tmp_path: Path, data: str, capsys: pytest.CaptureFixture[str]
) -> None:
    config = RecordsConfig(site="jinan", data_dir=tmp_path)
    Archive(config).write(talker(call="a"))
    with closing(sqlite3.connect(tmp_path / "calls.db")) as connection, connection:
        connection.execute("UPDATE events SET data = ? WHERE fact = 'released'", (data,))
    assert show_call(config, "a", as_json=True) == 0
    assert json.loads(capsys.readouterr().out)["events"][-1] | {"at": ""} == {
        "at": "",
        "fact": "released",
        "data": {},
    }
    assert show_call(config, "a") == 0
    told = capsys.readouterr().out
    assert "the customer hung up: BYE" in told
    assert " s  released\n" in told
