"""What a walk finds out: the second at which each prompt begins, and what ends the call."""

import pytest

from gateway.call.facts import AlertRaised, CallAnswered, KindChosen, QuestionAnswered, Released, ReleasedBy
from gateway.walk import LineKind, Walk
from tests.unit.walk.walks import DIALPLANS, happened, times, walked

pytestmark = pytest.mark.unit

HOUR = 3600.0


def begun(call: Walk) -> list[tuple[float, str]]:
    return [(round(seconds, 2), key) for seconds, key in call.begun()]


def ended_by(call: Walk) -> tuple[float, str | None, str | None]:
    return round(call.moments[-1].seconds, 2), call.record.released_by, call.record.cause


def test_jh6_a_silent_line() -> None:
    call = walked("jihua-gas", LineKind.SILENT)
    assert begun(call) == [
        (5.04, "greeting"),  # off-hook 0.02 s after the second ring, 24 characters
        (22.06, "silent-1"),
        (30.58, "silent-2"),
        (40.60, "silent-final"),
    ]
    assert ended_by(call) == (49.60, "standard", "JH-6")


def test_jh7_a_noisy_line() -> None:
    call = walked("jihua-gas", LineKind.NOISY)
    assert begun(call) == [(5.04, "greeting"), (20.06, "noisy-1"), (25.08, "noisy-2"), (30.10, "noisy-final")]
    assert ended_by(call) == (42.10, "standard", "JH-7")


def test_wd1_wd2_a_customer_of_the_water_hotline() -> None:
    call = walked("runfa-water")
    assert [round(at, 2) for at, _ in happened(call, CallAnswered)] == [0.02]
    assert [key for _, key in begun(call)] == ["greeting", "further", "farewell"]
    # He hangs up 2 s after 「再见」; had he stayed, WD-2 would have released the line a second later.
    assert ended_by(call)[1:] == ("customer", "bye")
    stayed = walked("runfa-water", stays=True)
    assert ended_by(stayed) == (round(ended_by(call)[0] + 1.0, 2), "standard", "WD-2")


def test_wd6_wd7_faint_and_loud_customers_are_asked_to_change_and_served() -> None:
    faint, loud = walked("runfa-water", LineKind.FAINT), walked("runfa-water", LineKind.LOUD)
    assert [key for _, key in begun(faint)] == ["greeting", "faint-1", "faint-2", "further", "farewell"]
    assert [key for _, key in begun(loud)] == ["greeting", "loud-1", "further", "farewell"]
    assert {faint.record.released_by, loud.record.released_by} == {"customer"}


def test_jh7_a_faint_customer_of_the_gas_hotline_climbs_the_ladder() -> None:
    call = walked("jihua-gas", LineKind.FAINT)
    assert [key for _, key in begun(call)] == ["greeting", "noisy-1", "noisy-2", "noisy-final"]


def test_jh8_jh9_who_waits_is_reassured_every_fifteen_seconds_and_thanked() -> None:
    call = walked("jihua-gas", LineKind.WAITING)
    first, again = times(call, "waiting-first"), times(call, "waiting-again")
    assert [round(at - first[0], 2) for at in again] == [15.0, 30.0, 45.0]
    # 50 s after the agent's request, 0.02 s before the first word; what is being said then is cut.
    assert times(call, "waiting-thanks") == pytest.approx([first[0] + 50.0])


def test_jh9_nobody_waits_longer_than_the_limit() -> None:
    call = walked("jihua-gas", wait=600)
    began = times(call, "waiting-first")[0]
    assert times(call, "waiting-sorry") == pytest.approx([began + 180.0])
    assert call.refused == ()


