"""The record of a call, folded from its facts; what it holds survives the database's form."""

import json
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.line import CallerId, FaultCode, HangUpSign, Verdict
from gateway.call import facts
from gateway.call.facts import CutReason, Notice, ReleasedBy
from gateway.kpi.call import Outcome
from gateway.records.folding import MOST_LOSSES, fold
from gateway.records.journal import fact_data, fact_name, record_from, record_of, row_values
from gateway.records.noted import LossesCounted
from gateway.records.record import CallRecord
from gateway.records.schema import CallRow
from tests.service.told import MORNING, ZONE, Told, given_up, prompt, talker

pytestmark = pytest.mark.unit


def folded(*notices: Notice) -> CallRecord | None:
    record = None
    for notice in notices:
        record = fold(record, notice)
    return record


def test_a_served_call_has_the_contracts_fields() -> None:
    record = folded(*talker().notices)
    assert record is not None
    fields = record.fields()
    assert list(fields) == [
        "call", "site", "line", "driver", "dialplan", "caller", "caller_name", "offered_at", "answered_at",
        "ended_at", "rings", "outcome", "released_by", "cause", "agent", "verdicts", "prompts", "digits",
        "kind", "kind_digit", "kind_at", "alerts", "answers", "waits", "holds", "losses", "losses_between",
        "direction", "ticket", "owner", "agents", "call_backs", "message_at", "recording", "compliance",
        "not_applicable",
    ]  # fmt: skip
    assert fields["caller"] == "13812345678", "whole, in the record"
    assert (fields["outcome"], fields["released_by"], fields["cause"]) == ("answered", "customer", "bye")
    assert fields["offered_at"] == "2026-02-18T09:30:00.000+08:00"
    assert fields["answered_at"] == "2026-02-18T09:30:05.200+08:00"
    assert [p["prompt"] for p in fields["prompts"]] == ["greeting", "further", "farewell"]
    assert fields["prompts"][0] == {
        "prompt": "greeting",
        "text": prompt("greeting").text,
        "clause": "JH-3",
        "part": "greeting",
        "started_at": "2026-02-18T09:30:06.200+08:00",
        "ended_at": "2026-02-18T09:30:08.200+08:00",
        "complete": True,
        "cut": None,
        "duration": 2.0,
    }
    assert [v["verdict"] for v in fields["verdicts"]] == ["speech", "silent"]


def test_a_caller_who_gives_up_is_abandoned() -> None:
    record = folded(*given_up().notices)
    assert record is not None
    assert (record.outcome, record.answered_at, record.rings) == (Outcome.ABANDONED, None, 1)


@pytest.mark.parametrize(
    ("answered", "outcome"), [(True, Outcome.ANSWERED), (False, Outcome.FAILED)], ids=["answered", "ringing"]
)
def test_a_lost_line(answered: bool, outcome: Outcome) -> None:
    told = Told().rings(2)
    if answered:
        told.answered()
    record = folded(*told.released(ReleasedBy.FAULT, FaultCode.PORT_LOST.value).notices)
    assert record is not None
    assert (record.outcome, record.released_by, record.cause) == (outcome, "fault", "port_lost")


def test_a_cut_prompt_tells_why() -> None:
    record = folded(*Told().rings(2).answered().says("silent-1", cut=CutReason.BARGE_IN).notices)
    assert record is not None
    assert (record.prompts[0].complete, record.prompts[0].cut) == (False, "barge_in")
    assert record.open


def test_a_fact_before_the_offer_makes_no_record() -> None:
    assert folded(*Told().tell(facts.Rang(1)).notices) is None


@pytest.mark.parametrize(
    ("fact", "name", "data"),
    [
        (facts.Rang(2), "rang", {"rings": 2}),
        (facts.CustomerHungUp(HangUpSign.BUSY_TONE), "customer_hung_up", {"sign": "busy_tone"}),
        (
            facts.VerdictGiven(Verdict.SILENT, float("-inf"), None),
            "verdict_given",
            {"verdict": "silent", "level_dbfs": None, "snr_db": None},
        ),
        (
            facts.CallerIdentified(CallerId("1\0", "\ud800")),
            "caller_identified",
            {"caller_id": {"number": "1", "name": "?", "presentation": "allowed", "qualified": False}},
        ),
    ],
)
def test_facts_are_kept_as_json(fact: facts.CallFact, name: str, data: dict[str, object]) -> None:
    assert (fact_name(fact), fact_data(fact)) == (name, data)


def test_a_telephone_that_suppresses_silence_fills_no_record() -> None:
    told = Told().rings(2).answered()
    for _ in range(MOST_LOSSES + 50):
        told.tell(facts.MediaLost(), after=1.5).tell(facts.MediaRestored(), after=2.0)
    told.tell(facts.MediaLost(), after=1.5)
    record = folded(*told.notices)
    assert record is not None
    lost = [notice.at for notice in told.notices if isinstance(notice.fact, facts.MediaLost)]
    restored = [notice.at for notice in told.notices if isinstance(notice.fact, facts.MediaRestored)]
    assert [loss.lost_at for loss in record.losses] == [*lost[: MOST_LOSSES - 1], lost[-1]]
    assert (record.losses[-2].restored_at, record.losses[-1].restored_at) == (restored[MOST_LOSSES - 2], None)
    between = zip(lost[MOST_LOSSES - 1 : -1], restored[MOST_LOSSES - 1 :], strict=True)
    seconds = sum((end - begin).total_seconds() for begin, end in between)
    assert record.losses_between == LossesCounted(51, pytest.approx(seconds))
    assert record_of(CallRow(**row_values(record)), ZONE) == record
    assert record_from(row_values(record), ZONE) == record


ANY_FACT = st.one_of(*(st.from_type(kind) for kind in facts.CallFact.__subclasses__()))
STORIES = st.lists(st.tuples(ANY_FACT, st.integers(0, 30_000)), max_size=30)


def notices(story: list[tuple[facts.CallFact, int]]) -> list[Notice]:
    at = MORNING
    told = []
    for fact, after in story:
        at += timedelta(milliseconds=after)
        told.append(Notice(at, "sip1", "c1", fact))
    return told


@settings(deadline=None)
@given(STORIES)
def test_whatever_happens_a_record_is_closed_once_and_never_changes_then(
    story: list[tuple[facts.CallFact, int]],
) -> None:
    record: CallRecord | None = None
    closings = 0
    for notice in notices(story):
        before, record = record, fold(record, notice)
        if before is not None and not before.open:
            assert record is before
        if record is not None and not record.open and (before is None or before.open):
            closings += 1
            assert isinstance(notice.fact, facts.Released)
            assert record.ended_at == notice.at
            assert record.outcome is not None
            taken = record.released_by == ReleasedBy.HANDSET
            assert (record.outcome is Outcome.ANSWERED) == (taken or record.answered_at is not None)
    assert closings <= 1
    if record is not None:
        assert json.loads(json.dumps(record.fields(), allow_nan=False))["call"] == "c1"


@settings(deadline=None)
@given(STORIES)
def test_a_record_survives_its_row(story: list[tuple[facts.CallFact, int]]) -> None:
    start = Told().rings(1).notices
    record = folded(*start, *notices(story))
    assert record is not None
    again = record_of(CallRow(**row_values(record)), ZONE)
    expected, found = json.loads(json.dumps(record.fields())), json.loads(json.dumps(again.fields()))
    for field in ("agent", "owner", "caller", "caller_name", "recording", "cause", "digits", "kind", "kind_digit"):
        # What no database can hold is left out on the way: NUL, lone surrogates.
        expected.pop(field)
        found.pop(field)
    assert found == expected
