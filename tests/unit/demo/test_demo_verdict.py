"""How the demo judges its calls."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from gateway.demo.cast import AT_THE_DESK, CAST, GREETERS, PUT_THROUGH, SERVED_BY_THE_LINE, Part
from gateway.demo.verdict import verdict
from gateway.records import CallRecord, Judgement, Outcome
from gateway.records.noted import AgentNoted, PromptNoted

pytestmark = pytest.mark.unit

BEGAN = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return BEGAN + timedelta(seconds=seconds)


def prompt(key: str, *, complete: bool = True) -> PromptNoted:
    return PromptNoted(key, "", None, started_at=at(10), complete=complete)


def talked(left: str = "hung_up") -> AgentNoted:
    return AgentNoted("809", rung_at=at(5), connected_at=at(20), left_at=at(30), left=left)


def record(**fields: object) -> CallRecord:
    """A call in which an agent talked with the customer, and hung up first."""
    call = CallRecord("c1", "demo", "sip2", "sip", "jihua-gas", "809", BEGAN, answered_at=at(5))
    ended = {"ended_at": at(60), "outcome": Outcome.ANSWERED, "released_by": "customer", "cause": "bye"}
    prompts = tuple(prompt(key) for key in ("greeting", "further", "farewell"))
    return replace(call, **ended | {"agents": (talked(),), "prompts": prompts} | fields)


def put_through() -> Part:
    return PUT_THROUGH[0]


def test_who_talked_to_an_agent_who_hung_up_first_is_told_of_in_words() -> None:
    went = verdict(put_through(), record())
    assert went.kept
    assert went.words == "talked to 809, who hung up first; the line stayed"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"agents": ()}, "hangs up first"),
        ({"agents": (replace(talked(), connected_at=None),)}, "hangs up first"),
        ({"agents": (replace(talked(), left_at=None, left=None),)}, "hangs up first"),
        ({"agents": (talked("failed"),)}, "hangs up first"),
        ({"ended_at": at(30)}, "hangs up first"),
        ({"released_by": "fault"}, "expected answered/customer/*"),
        ({"prompts": (prompt("greeting"), prompt("further"))}, "greeting further farewell"),
        ({"prompts": tuple(prompt(key) for key in ("greeting", "farewell", "further"))}, "greeting further"),
        (
            {"prompts": (prompt("greeting"), prompt("further"), prompt("farewell", complete=False))},
            "greeting further farewell",
        ),
        ({"compliance": (Judgement("JH-2", False, "released too early", "end"),)}, "JH-2: released too early"),
    ],
)
def test_what_is_not_as_it_must_be_is_named(fields: dict[str, object], said: str) -> None:
    went = verdict(put_through(), record(**fields))
    assert not went.kept
    assert said in went.words


def test_whom_the_line_serves_needs_no_agent() -> None:
    talking = SERVED_BY_THE_LINE[0]
    assert verdict(talking, record(agents=())).words == "kept"


def test_a_cause_that_is_given_must_be_the_whole_cause() -> None:
    silent = next(part for part in CAST if part.kind == "silent")
    ended = {"agents": (), "released_by": "standard", "prompts": ()}
    assert verdict(silent, record(**ended, cause="JH-6")).kept
    assert not verdict(silent, record(**ended, cause="JH-61")).kept


def test_every_customer_has_a_number_of_his_own_and_an_agent() -> None:
    assert len({part.number for part in CAST}) == len(CAST)
    assert len({part.number[:3] + part.number[-4:] for part in CAST}) == len(CAST), "as the feed masks them"
    assert len({*GREETERS, *AT_THE_DESK}) == len(CAST)
