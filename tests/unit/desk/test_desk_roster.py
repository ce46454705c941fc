"""Agents who come to the desk, leave it, or change, while customers are there."""

import pytest

from gateway.desk import Agent, DeskRefused, DeskRule, Presence, Wish
from tests.unit.desk.rehearsal import Rehearsal

pytestmark = pytest.mark.unit


def test_a_new_agent_serves_who_waits_as_soon_as_he_is_reached() -> None:
    desk = Rehearsal("801")
    desk.comes("a")
    desk.takes("801")
    desk.comes("b")
    assert desk.does("engage", Agent("802")) == []
    assert desk.desk.presence("802") is Presence.OFFLINE
    assert "ring 802 for b" in desk.does("reached", "802", True)


def test_a_new_agent_logs_in_himself_where_all_do() -> None:
    desk = Rehearsal("801", rule=DeskRule(manual_log_in=True))
    desk.does("engage", Agent("802"))
    assert desk.does("reached", "802", True) == []
    assert desk.does("wish", "802", Wish.LOG_IN) == ["802 free: log_in"]


def test_who_is_dismissed_keeps_his_customer_and_gets_no_other() -> None:
    desk = Rehearsal("801")
    desk.comes("a")
    desk.takes("801")
    assert desk.does("dismiss", "801") == []
    assert desk.desk.presence("801") is Presence.BUSY
    told = desk.leaves("801")
    assert told[-1] == "801 offline: log_out"
    desk.comes("b")
    assert "b" in desk.desk.waiting()
    with pytest.raises(DeskRefused, match="no agent any more"):
        desk.does("wish", "801", Wish.LOG_IN)
    assert desk.does("wish", "801", Wish.LOG_OUT) == []


def test_who_is_dismissed_while_his_telephone_rings_lets_the_customer_go_to_another() -> None:
    desk = Rehearsal("801", "802")
    assert "ring 801 for a" in desk.comes("a")
    told = desk.does("dismiss", "801")
    assert "drop 801" in told
    assert "ring 802 for a" in told


def test_who_was_dismissed_and_is_named_again_is_back() -> None:
    desk = Rehearsal("801")
    desk.does("dismiss", "801")
    assert desk.does("engage", Agent("801")) == ["801 free: log_in"]
    desk.does("wish", "801", Wish.AWAY)


def test_an_agent_becomes_a_trainee() -> None:
    desk = Rehearsal("801")
    assert not desk.desk.offered("a", 0.0).trainee
    desk.does("released", "a")
    assert desk.does("engage", Agent("801", trainee=True)) == []
    assert desk.desk.offered("b", 0.0).trainee
