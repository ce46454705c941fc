"""Who is kept for a call and rung for it; the number greeted is the number who answers (JH-3, WD-13)."""

import pytest

from gateway.desk import Agent, Desk, DeskRefused, DeskRule, Offer, Wish
from tests.unit.desk.rehearsal import Rehearsal

pytestmark = pytest.mark.unit


def kept(agent: str, *, trainee: bool = False) -> Offer:
    return Offer(agent, overflow=False, staffed=True, trainee=trainee)


OVERFLOW = Offer(None, overflow=True, staffed=True)
NOBODY = Offer(None, overflow=False, staffed=False)


def test_who_has_been_free_the_longest_is_kept_rung_and_joined() -> None:
    desk = Rehearsal("801", "802", reachable=False)
    desk.does("reached", "802", True)
    desk.till(1.0)
    desk.does("reached", "801", True)
    assert desk.desk.offered("a", desk.now) == kept("802")
    assert desk.does("answered", "a") == ["a, expect an agent", "802 ringing: call", "ring 802 for a"]
    assert desk.does("leg_rings", "802") == ["a, 802 rings"]
    assert desk.takes("802") == ["802 busy: call", "a, 802 answers 802.in 802.out"]
    assert desk.desk.call_of("802") == "a"
    assert desk.desk.call_of("801") is None


def test_of_two_as_long_free_the_first_in_the_configuration() -> None:
    desk = Rehearsal("802", "801")
    assert desk.desk.offered("a", 0.0) == kept("802")
    assert desk.desk.offered("b", 0.0) == kept("801")
    assert desk.desk.offered("c", 0.0) == OVERFLOW
    assert desk.desk.offered("a", 0.0) == kept("802"), "asked twice, answered the same"


def test_nobody_at_work_is_no_overflow() -> None:
    desk = Rehearsal("801", reachable=False)
    assert desk.desk.offered("a", 0.0) == NOBODY
    assert desk.does("answered", "a") == ["a, expect nobody"]
    assert Rehearsal().desk.offered("a", 0.0) == NOBODY


def test_a_trainee_is_offered_as_one() -> None:
    assert Rehearsal("901").desk.offered("a", 0.0) == kept("901", trainee=True)


def test_after_a_call_he_is_the_last_to_be_chosen() -> None:
    desk = Rehearsal("801", "802")
    desk.comes("a")
    desk.takes("801")
    desk.leaves("801")
    desk.till(10.0)
    assert desk.desk.offered("b", desk.now) == kept("802")
    assert desk.desk.offered("c", desk.now) == kept("801")


def test_a_customer_who_leaves_before_the_answer_costs_the_agent_no_place() -> None:
    desk = Rehearsal("801", "802")
    desk.comes("a")
    desk.till(3.0)
    assert desk.does("released", "a") == ["drop 801", "801 free: call_gone"]
    assert desk.desk.since("801") == 3.0
    assert desk.desk.offered("b", desk.now) == kept("801")


def test_who_is_kept_is_free_again_once_the_call_goes_unanswered() -> None:
    desk = Rehearsal("801")
    desk.desk.offered("a", 0.0)
    assert desk.comes("b") == ["b, expect an agent", "b, place 1"]
    assert desk.does("released", "a") == ["801 ringing: call", "ring 801 for b"]


def test_the_owner_of_an_open_ticket_is_kept_instead() -> None:
    desk = Rehearsal("801", "802")
    desk.desk.offered("a", 0.0)
    assert desk.desk.identified("a", "13800001111", "802", 0.0) == kept("802")
    assert desk.desk.offered("b", 0.0) == kept("801"), "whom the owner replaced is kept for nobody"
    assert "ring 802 for a" in desk.does("answered", "a")


@pytest.mark.parametrize("owner", ["802", "803", None])
def test_without_a_free_owner_it_stays_with_the_longest_free(owner: str | None) -> None:
    desk = Rehearsal("801", "802")
    desk.does("wish", "802", Wish.AWAY)
    desk.desk.offered("a", 0.0)
    assert desk.desk.identified("a", "13800001111", owner, 0.0) == kept("801")


