"""The calls that ended last: each once, the last one first, numbers masked, as the records tell of them."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.line import Verdict
from gateway.call.facts import AgentConnected, Notice, ReleasedBy
from gateway.feed import Feed
from gateway.feed.config import FeedConfig
from gateway.feed.encoding import Message
from gateway.feed.last_calls import MOST, EndedCall, LastCalls
from gateway.records import CallRecord, Records, RecordsConfig, Rules
from gateway.records.rule_book import RuleBook
from gateway.reports.last_calls import calls_that_ended_last, ended_call
from tests.service.told import MORNING, Told, record_of
from tests.unit.records.standards import greeted

pytestmark = pytest.mark.unit

CALL = EndedCall(
    call="c1",
    line="sip1",
    driver="sip",
    direction="in",
    caller="13812345678",
    agent="801",
    offered_at=MORNING,
    answered_at=MORNING + timedelta(seconds=5),
    ended_at=MORNING + timedelta(seconds=60),
    rings=2,
    outcome="answered",
    released_by="customer",
    cause="bye",
    attended_by="802",
    kept=("JH-1", "JH-2"),
    broken=("JH-8",),
    not_applicable=("JH-9",),
)


def test_a_call_is_shown_with_its_clauses_and_no_number() -> None:
    last = LastCalls()
    assert last.add([CALL])
    assert last.fields() == {
        "calls": [
            {
                "call": "c1",
                "line": "sip1",
                "driver": "sip",
                "direction": "in",
                "caller": "138****5678",
                "agent": "801",
                "attended_by": "802",
                "offered_at": "2026-02-18T09:30:00.000+08:00",
                "answered_at": "2026-02-18T09:30:05.000+08:00",
                "ended_at": "2026-02-18T09:31:00.000+08:00",
                "rings": 2,
                "outcome": "answered",
                "released_by": "customer",
                "cause": "bye",
                "kept": ["JH-1", "JH-2"],
                "broken": ["JH-8"],
                "not_applicable": ["JH-9"],
            }
        ]
    }
    whole = LastCalls(show_numbers=True)
    whole.add([CALL])
    assert whole.fields()["calls"][0]["caller"] == "13812345678"


@given(st.lists(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 300)), max_size=8), max_size=12))
def test_however_they_come_the_last_are_shown_once(batches: list[list[tuple[int, int]]]) -> None:
    last, known = LastCalls(), dict[str, EndedCall]()
    for batch in batches:
        ended = {f"c{n}": replace(CALL, call=f"c{n}", ended_at=MORNING + timedelta(seconds=s)) for n, s in batch}
        before = last.fields()
        changed = last.add(ended.values())
        assert changed == (last.fields() != before)
        known = {call["call"]: known.get(call["call"]) or ended[call["call"]] for call in before["calls"]} | ended
        expected = sorted(known.values(), key=lambda call: (call.ended_at, call.call), reverse=True)[:MOST]
        assert [call["call"] for call in last.fields()["calls"]] == [call.call for call in expected]
        known = {call.call: call for call in expected}


def of_a_whole_call(folder: Path) -> tuple[list[CallRecord], RecordsConfig]:
    """What the records tell of a whole call that they have written, and where."""
    call = greeted("jihua-gas")
    call.customer_is(Verdict.SPEECH)
    call.passes(3.0)
    call.hangs_up()
    told: list[CallRecord] = []
    config = RecordsConfig(
        site="jinan", data_dir=folder, rules=RuleBook({call.plan.dialplan: Rules.of(call.plan)})
    )
    records = Records(config, ended=told.extend)
    records.start()
    for at, fact in call.facts:
        assert not told, "it has not ended"
        records.receive(Notice(MORNING + timedelta(seconds=at), "fxo1", "c1", fact))
    records.stop()
    return told, config


def test_the_records_tell_of_a_call_that_has_ended_and_so_does_the_database(tmp_path: Path) -> None:
    told, config = of_a_whole_call(tmp_path)
    assert [record.call for record in told] == ["c1"]
    call = ended_call(told[0])
    assert {"JH-1", "JH-2"} <= {*call.kept}
    assert not {*call.kept} & {*call.broken}
    assert not ({*call.kept} | {*call.broken}) & {*call.not_applicable}
    assert calls_that_ended_last(config) == [call]
    assert calls_that_ended_last(replace(config, site="another")) == []


def test_who_only_greeted_is_not_who_talked() -> None:
    greeted_alone = ended_call(record_of(Told().rings(2).answered().says("greeting").hung_up()))
    assert (greeted_alone.agent, greeted_alone.attended_by) == ("801", None)
    talked = ended_call(record_of(Told().rings(2).answered().tell(AgentConnected("802")).hung_up()))
    assert (talked.agent, talked.attended_by) == ("802", "802")


def test_a_listener_that_fails_costs_no_record(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    def fails(_: object) -> None:
        raise RuntimeError("a page is broken")

    config = RecordsConfig(site="jinan", data_dir=tmp_path)
    records = Records(config, ended=fails)
    records.start()
    for told in (Told("a").rings(2).hung_up(), Told("b").rings(1).hung_up()):
        for notice in told.notices:
            records.receive(notice)
    records.stop()
    assert "1 calls have ended" in caplog.text or "2 calls have ended" in caplog.text
    assert {call.call for call in calls_that_ended_last(config)} == {"a", "b"}
    assert records.lost == 0


def test_where_nothing_is_on_record_nothing_is_shown(tmp_path: Path) -> None:
    assert calls_that_ended_last(RecordsConfig(site="jinan", data_dir=tmp_path)) == []
    (tmp_path / "calls.db").write_text("no database at all")
    assert calls_that_ended_last(RecordsConfig(site="jinan", data_dir=tmp_path)) == []


async def test_whoever_watches_the_feed_has_every_message_and_what_stood_before() -> None:
    feed = Feed(FeedConfig(site="jinan", lines=(("sip1", "sip"),)), lambda: MORNING)
    seen: list[Message] = []
    stood = {message.topic: json.loads(message.payload) for message in feed.watch(seen.append)}
    assert stood["sansheng/jinan/line/sip1/state"]["state"] == "offline"
    assert stood["sansheng/jinan/calls"] == {"calls": []}
    for notice in Told().rings(1).released(ReleasedBy.FAULT, "internal").notices:
        feed.receive(notice)
    feed.flush()
    feed.ended([CALL])
    topics = [message.topic.removeprefix("sansheng/jinan/") for message in seen]
    assert {"line/sip1/state", "line/sip1/event", "kpi", "calls"} <= {*topics}
    before = len(seen)
    feed.ended([CALL])
    assert len(seen) == before, "nothing new"
    late = [message for message in feed.watch(lambda _: None) if message.topic.endswith("/calls")]
    assert json.loads(late[0].payload)["calls"][0]["ended_at"] == datetime.isoformat(
        CALL.ended_at, timespec="milliseconds"
    )
