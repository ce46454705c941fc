"""An agent's telephone: rung in time, in vain, dropped, joined, held; agents who miss too much."""

import pytest

from gateway.desk import DeskRule, Wish
from tests.unit.desk.rehearsal import Rehearsal

pytestmark = pytest.mark.unit


def test_who_does_not_come_in_time_is_dropped_and_the_next_one_is_rung() -> None:
    desk = Rehearsal("801", "802", rule=DeskRule(ring_seconds=12.0))
    desk.comes("a")
    assert desk.till(12.0) == [
        "12: drop 801",
        "12: a, 801 misses: no_answer",
        "12: 801 free: missed",
        "12: 802 ringing: call",
        "12: ring 802 for a",
    ]


@pytest.mark.parametrize("why", ["busy", "refused", "unreachable", "no_line", "worker_died"])
def test_a_telephone_that_ends_moves_on_at_once_and_is_passed_over_for_a_while(why: str) -> None:
    desk = Rehearsal("801")
    desk.comes("a")
    desk.till(1.0)
    assert desk.leaves("801", why) == [f"a, 801 misses: {why}", "801 free: missed", "a, place 1"]
    assert desk.comes("b") == ["b, expect an agent", "b, place 2"]
    assert desk.till(10.9) == [], "one busy telephone is not hammered"
    assert desk.till(11.0) == ["11: 801 ringing: call", "11: ring 801 for a", "11: b, place 1"]


def test_who_missed_a_call_is_the_last_to_be_chosen() -> None:
    desk = Rehearsal("801", "802")
    desk.comes("a")
    desk.till(1.0)
    desk.leaves("801", "busy")
    desk.does("released", "a")
    desk.till(20.0)
    assert desk.desk.offered("b", desk.now).agent == "802"


def test_three_calls_missed_in_a_row_set_him_away() -> None:
    desk = Rehearsal("801")
    desk.comes("a")
    assert [word for word in desk.till(100.0) if "ring" not in word] == [
        "15: drop 801",
        "15: a, 801 misses: no_answer",
        "15: 801 free: missed",
        "15: a, place 1",
        "40: drop 801",
        "40: a, 801 misses: no_answer",
        "40: 801 free: missed",
        "65: drop 801",
        "65: a, 801 misses: no_answer",
        "65: 801 away: missed_calls",
        "75: a, expect nobody",
    ]
    assert desk.does("wish", "801", Wish.BACK) == [
        "801 free: back",
        "a, expect an agent",
        "801 ringing: call",
        "ring 801 for a",
    ]
    assert "115: 801 free: missed" in desk.till(115.0), "counted anew"


@pytest.mark.parametrize("between", ["busy", "refused", "no_line", "answered"])
def test_what_is_no_empty_chair_does_not_count(between: str) -> None:
    desk = Rehearsal("801", rule=DeskRule(after_call_seconds=0.0, again_after=1.0))
    for number in range(8):
        desk.till(desk.now + 30.0)
        desk.comes(f"call{number}")
        if number % 3 < 2 and between == "answered":
            desk.leaves("801", "no_answer")
        elif between == "answered":
            desk.takes("801")
        else:
            desk.leaves("801", between)
        desk.does("released", f"call{number}")
    desk.till(desk.now + 30.0)
    assert desk.desk.presence("801") == "free"


def test_a_customer_who_hangs_up_frees_the_agent_at_once() -> None:
    desk = Rehearsal("801")
    desk.comes("a")
    assert desk.does("released", "a") == ["drop 801", "801 free: call_gone"]
    assert desk.takes("801") == ["drop 801"], "picked up in the same moment"
    assert desk.leaves("801") == []
    desk.comes("b")
    desk.takes("801")
    assert desk.does("released", "b") == ["drop 801", "801 after_call: call_ended"]
    assert desk.leaves("801") == []
    assert desk.till(100.0) == ["5: 801 free: time_up"]


def test_an_agent_who_leaves_is_after_the_call_and_the_customer_is_told() -> None:
    desk = Rehearsal("801", rule=DeskRule(after_call_seconds=30.0))
    desk.comes("a")
    desk.takes("801")
    assert desk.leaves("801") == ["a, 801 goes: hung_up", "801 after_call: call_ended"]
    assert desk.comes("b") == ["b, expect an agent", "b, place 1"]
    assert desk.till(30.0) == ["30: 801 free: time_up", "30: 801 ringing: call", "30: ring 801 for b"]


def test_without_time_after_a_call_he_is_free_at_once() -> None:
    desk = Rehearsal("801", rule=DeskRule(after_call_seconds=0.0))
    desk.comes("a")
    desk.takes("801")
    assert desk.leaves("801") == ["a, 801 goes: hung_up", "801 free: time_up"]


def test_the_hold_key_of_his_telephone() -> None:
    desk = Rehearsal("801")
    assert desk.does("leg_held", "801", True) == []
    desk.comes("a")
    assert desk.does("leg_held", "801", True) == []
    desk.takes("801")
    assert desk.does("leg_held", "801", True) == ["a, held"]
    assert desk.does("leg_held", "801", False) == ["a, resumed"]


def test_a_customer_who_gives_up_has_his_agent_dropped() -> None:
    desk = Rehearsal("801", "802")
    desk.comes("a")
    assert desk.does("gives_up", "a") == ["drop 801", "801 free: call_gone"]
    assert desk.does("wants", "a") == ["801 ringing: call", "ring 801 for a"]
    desk.takes("801")
    assert desk.does("wants", "a") == [], "he has one"
    assert desk.does("gives_up", "a") == ["drop 801", "801 after_call: call_ended"]


def test_what_a_telephone_tells_twice_or_unasked_has_no_effect() -> None:
    desk = Rehearsal("801")
    assert desk.does("leg_rings", "801") == []
    assert desk.leaves("801") == []
    desk.comes("a")
    desk.takes("801")
    assert desk.takes("801") == []
    assert desk.does("leg_rings", "801") == []


def test_nobody_is_kept_for_ever_for_one_who_has_not_said_what_he_wants() -> None:
    desk = Rehearsal("801")
    assert desk.desk.offered("a", 0.0).agent == "801"
    assert desk.comes("b") == ["b, expect an agent", "b, place 1"]
    assert desk.till(60.0) == ["60: 801 ringing: call", "60: ring 801 for b"]
    assert desk.does("answered", "a") == ["a, expect an agent", "a, 801 misses: ringing", "a, place 1"]


def test_who_was_kept_too_long_and_is_still_free_is_rung() -> None:
    desk = Rehearsal("801", "802")
    desk.desk.offered("a", 0.0)
    assert desk.till(61.0) == []
    assert desk.does("answered", "a")[-1] == "ring 801 for a"
