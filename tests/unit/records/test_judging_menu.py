"""The menu: offered until chosen, and people called in at once (TT-1)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from drivers.line import Verdict
from gateway.records.record import CallRecord
from tests.unit.records.standards import RealCall, broken, changed, cut, greeted, judged, recorded, without

pytestmark = pytest.mark.unit

MENU = ("TT-1", "menu")


def chosen(key: str = "", *, at: float = 1.5) -> RealCall:
    call = greeted("tietong-keyaccount")
    call.passes(at)
    call.dials(key)
    call.passes(20.0)
    return call


def hung_up(call: RealCall) -> CallRecord:
    call.hangs_up()
    return recorded(call)


@pytest.mark.parametrize(
    ("key", "evidence"),
    [
        ("1", "offered once, key 1: enquiry; solved on the telephone"),
        ("2", "offered once, key 2: complaint; solved on the telephone"),
        ("3", "offered once, key 3: equipment_fault; alert raised 0.0 s after the choice"),
        ("4", "offered once, key 4: serious_complaint; alert raised 0.0 s after the choice"),
        ("", "offered 2 times, no key: enquiry; solved on the telephone"),
    ],
)
def test_a_choice_is_kept_with_its_alert(key: str, evidence: str) -> None:
    record = hung_up(chosen(key))
    assert judged(record)[MENU].evidence == evidence
    assert not broken(record)


@pytest.mark.parametrize("key", ["3", "4"])
def test_people_not_called_in_at_once_is_broken(key: str) -> None:
    record = hung_up(chosen(key))
    assert broken(replace(record, alerts=())).keys() == {MENU}
    assert "no alert was raised" in broken(replace(record, alerts=()))[MENU]
    (alert,) = record.alerts
    in_time = replace(record, alerts=(replace(alert, at=alert.at + timedelta(seconds=1)),))
    late = replace(record, alerts=(replace(alert, at=alert.at + timedelta(seconds=1.1)),))
    assert not broken(in_time)
    assert "alert raised 1.1 s after the choice, 1 s allowed" in broken(late)[MENU]
    another = replace(record, alerts=(replace(alert, kind="enquiry"),))
    assert "no alert was raised" in broken(another)[MENU]


def test_an_alert_for_what_is_solved_on_the_telephone_is_broken() -> None:
    quiet, alarmed = hung_up(chosen("1")), hung_up(chosen("3"))
    assert "does not order" in broken(replace(quiet, alerts=alarmed.alerts))[MENU]


def test_who_presses_nothing_is_offered_it_twice() -> None:
    record = hung_up(chosen(""))
    once = replace(record, prompts=tuple(prompt for prompt in record.prompts if prompt is not record.prompts[1]))
    assert "2 offers are due" in broken(once)[MENU]


def test_who_speaks_instead_is_taken_as_he_is() -> None:
    call = greeted("tietong-keyaccount")
    call.passes(2.0)
    call.customer_is(Verdict.SPEECH)
    call.passes(10.0)
    record = hung_up(call)
    assert judged(record)[MENU].evidence.startswith("offered once, no key: enquiry")
    assert not broken(record)
    assert broken(replace(record, verdicts=())).keys() == {MENU}


def test_a_key_pressed_before_the_menu_counts() -> None:
    record = hung_up(chosen("4", at=0.0))
    assert not broken(record)
    assert broken(without(record, "menu")) == {}
    assert judged(without(record, "menu"))[MENU].evidence.startswith("chosen before it was offered, key 4")


def test_who_leaves_before_choosing_breaks_nothing() -> None:
    call = greeted("tietong-keyaccount")
    call.passes(2.0)
    assert judged(hung_up(call))[MENU].evidence == "offered once; the call ended before a choice"
    call = greeted("tietong-keyaccount")
    call.passes(0.5)
    record = hung_up(call)
    assert record.prompts[-1].cut == "far_end_hung_up"
    assert MENU not in judged(record)


def test_going_on_without_a_kind_is_broken() -> None:
    record = replace(hung_up(chosen("2")), kind=None, kind_digit=None, kind_at=None)
    assert broken(record)[MENU] == "went on without a kind, menu offered 1 of 2 times"


def test_a_choice_the_menu_does_not_have_is_broken() -> None:
    record = hung_up(chosen("2"))
    for wrong in ({"kind_digit": "9"}, {"kind": "enquiry"}):
        assert "no such choice" in broken(replace(record, **wrong))[MENU]  # type: ignore[arg-type]


def test_a_menu_cut_by_the_line_is_broken() -> None:
    record = hung_up(chosen("2"))
    assert broken(cut(record, "menu")).keys() == {MENU}
    assert not broken(cut(record, "menu", "barge_in"))
    assert broken(changed(record, "menu", complete=False, ended_at=None)).keys() == {MENU}


def test_the_opening_is_judged_by_its_own_clause() -> None:
    record = hung_up(chosen("1"))
    assert judged(record)["TT-1", "opening"].kept
    assert broken(cut(record, "text-tell-us")).keys() == {("TT-1", "opening")}
