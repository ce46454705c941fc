"""Presence: the literal table, logging in and out, wishes and telephones that cannot be reached."""

import pytest

from gateway.desk import DeskRefused, DeskRule, Presence, Why, Wish
from gateway.desk.presence import TRANSITIONS, IllegalPresence, follow
from tests.unit.desk.rehearsal import Rehearsal

pytestmark = pytest.mark.unit

MANUAL = DeskRule(manual_log_in=True)


def test_every_presence_has_a_way_in_and_a_way_out() -> None:
    assert set(TRANSITIONS) == set(Presence)
    for presence in Presence:
        assert presence in {to for at, ways in TRANSITIONS.items() if at is not presence for to in ways.values()}
        assert any(to is not presence for to in TRANSITIONS[presence].values())
    assert {why for ways in TRANSITIONS.values() for why in ways} == set(Why)


def test_only_who_is_free_is_rung_and_only_who_is_rung_is_busy() -> None:
    into = {to: {at for at, ways in TRANSITIONS.items() if to in ways.values()} for to in Presence}
    assert into[Presence.RINGING] == {Presence.FREE}
    assert into[Presence.BUSY] == {Presence.RINGING}


def test_a_way_that_the_table_lacks_is_refused() -> None:
    with pytest.raises(IllegalPresence, match="no way out of away by: call"):
        follow(Presence.AWAY, Why.CALL)


def test_who_can_be_reached_is_logged_in_until_he_logs_out() -> None:
    desk = Rehearsal("801", reachable=False)
    assert desk.desk.presence("801") is Presence.OFFLINE
    desk.till(2.0)
    assert desk.does("reached", "801", True) == ["801 free: reachable"]
    assert desk.desk.since("801") == 2.0
    assert desk.does("reached", "801", True) == []
    assert desk.does("reached", "801", False) == ["801 offline: unreachable"]
    assert desk.does("reached", "801", True) == ["801 free: reachable"]
    assert desk.does("wish", "801", Wish.LOG_OUT) == ["801 offline: log_out"]
    assert desk.does("reached", "801", False) == []
    assert desk.does("reached", "801", True) == []
    assert desk.does("wish", "801", Wish.LOG_IN) == ["801 free: log_in"]
    assert desk.does("wish", "801", Wish.LOG_IN) == []


def test_where_agents_log_in_themselves_being_reachable_is_not_enough() -> None:
    desk = Rehearsal("801", rule=MANUAL)
    assert desk.desk.presence("801") is Presence.OFFLINE
    assert desk.does("wish", "801", Wish.LOG_IN) == ["801 free: log_in"]
    desk = Rehearsal("801", rule=MANUAL, reachable=False)
    assert desk.does("wish", "801", Wish.LOG_IN) == ["801 offline: unreachable"]
    assert desk.does("reached", "801", True) == ["801 free: reachable"]


@pytest.mark.parametrize("wish", [Wish.AWAY, Wish.BACK, Wish.AFTER_CALL])
def test_who_is_not_logged_in_can_ask_for_nothing_else(wish: Wish) -> None:
    desk = Rehearsal("801", rule=MANUAL)
    with pytest.raises(DeskRefused, match="agent 801 is not logged in"):
        desk.does("wish", "801", wish)


def test_away_outlives_a_telephone_that_cannot_be_reached() -> None:
    desk = Rehearsal("801")
    assert desk.does("wish", "801", Wish.AWAY) == ["801 away: by_himself"]
    assert desk.does("wish", "801", Wish.AWAY) == []
    assert desk.does("reached", "801", False) == ["801 offline: unreachable"]
    assert desk.does("reached", "801", True) == ["801 away: by_himself"]
    assert desk.does("wish", "801", Wish.BACK) == ["801 free: back"]
    desk.does("reached", "801", False)
    assert desk.does("wish", "801", Wish.AWAY) == []
    assert desk.does("reached", "801", True) == ["801 away: by_himself"]
    assert desk.does("wish", "801", Wish.LOG_IN) == ["801 free: log_in"], "who logs in is at his desk"


@pytest.mark.parametrize(
    ("what", "more", "then"),
    [
        ("wish", Wish.AWAY, "801 away: by_himself"),
        ("wish", Wish.LOG_OUT, "801 offline: log_out"),
        ("reached", False, "801 offline: unreachable"),
        ("wish", Wish.AFTER_CALL, "801 after_call: needs_time"),
        ("wish", Wish.BACK, "801 after_call: call_ended"),
    ],
)
def test_what_is_wished_while_busy_is_carried_out_when_the_call_ends(what: str, more: object, then: str) -> None:
    desk = Rehearsal("801")
    desk.comes("a")
    desk.takes("801")
    assert desk.does(what, "801", more) == []
    assert desk.leaves("801") == ["a, 801 goes: hung_up", then]