@pytest.mark.parametrize(
    ("key", "kind", "alerts"),
    [("1", "enquiry", 0), ("2", "complaint", 0), ("3", "equipment_fault", 1), ("4", "serious_complaint", 1)],
)
def test_tt1_the_key_of_the_menu(key: str, kind: str, alerts: int) -> None:
    call = walked("tietong-keyaccount", keys=[key])
    (chosen,) = happened(call, KindChosen)
    assert chosen[1] == KindChosen(kind, key, "TT-1")
    assert len(happened(call, AlertRaised)) == alerts
    # He presses it a second after the menu's end.
    assert chosen[0] == pytest.approx({key: at for at, key in call.ended()}["menu"] + 1.0)


def test_js3_a_question_is_answered_by_voice_or_by_key() -> None:
    call = walked("jinsui-tax", keys=["", "13812345678#"])
    answers = {
        fact.question.key: (fact.spoken, fact.digits)
        for _, fact in happened(call, QuestionAnswered)
        if isinstance(fact, QuestionAnswered)
    }
    assert len(answers) == 9
    assert answers.pop("telephone") == (False, "13812345678")
    assert set(answers.values()) == {(True, None)}


def test_tt2_the_order_of_a_complaint() -> None:
    call = walked("tietong-keyaccount", keys=["2"])
    assert [key for _, key in begun(call)][2:] == [
        "text-listening",
        "text-apology",
        "text-recorded",
        "text-deadline",
        "text-apology-again",
        "farewell",
    ]


def test_who_is_on_hold_is_waited_for() -> None:
    talking, held = walked("jihua-gas"), walked("jihua-gas", LineKind.ON_HOLD)
    assert [key for _, key in begun(held)] == [key for _, key in begun(talking)]
    # 60 s on hold, and whether he says more is waited for anew: 1 s had gone by before, and a verdict takes 1 s.
    assert times(held, "further")[0] - times(talking, "further")[0] == pytest.approx(62.0)


def test_jh13_the_agents_phrases_follow_each_other_and_the_wait_follows_them() -> None:
    call = walked("jihua-gas", phrases=["not_heard", "nuisance"], wait=5)
    keys = [key for _, key in begun(call)]
    assert keys == [
        "greeting",
        "phrase-not-heard",
        "phrase-nuisance",
        "waiting-first",
        "further",
        "farewell",
    ]


def test_jh10_a_phrase_that_is_the_last_words_has_him_hang_up() -> None:
    call = walked("jihua-gas", phrases=["farewell_thanks"])
    assert begun(call)[-1][1] == "phrase-farewell-thanks"
    assert (call.record.released_by, call.broken) == ("customer", ())
    assert walked("jihua-gas", phrases=["farewell_thanks"], stays=True).record.released_by == "guard"


def test_what_had_no_place_in_the_call_is_told() -> None:
    assert walked("jihua-gas", keys=["3"]).unused == ("3",)
    assert walked("tietong-keyaccount", keys=["", "3"]).unused == ("3",)
    assert walked("jihua-gas", LineKind.FAINT, phrases=["nuisance"]).unused == ("nuisance",)


@pytest.mark.parametrize("line", LineKind)
@pytest.mark.parametrize("name", DIALPLANS)
def test_every_dialplan_serves_every_line_within_an_hour_and_breaks_no_clause(name: str, line: LineKind) -> None:
    call = walked(name, line)
    assert len(happened(call, Released)) == 1
    assert call.moments[-1].seconds < HOUR
    assert len(call.begun()) == len(call.ended())
    assert call.record.compliance
    assert call.broken == ()


@pytest.mark.parametrize("line", LineKind)
@pytest.mark.parametrize("name", DIALPLANS)
def test_a_customer_who_stays_is_released_by_a_clause_or_at_last_by_the_guard(name: str, line: LineKind) -> None:
    call = walked(name, line, stays=True)
    assert call.moments[-1].seconds < HOUR
    guarded = call.record.released_by == ReleasedBy.GUARD
    assert guarded or call.record.released_by == ReleasedBy.STANDARD
    assert [judgement.clause for judgement in call.broken] == ([call.plan.closing.clause] if guarded else [])