def test_who_becomes_free_before_the_caller_id_is_kept_too() -> None:
    desk = Rehearsal("801", reachable=False)
    desk.desk.offered("a", 0.0)
    desk.does("reached", "801", True)
    assert desk.desk.identified("a", None, None, 0.0) == kept("801")


@pytest.mark.parametrize(
    ("name", "more", "state"),
    [
        ("reached", [False], "offline"),
        ("wish", [Wish.AWAY], "away"),
        ("wish", [Wish.LOG_OUT], "offline"),
    ],
)
def test_who_was_kept_and_goes_before_off_hook_has_missed_it(name: str, more: list[object], state: str) -> None:
    desk = Rehearsal("801", "802")
    desk.desk.offered("a", 0.0)
    desk.does(name, "801", *more)
    assert desk.does("answered", "a") == [
        "a, expect an agent",
        f"a, 801 misses: {state}",
        "802 ringing: call",
        "ring 802 for a",
    ]


def test_who_was_kept_and_is_back_in_time_is_rung() -> None:
    desk = Rehearsal("801", "802")
    desk.desk.offered("a", 0.0)
    desk.does("reached", "801", False)
    desk.does("reached", "801", True)
    assert desk.does("answered", "a") == ["a, expect an agent", "801 ringing: call", "ring 801 for a"]


def test_who_was_kept_and_is_back_but_with_another_has_missed_it() -> None:
    desk = Rehearsal("801")
    desk.desk.offered("a", 0.0)
    desk.does("reached", "801", False)
    desk.does("reached", "801", True)
    desk.comes("b")
    assert desk.does("answered", "a") == ["a, expect an agent", "a, 801 misses: ringing", "a, place 1"]
    desk.does("released", "b")
    desk.does("gives_up", "a")
    desk.does("released", "a")
    desk.desk.offered("c", 0.0)
    desk.does("reached", "801", False)
    desk.does("reached", "801", True)
    desk.desk.offered("d", 0.0)
    assert "c, 801 misses: busy" in desk.does("answered", "c"), "free, but kept for another"


def test_who_was_lost_before_the_caller_id_is_replaced_in_the_greeting() -> None:
    desk = Rehearsal("801", "802")
    desk.desk.offered("a", 0.0)
    desk.does("wish", "801", Wish.AWAY)
    assert desk.desk.identified("a", None, None, 0.0) == kept("802")
    assert desk.does("answered", "a") == ["a, expect an agent", "802 ringing: call", "ring 802 for a"]


def test_who_must_wait_before_the_desk_is_told_of_the_answer_is_served_all_the_same() -> None:
    desk = Rehearsal("801")
    desk.desk.offered("a", 0.0)
    assert desk.does("wants", "a") == ["a, expect an agent", "801 ringing: call", "ring 801 for a"]
    assert desk.does("answered", "a") == []


def test_who_gives_up_before_he_was_served_leaves_the_agent_to_others() -> None:
    desk = Rehearsal("801")
    desk.desk.offered("a", 0.0)
    assert desk.does("gives_up", "a") == []
    assert desk.does("answered", "a") == []
    assert desk.desk.offered("b", 0.0) == kept("801")


def test_what_is_told_of_an_unknown_call_has_no_effect() -> None:
    desk = Rehearsal("801")
    for what in ("answered", "wants", "gives_up", "released"):
        assert desk.does(what, "ghost") == []
    assert desk.desk.identified("ghost", "1", "801", 0.0) == OVERFLOW
    assert desk.desk.waiting() == ()
    assert desk.desk.presence("801") == "free"


def test_two_agents_of_one_number_and_unknown_ones_are_refused() -> None:
    with pytest.raises(DeskRefused, match="agent 801 is named twice"):
        Desk([Agent("801"), Agent("801")], DeskRule(), lambda _: None, now=0.0)
    desk = Rehearsal("801")
    for what, *more in (
        ("leg_rings",),
        ("leg_ended", "hung_up"),
        ("leg_held", True),
        ("reached", True),
        ("wish", Wish.AWAY),
    ):
        with pytest.raises(DeskRefused, match="no agent 899"):
            desk.does(what, "899", *more)