@pytest.mark.parametrize("last", list(Wish))
@pytest.mark.parametrize("first", [Wish.AWAY, Wish.AFTER_CALL])
def test_of_two_wishes_while_busy_the_last_one_counts(first: Wish, last: Wish) -> None:
    desk = Rehearsal("801")
    desk.comes("a")
    desk.takes("801")
    desk.does("wish", "801", first)
    desk.does("wish", "801", last)
    desk.leaves("801")
    expected = {
        Wish.AWAY: "away",
        Wish.LOG_OUT: "offline",
        Wish.BACK: "after_call",
        Wish.AFTER_CALL: "after_call",
        Wish.LOG_IN: "after_call",
    }
    assert desk.desk.presence("801") == expected[last]
    desk.till(1000.0)
    needs_time = last is Wish.AFTER_CALL or (first is Wish.AFTER_CALL and last is Wish.LOG_IN)
    assert (desk.desk.presence("801") == "after_call") == needs_time


def test_time_after_the_call_is_extended_until_he_is_back() -> None:
    desk = Rehearsal("801")
    desk.comes("a")
    desk.takes("801")
    desk.till(10.0)
    desk.leaves("801")
    desk.till(12.0)
    assert desk.does("wish", "801", Wish.AFTER_CALL) == ["801 after_call: needs_time"]
    assert desk.desk.since("801") == 10.0
    assert desk.till(600.0) == []
    assert desk.does("wish", "801", Wish.BACK) == ["801 free: back"]


@pytest.mark.parametrize(
    ("goes", "comes", "then"),
    [(Wish.LOG_OUT, Wish.LOG_IN, "801 free: log_in"), (Wish.AWAY, Wish.BACK, "801 free: back")],
)
def test_who_goes_while_he_needs_time_needs_none_any_more(goes: Wish, comes: Wish, then: str) -> None:
    desk = Rehearsal("801")
    desk.comes("a")
    desk.takes("801")
    desk.does("wish", "801", Wish.AFTER_CALL)
    desk.leaves("801")
    desk.does("wish", "801", goes)
    assert desk.does("wish", "801", comes) == [then]


def test_back_ends_the_time_after_a_call() -> None:
    desk = Rehearsal("801")
    desk.comes("a")
    desk.takes("801")
    desk.leaves("801")
    assert desk.does("wish", "801", Wish.BACK) == ["801 free: back"]
    assert desk.desk.next_deadline() is None


def test_time_after_a_call_is_for_who_has_had_one() -> None:
    desk = Rehearsal("801")
    with pytest.raises(DeskRefused, match="agent 801 is free: time after a call is for who has just had one"):
        desk.does("wish", "801", Wish.AFTER_CALL)
    assert desk.desk.presence("801") is Presence.FREE


def test_a_telephone_lost_after_a_call_takes_its_time_too() -> None:
    desk = Rehearsal("801")
    desk.comes("a")
    desk.takes("801")
    desk.leaves("801", "unreachable")
    assert desk.does("reached", "801", False) == ["801 offline: unreachable"]
    assert desk.does("reached", "801", True) == ["801 after_call: call_ended"]
    desk.does("reached", "801", False)
    assert desk.till(10.0) == []
    assert desk.does("reached", "801", True) == ["801 free: reachable"]


@pytest.mark.parametrize(("wish", "state"), [(Wish.AWAY, "away: by_himself"), (Wish.LOG_OUT, "offline: log_out")])
def test_who_goes_while_he_is_rung_leaves_the_call_to_the_next(wish: Wish, state: str) -> None:
    desk = Rehearsal("801", "802")
    desk.comes("a")
    assert desk.does("wish", "801", wish) == [
        "drop 801",
        f"801 {state}",
        f"a, 801 misses: {state.partition(':')[0]}",
        "802 ringing: call",
        "ring 802 for a",
    ]


def test_unreachable_while_rung_the_leg_tells_itself() -> None:
    desk = Rehearsal("801")
    desk.comes("a")
    assert desk.does("reached", "801", False) == []
    assert desk.leaves("801", "unreachable") == [
        "a, 801 misses: unreachable",
        "801 offline: unreachable",
    ]
    assert desk.till(10.0) == ["10: a, expect nobody"]
    desk = Rehearsal("801")
    desk.comes("a")
    desk.does("reached", "801", False)
    assert desk.takes("801") == ["801 busy: call", "a, 801 answers 801.in 801.out"]


def test_away_by_missed_calls_becomes_his_own_when_he_says_so() -> None:
    desk = Rehearsal("801", rule=DeskRule(misses=1))
    desk.comes("a")
    desk.leaves("801", "no_answer")
    assert desk.does("wish", "801", Wish.AWAY) == ["801 away: by_himself"]


def test_calls_missed_are_counted_anew_once_his_telephone_is_back() -> None:
    desk = Rehearsal("801", rule=DeskRule(misses=2, again_after=1.0))
    for call in "abc":
        desk.comes(call)
        desk.leaves("801", "unreachable")
        desk.does("released", call)
        desk.does("reached", "801", False)
        desk.does("reached", "801", True)
        desk.till(desk.now + 5.0)
    assert desk.desk.presence("801") is Presence.FREE
