"""The columns that sum an ended call up, and times that no clock can turn round."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from gateway.call.facts import ReleasedBy
from gateway.records.compliance import judge
from gateway.records.exact import exact
from gateway.records.folding import GATEWAY_STOPPED, closed
from gateway.records.journal import row_values
from gateway.records.noted import AgentNoted, HoldNoted, VerdictNoted, WaitNoted
from gateway.records.record import CallRecord, Judgement
from gateway.records.summary import summary_of
from tests.service.told import MORNING
from tests.unit.records.standards import rules

pytestmark = pytest.mark.unit


def at(seconds: float) -> datetime:
    return MORNING + timedelta(seconds=seconds)


def talker(agent: str, came: float, left: float | None = None) -> AgentNoted:
    return AgentNoted(agent, connected_at=at(came), left_at=None if left is None else at(left))


UP = CallRecord("c1", "jinan", "sip1", "sip", "jihua-gas", "801", MORNING, answered_at=at(5), rings=2)
ENDED = closed(UP, at(100), ReleasedBy.CUSTOMER, "bye")


def test_a_call_that_is_up_is_not_summed_up() -> None:
    assert set(summary_of(UP).values()) == {None}


def test_a_call_of_which_nothing_is_known_but_its_end() -> None:
    assert summary_of(ENDED) == {
        "attended_by": None, "waited": None, "talked": None, "heard": "", "kept": "", "broken": "",
    }  # fmt: skip


def test_a_clause_with_one_broken_step_is_broken_and_stands_once() -> None:
    steps = [
        ("TT-3", True, "closing"),
        ("TT-1", True, "menu"),
        ("TT-3", False, "release"),
        ("TT-1", True, "opening"),
    ]
    record = replace(ENDED, compliance=tuple(Judgement(clause, kept, "so", step) for clause, kept, step in steps))
    summary = summary_of(record)
    assert (summary["kept"], summary["broken"]) == ("TT-1", "TT-3")
    assert row_values(record)["broken"] == "TT-3"


def test_each_verdict_once() -> None:
    verdicts = ("speech", "silent", "speech")
    record = replace(ENDED, verdicts=tuple(VerdictNoted(at(9), verdict, None, None) for verdict in verdicts))
    assert summary_of(record)["heard"] == "speech silent"


@pytest.mark.parametrize(
    ("waits", "waited"),
    [
        ((WaitNoted(at(10), at(40), 30.0), WaitNoted(at(60), at(70), 10.0)), 40.0),
        ((WaitNoted(at(10)),), 70.0),
        ((WaitNoted(at(10), at(50)),), 20.0),
        ((WaitNoted(at(110)),), 0.0),
    ],
    ids=["both together", "until he hung up, but for his hold", "no figure was told", "after its end"],
)
def test_what_he_waited(waits: tuple[WaitNoted, ...], waited: float) -> None:
    record = replace(ENDED, waits=waits, holds=(HoldNoted(at(20), at(40)),))
    assert summary_of(record)["waited"] == waited


@pytest.mark.parametrize(
    ("agents", "by", "talked"),
    [
        ((AgentNoted("801", at(6)), talker("802", 10, 30)), "802", 20.0),
        ((talker("801", 10),), "801", 90.0),
        (
            (AgentNoted("801", connected_at=at(10), left_at=at(30)), AgentNoted("802", connected_at=at(20))),
            "801",
            90,
        ),
        ((talker("801", 30, 10),), "801", 0.0),
        ((AgentNoted("801", at(6)),), None, None),
    ],
    ids=["one missed", "until the end", "two at once count once", "never less than nothing", "nobody came"],
)
def test_who_talked_and_how_long(agents: tuple[AgentNoted, ...], by: str | None, talked: float | None) -> None:
    summary = summary_of(replace(ENDED, agents=agents))
    assert (summary["attended_by"], summary["talked"]) == (by, talked)


def test_no_call_ends_before_it_began() -> None:
    """Closed by a gateway whose clock was set back an hour."""
    for began in (UP, replace(UP, answered_at=None)):
        record = closed(began, at(-3600), ReleasedBy.FAULT, GATEWAY_STOPPED)
        assert record.ended_at == (began.answered_at or began.offered_at)


def test_a_call_in_which_summer_time_ends_lasts_as_long_as_it_does() -> None:
    """At 03:00 the clock goes back to 02:00; Python would subtract its hands."""
    zone = ZoneInfo("Europe/Berlin")
    offered = datetime(2026, 10, 25, 2, 59, 50, tzinfo=zone)
    answered = datetime(2026, 10, 25, 2, 0, 0, tzinfo=zone, fold=1)
    record = replace(
        UP, offered_at=offered, answered_at=answered, agents=(AgentNoted("801", connected_at=answered),)
    )
    left = datetime(2026, 10, 25, 2, 1, 0, tzinfo=zone, fold=1)
    assert exact(record).offered_at.utcoffset() == timedelta(0)
    record = closed(record, left, ReleasedBy.CUSTOMER, "bye")
    assert summary_of(record)["talked"] == 60.0
    answer = next(judgement for judgement in judge(record, rules("jihua-gas")) if judgement.step == "answer")
    assert "10.0 s after the offer" in answer.evidence
