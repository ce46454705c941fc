"""The schemas: in step with what is published, strict, and shipped."""

import json
import re
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator, Draft202012Validator
from typer.testing import CliRunner

from gateway.call import facts
from gateway.call.facts import CallFact, Notice
from gateway.cli.main import app
from gateway.feed.encoding import encode
from gateway.feed.events import EVENTS
from gateway.feed.requests.call_commands import call_commands
from gateway.feed.requests.desk_commands import DeskToAsk, desk_commands
from gateway.feed.schemas import SCHEMAS, schema, schema_of
from gateway.feed.schemas import events as event_schemas
from gateway.feed.schemas.__main__ import files
from gateway.feed.schemas.asyncapi import asyncapi
from gateway.feed.schemas.commands import COMMANDS
from gateway.feed.schemas.results import ANSWERS
from gateway.feed.schemas.states import CALL_BACK_STATES, TICKET_STATES
from gateway.feed.topics import Topics
from gateway.tickets.states import CallBackState, TicketState
from tests.conforming import ConformingBoard, complaint, told_wrong
from tests.examples import examples
from tests.legal_facts import legal
from tests.service.told import MORNING

pytestmark = pytest.mark.unit

OF_CALLS = [
    kind
    for kind in vars(facts).values()
    if isinstance(kind, type) and issubclass(kind, CallFact) and kind is not CallFact
]
NO_EVENTS = {facts.Offered, facts.StateEntered, facts.AgentAssigned, facts.Dialled, facts.RecordingStarted}
"""Facts that show in a line's state, or nowhere in the feed."""


def test_the_files_are_in_step() -> None:
    stale = [str(path) for path, text in files() if not path.exists() or path.read_text() != text]
    assert not stale, f"python -m gateway.feed.schemas: {stale}"


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_program_finds_each_schema_in_the_package(name: str) -> None:
    shipped = json.loads((resources.files("gateway.feed.schemas") / f"{name}.json").read_text())
    assert shipped == schema(name)
    Draft202012Validator.check_schema(shipped)
    Draft7Validator.check_schema(shipped)  # as which AsyncAPI's tools read it


def every_object(described: Any) -> list[dict[str, Any]]:
    """Every schema of an object in a schema."""
    if isinstance(described, list):
        return [found for item in described for found in every_object(item)]
    if not isinstance(described, dict):
        return []
    below = [found for item in described.values() for found in every_object(item)]
    return [described, *below] if described.get("type") == "object" else below


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_field_is_described_and_nothing_else_allowed(name: str) -> None:
    for described in every_object(schema(name)):
        assert described["additionalProperties"] is False
        assert described["title"]
        for field, fields in described["properties"].items():
            assert fields.get("description"), f"{name}: {described['title']}: {field}"


def members(union: Any) -> set[type]:
    return {kind for member in get_args(union) for kind in (members(member) or {member})}


def test_every_fact_is_an_event_or_known_to_be_none() -> None:
    told = members(get_type_hints(Notice)["fact"]) - {CallFact} | set(OF_CALLS)
    assert EVENTS.keys() | NO_EVENTS == told
    assert not EVENTS.keys() & NO_EVENTS
    assert {name for name, _ in EVENTS.values()} == event_schemas.EVENTS.keys()


def test_words_of_rooms_above_the_feed_are_in_step() -> None:
    assert set(TICKET_STATES) == set(TicketState)
    assert set(CALL_BACK_STATES) == set(CallBackState)


OF_LINES = [kind for kind in EVENTS if not issubclass(kind, CallFact)]
NOTICES = st.one_of(
    st.one_of(legal(kind) for kind in OF_CALLS).map(lambda fact: Notice(MORNING, "sip1", "c1", fact)),
    st.one_of(legal(kind) for kind in OF_LINES).map(lambda fact: Notice(MORNING, "sip1", None, fact)),
)
TOPICS = Topics("sansheng", "jinan")


@pytest.mark.parametrize("kind", EVENTS, ids=lambda kind: kind.__name__)
@settings(max_examples=examples(12))
@given(data=st.data(), show=st.booleans())
def test_any_event_conforms(kind: type, data: st.DataObject, show: bool) -> None:
    call = "c1" if issubclass(kind, CallFact) else None
    board = ConformingBoard(TOPICS, [("sip1", "sip")], MORNING, show_numbers=show)
    if call:
        board.receive(Notice(MORNING, "sip1", call, facts.Offered("jinan", "sip1", "sip", "jihua-gas", "801")))
    messages = board.receive(Notice(MORNING, "sip1", call, data.draw(legal(kind))))
    board.changes()
    assert json.loads(messages[0].payload)["event"] == EVENTS[kind][0]


