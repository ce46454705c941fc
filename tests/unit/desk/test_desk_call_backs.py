"""Call-backs: one agent is rung for an outgoing call, and no other."""

import pytest

from gateway.desk import DeskRefused, Wish
from tests.unit.desk.rehearsal import Rehearsal

pytestmark = pytest.mark.unit


def test_the_owner_is_rung_and_joined() -> None:
    desk = Rehearsal("801", "802")
    assert desk.does("call_back", "out", "802") == ["802 ringing: call_back", "ring 802 for out"]
    assert desk.does("leg_rings", "802") == ["out, 802 rings"]
    assert desk.takes("802") == ["802 busy: call_back", "out, 802 answers 802.in 802.out"]
    assert desk.does("released", "out") == ["drop 802", "802 after_call: call_ended"]


@pytest.mark.parametrize("why", ["busy", "no_answer"])
def test_nobody_else_is_rung_in_his_place(why: str) -> None:
    desk = Rehearsal("801", "802")
    desk.does("call_back", "out", "801")
    assert desk.leaves("801", why) == [f"out, 801 misses: {why}", "801 free: missed"]
    assert desk.does("wants", "out") == []
    assert desk.does("released", "out") == []
    desk.till(60.0)
    assert desk.does("call_back", "out", "801"), "the same call may be tried again"
    assert desk.till(75.0) == ["75: drop 801", "75: out, 801 misses: no_answer", "75: 801 free: missed"]


def test_who_goes_away_while_he_is_rung_has_missed_it() -> None:
    desk = Rehearsal("801", "802")
    desk.does("call_back", "out", "801")
    assert desk.does("wish", "801", Wish.AWAY) == ["drop 801", "801 away: by_himself", "out, 801 misses: away"]


def test_a_customer_called_back_whose_agent_leaves_waits_as_any_other() -> None:
    desk = Rehearsal("801", "802")
    desk.does("call_back", "out", "801")
    desk.takes("801")
    assert desk.leaves("801", "worker_died") == ["out, 801 goes: worker_died", "801 after_call: call_ended"]
    assert desk.does("wants", "out") == ["out, expect an agent", "802 ringing: call", "ring 802 for out"]
    assert desk.leaves("802", "busy") == ["out, 802 misses: busy", "802 free: missed", "out, place 1"]


def test_only_a_free_agent_can_call_back() -> None:
    desk = Rehearsal("801", "802")
    with pytest.raises(DeskRefused, match="no agent 899"):
        desk.does("call_back", "out", "899")
    desk.does("wish", "802", Wish.AWAY)
    with pytest.raises(DeskRefused, match="agent 802 is away; the call-back must wait until he is free"):
        desk.does("call_back", "out", "802")
    desk.desk.offered("a", 0.0)
    with pytest.raises(DeskRefused, match="agent 801 is kept for another call"):
        desk.does("call_back", "out", "801")
    desk.does("answered", "a")
    with pytest.raises(DeskRefused, match="agent 801 is ringing"):
        desk.does("call_back", "out", "801")
    desk.leaves("801", "busy")
    with pytest.raises(DeskRefused, match="agent 801 was rung in vain a moment ago"):
        desk.does("call_back", "out", "801")
    desk.does("gives_up", "a")
    desk.till(60.0)
    with pytest.raises(DeskRefused, match="call a is under way"):
        desk.does("call_back", "a", "801")
    assert desk.does("call_back", "out", "801")
