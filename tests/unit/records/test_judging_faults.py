"""A judge that fails costs its own clauses alone, and that is told."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from gateway.call.facts import ReleasedBy
from gateway.records import RecordsConfig, compliance
from gateway.records.compliance import JUDGED_BY, JUDGES, JUDGES_OF_OURS, judged
from gateway.records.entry import Entry
from gateway.records.judging.case import Case
from gateway.records.judging.greeting import answering
from gateway.records.judging.release import release
from gateway.records.ledger import Ledger
from gateway.records.narrate import verdict
from gateway.records.occasions import When
from gateway.records.record import CallRecord, Judgement
from gateway.records.rule_book import RuleBook
from gateway.records.rules import JIHUA
from gateway.records.store import Store
from tests.service.told import talker
from tests.unit.records.standards import greeted, recorded, rules

pytestmark = pytest.mark.unit

UNHEARD_OF = replace(JIHUA, longest_wait="8")  # type: ignore[arg-type]  # a fault that dead_air's judge stumbles on


def served() -> CallRecord:
    call = greeted("jihua-gas")
    call.talks()
    call.hangs_up()
    return recorded(call)


def why(record: CallRecord) -> dict[str, str]:
    return {one.clause: one.evidence for one in record.not_applicable or ()}


def test_each_occasion_has_its_judges_and_each_judge_an_occasion() -> None:
    judges = {judge for judges in JUDGED_BY.values() for judge in judges}
    assert JUDGED_BY.keys() == set(When)
    assert judges == {answering, *JUDGES, *JUDGES_OF_OURS}


def test_the_clauses_of_a_judge_that_fails_could_not_be_judged_and_the_others_are() -> None:
    """Whatever released the call is unknown to this version: nobody can tell who hung up, or how it ended."""
    whole, failed = judged(served(), rules("jihua-gas")), list[tuple[str, type]]()
    record = replace(served(), released_by="meteor")
    partly = judged(record, rules("jihua-gas"), lambda judge, error: failed.append((judge, type(error))))
    assert failed == [("release", ValueError), ("unjudged", ValueError)], "each once"
    assert [one.clause for one in partly.compliance] == ["JH-1", "JH-3"]
    assert partly.compliance == tuple(one for one in whole.compliance if one.clause != "JH-2")
    assert why(partly)["JH-2"] == "could not be judged: a fault of release"
    assert why(partly)["JH-11"] == "could not be judged: a fault of unjudged"
    assert why(partly)["JH-8"] == "nobody waited"
    assert {one.clause for one in partly.compliance} | why(partly).keys() == rules("jihua-gas").clauses
    assert verdict(partly) == "kept all 2 clauses; 12 clauses did not apply; 3 clauses could not be judged"


def test_what_another_judge_found_of_a_clause_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    """JH-10 has several judges. What a judge found before it failed is not all there was to find."""

    def closing(case: Case) -> Iterator[Judgement]:
        yield from release(case)
        raise LookupError

    swapped = tuple(closing if judge.__name__ == "closing" else judge for judge in JUDGES)
    monkeypatch.setattr(compliance, "JUDGES", swapped)
    partly = judged(served(), rules("jihua-gas"), lambda judge, error: None)
    assert [one.clause for one in partly.compliance] == ["JH-1", "JH-3", "JH-2"]
    assert why(partly)["JH-10"].endswith(
        "no agent asked for farewell-enquiry or farewell-thanks; could not be judged: a fault of closing"
    )


def test_without_anybody_to_tell_the_fault_is_raised() -> None:
    with pytest.raises(ValueError, match="meteor"):
        judged(replace(served(), released_by="meteor"), rules("jihua-gas"))


def test_a_call_that_nobody_answered_is_judged_by_whoever_can() -> None:
    ringing = replace(recorded(greeted("jihua-gas")), answered_at=None, released_by=ReleasedBy.CUSTOMER.value)
    broken = replace(rules("jihua-gas"), ring_limit="3")  # type: ignore[arg-type]  # `answering` stumbles on it
    partly = judged(ringing, broken, lambda judge, error: None)
    assert why(partly)["JH-1"] == "could not be judged: a fault of answering"
    assert why(partly)["JH-3"].startswith("rang ")


def test_the_ledger_tells_whose_fault_it_was_and_stores_the_rest(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    config = RecordsConfig(site="jinan", data_dir=tmp_path, rules=RuleBook({"jihua-gas": UNHEARD_OF}))
    ledger = Ledger(config)
    ledger.prepare()
    told = talker(call="a").notices
    with caplog.at_level(logging.ERROR):
        ledger.write([Entry.of("run", seq, notice) for seq, notice in enumerate(told, 1)])
    ledger.close()
    (line,) = caplog.records
    assert line.message == "records: call a could not be judged by dead_air"
    assert line.exc_info is not None
    assert line.exc_info[0] is TypeError
    with Store(config) as store:
        (record,) = store.calls()
    assert {"JH-1", "JH-3", "JH-2"} <= {one.clause for one in record.compliance}
    assert why(record)["JH-6"] == why(record)["JH-7"] == "could not be judged: a fault of dead_air"