@given(st.lists(NOTICES, max_size=12))
def test_whatever_is_told_in_whatever_order_conforms(notices: list[Notice]) -> None:
    board = ConformingBoard(TOPICS, [("sip1", "sip")], MORNING, reassure_every=20.0)
    board.receive(Notice(MORNING, "sip1", "c1", facts.Offered("jinan", "sip1", "sip", "jihua-gas", "801")))
    for notice in notices:
        board.receive(notice)
        board.changes()


RING = {"seq": 1, "ts": "2026-02-18T09:30:05.200+08:00", "line": "sip1", "call": "c1", "event": "ring", "rings": 1}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"rings": 0}, r"\$\.rings: 0 is less than the minimum of 1 \(properties/rings/minimum\)"),
        ({"rings": True}, "not of type 'integer'"),
        ({"more": 1}, "'more' was unexpected"),
        ({"ts": "2026-02-18T09:30:05+08:00"}, "does not match"),
        ({"ts": "2026-02-18T01:30:05.200Z"}, "does not match"),
        ({"call": None}, "None is not of type 'string'"),
        ({"event": "rang"}, "line-event: no schema for event 'rang'"),
    ],
)
def test_what_does_not_conform_is_told_with_its_place(change: dict[str, Any], said: str) -> None:
    topic = TOPICS.line_event("sip1")
    assert told_wrong(topic, encode(RING), retained=False) is None
    wrong = told_wrong(topic, encode(RING | change), retained=False)
    assert wrong is not None
    assert re.search(said, wrong), wrong
    assert not Draft202012Validator(schema("line-event")).is_valid(RING | change)


@pytest.mark.parametrize(
    ("topic", "payload", "retained"),
    [
        ("sansheng/jinan/line/sip1/event", encode(RING), True),
        ("sansheng/jinan/status", b"online", False),
        ("sansheng/jinan/status", b'"online"', True),
        ("sansheng/jinan/kpi", b"", True),
        ("sansheng/jinan/kpi", b"no JSON", True),
        ("sansheng/jinan/lines/sip1", b"{}", True),
    ],
)
def test_a_message_is_wrong_by_its_topic_and_flag_too(topic: str, payload: bytes, retained: bool) -> None:
    assert told_wrong(topic, payload, retained=retained) is not None


def test_every_topic_has_its_schema() -> None:
    named = {
        name: getattr(TOPICS, name)
        for name, found in vars(Topics).items()
        if isinstance(found, property) and isinstance(getattr(TOPICS, name), str) and name != "root"
    }
    taken = [
        TOPICS.line_state("a"),
        TOPICS.line_event("a"),
        TOPICS.line_alert("a", "b"),
        TOPICS.agent_state("a"),
        TOPICS.ticket_state(1),
        TOPICS.trouble("a"),
    ]
    found = {schema_of(topic.removeprefix(f"{TOPICS.root}/")) for topic in (*named.values(), *taken)}
    assert found == set(SCHEMAS)


def test_every_request_has_its_schema_and_its_answer() -> None:
    nobody: Any = None  # nothing is asked
    desk = DeskToAsk(nobody, nobody, nobody, nobody, (), nobody)
    done = {"refresh", *call_commands(nobody, ()), *desk_commands(desk)}
    assert COMMANDS.keys() == ANSWERS.keys() == done


def test_the_document_holds_together() -> None:
    document = asyncapi()

    def refs(part: Any) -> Iterator[str]:
        if isinstance(part, dict):
            if isinstance(part.get("$ref"), str):
                yield part["$ref"]
            part = list(part.values())
        if isinstance(part, list):
            for item in part:
                yield from refs(item)

    for ref in refs(document):
        found = document
        for step in ref.removeprefix("#/").split("/"):
            found = found[step]
    messages = document["components"]["messages"]
    assert {f"lineEvent.{name}" for name in event_schemas.EVENTS} <= messages.keys()
    for channel in document["channels"].values():
        assert set(re.findall(r"{(\w+)}", channel["address"])) == channel["parameters"].keys()
        assert channel["messages"]


def test_the_command_prints_them() -> None:
    def printed(*words: str) -> tuple[int, str]:
        result = CliRunner().invoke(app, ["feed", *words])
        return result.exit_code, result.output

    assert printed("schema") == (0, "\n".join(SCHEMAS) + "\n")
    code, text = printed("schema", "kpi")
    assert (code, json.loads(text)) == (0, schema("kpi"))
    code, text = printed("asyncapi")
    assert (code, json.loads(text)) == (0, asyncapi())
    code, text = printed("schema", "kpis")
    assert code == 2
    assert "kpi, calls" in " ".join(text.replace("│", " ").split())


EXAMPLES = re.findall(r"^```json\n(.*?)^```$", Path("docs/feed.md").read_text(), re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example[:30])
def test_the_docs_examples_conform(example: str) -> None:
    payload = json.loads(example)
    complaints = {name: complaint(name, payload) for name in SCHEMAS}
    assert None in complaints.values(), complaints
