"""Customers who wait: rank and time, places, the agent whom they know, nobody at work, starvation (TT-4, JS-2)."""

from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.desk import DeskRule, Wish
from tests.unit.desk.rehearsal import Rehearsal

pytestmark = pytest.mark.unit

RANKS = {"national": 1, "provincial": 2, "municipal": 3}


def busy(*agents: str, rule: DeskRule | None = None) -> Rehearsal:
    """Each agent talks to a customer, `first-<agent>`."""
    desk = Rehearsal(*agents, rule=rule, ranks=RANKS)
    for agent in agents:
        desk.comes(f"first-{agent}")
        desk.takes(agent)
    return desk


def test_rank_goes_before_time_and_each_is_told_his_place_when_it_changes() -> None:
    desk = busy("801")
    assert desk.comes("plain") == ["plain, expect an agent", "plain, place 1"]
    assert desk.comes("city", "municipal") == ["city, expect an agent", "city, place 1", "plain, place 2"]
    assert desk.comes("other") == ["other, expect an agent", "other, place 3"]
    assert desk.comes("state", "national")[1:] == [
        "state, place 1",
        "city, place 2",
        "plain, place 3",
        "other, place 4",
    ]
    assert desk.desk.waiting() == ("state", "city", "plain", "other")
    assert desk.does("released", "other") == []
    assert desk.does("gives_up", "state") == ["city, place 1", "plain, place 2"]


def test_a_caller_id_that_comes_late_counts_for_his_place() -> None:
    desk = busy("801")
    desk.comes("a")
    desk.comes("b")
    desk.desk.identified("b", "national", None, desk.now)
    assert desk.desk.waiting() == ("b", "a")
    assert desk.does("leg_held", "801", False) == ["first-801, resumed", "b, place 1", "a, place 2"]


def test_several_free_agents_are_rung_for_several_customers_at_once() -> None:
    desk = Rehearsal("801", "802", reachable=False, rule=DeskRule(manual_log_in=True))
    for agent in ("801", "802"):
        desk.does("reached", agent, True)
    desk.comes("a")
    desk.comes("b")
    desk.comes("c")
    assert desk.does("wish", "801", Wish.LOG_IN) == [
        "801 free: log_in",
        "a, expect an agent",
        "b, expect an agent",
        "c, expect an agent",
        "801 ringing: call",
        "ring 801 for a",
        "b, place 1",
        "c, place 2",
    ]
    desk = busy("801", "802")
    desk.comes("a")
    desk.comes("b")
    desk.leaves("801")
    desk.leaves("802")
    rung = [word for word in desk.till(5.0) if "ring 8" in word]
    assert rung == ["5: ring 801 for a", "5: ring 802 for b"]


def test_he_is_joined_again_with_the_agent_who_left_him_if_that_one_is_free() -> None:
    desk = Rehearsal("801", "802", rule=DeskRule(after_call_seconds=0.0))
    desk.comes("a")
    desk.takes("801")
    desk.till(60.0)
    desk.leaves("801", "worker_died")
    assert desk.does("wants", "a") == ["801 ringing: call", "ring 801 for a"], "802 has been free longer"


def test_while_the_agent_whom_he_knows_is_not_free_another_one_comes() -> None:
    desk = Rehearsal("801", "802")
    desk.comes("a")
    desk.takes("801")
    desk.leaves("801")
    assert desk.does("wants", "a") == ["802 ringing: call", "ring 802 for a"]


def test_of_several_who_wait_each_is_given_the_agent_whom_he_knows() -> None:
    desk = busy("801", "802", "803", "804")
    desk.comes("new")
    desk.comes("b", "13800001111", "803")
    desk.comes("c", "13800002222", "801")
    desk.comes("d", "13800003333", "801")
    for agent in ("801", "802", "803"):
        desk.leaves(agent)
    rung = [word for word in desk.till(5.0) if "ring 8" in word]
    assert rung == ["5: ring 802 for new", "5: ring 803 for b", "5: ring 801 for c"]
    assert desk.desk.waiting() == ("d",)


def test_of_two_who_know_the_same_agent_the_first_is_given_him() -> None:
    desk = busy("801", "802")
    desk.comes("a", "13800001111", "802")
    desk.comes("b", "13800002222", "802")
    for agent in ("801", "802"):
        desk.leaves(agent)
    rung = [word for word in desk.till(5.0) if "ring 8" in word]
    assert rung == ["5: ring 802 for a", "5: ring 801 for b"]


def test_who_is_first_does_not_wait_for_the_agent_whom_he_knows() -> None:
    desk = busy("801", "802")
    desk.comes("a", "13800001111", "802")
    desk.leaves("801")
    assert "5: ring 801 for a" in desk.till(5.0)


def test_when_nobody_is_at_work_any_more_who_waits_is_told_and_told_again() -> None:
    desk = busy("801", "802")
    desk.comes("a")
    assert desk.does("wish", "801", Wish.LOG_OUT) == []
    assert desk.does("wish", "802", Wish.AWAY) == [], "busy, and will not come after that"
    assert desk.till(10.0) == ["10: a, expect nobody"]
    assert desk.comes("b") == ["b, expect nobody"]
    assert desk.does("wish", "802", Wish.BACK) == ["a, expect an agent", "b, expect an agent", "b, place 2"]


def test_who_waits_is_not_sent_away_where_the_agents_are_missing_for_a_moment() -> None:
    desk = busy("801", "802", rule=DeskRule(nobody_after=10.0))
    desk.comes("a")
    desk.till(100.0)
    desk.does("reached", "801", False)
    assert desk.does("reached", "802", False) == []
    assert desk.comes("new") == ["new, expect nobody"], "who comes now is promised nothing"
    assert desk.till(109.9) == []
    assert desk.does("reached", "802", True) == ["new, expect an agent", "new, place 2"]
    assert desk.till(115.0) == []
    assert desk.does("reached", "802", False) == []
    assert desk.till(126.0) == ["125: a, expect nobody", "125: new, expect nobody"], "counted from the last time"


def test_who_was_rung_in_vain_for_him_leaves_him_as_much_time() -> None:
    desk = Rehearsal("801", "802")
    desk.comes("a")
    desk.does("reached", "802", False)
    desk.does("reached", "801", False)
    desk.till(4.0)
    assert desk.leaves("801", "unreachable") == ["a, 801 misses: unreachable", "801 offline: unreachable"]
    assert desk.till(20.0) == ["10: a, expect nobody"]
    desk = Rehearsal("801")
    desk.comes("a")
    desk.does("reached", "801", False)
    desk.till(12.0)
    assert desk.leaves("801", "unreachable")[-1] == "a, expect nobody", "known for long enough"


def test_what_he_waited_before_is_counted_when_he_waits_again() -> None:
    desk = busy("801", "802")
    desk.comes("a")
    desk.till(60.0)
    desk.leaves("801")
    desk.till(65.0)
    desk.takes("801")
    desk.comes("b")
    desk.till(100.0)
    assert desk.leaves("801", "worker_died") == ["a, 801 goes: worker_died", "801 after_call: call_ended"]
    assert desk.does("wants", "a") == ["a, place 1", "b, place 2"], "65 s and 35 s"


def test_who_thinks_better_of_it_has_not_waited_for_nothing() -> None:
    desk = busy("801")
    desk.comes("a")
    desk.till(40.0)
    desk.comes("b")
    desk.till(60.0)
    assert desk.does("gives_up", "a") == ["b, place 1"]
    desk.till(70.0)
    assert desk.does("wants", "a") == ["a, place 1", "b, place 2"], "60 s and 30 s"


def test_from_starve_after_on_nobody_who_came_later_goes_before_him() -> None:
    desk = busy("801", rule=DeskRule(starve_after=60.0))
    desk.comes("plain")
    desk.till(59.0)
    desk.comes("state", "national")
    assert desk.desk.waiting() == ("state", "plain")
    assert desk.till(60.0) == ["60: plain, place 1", "60: state, place 2"]
    desk.comes("next", "national")
    assert desk.desk.waiting() == ("plain", "state", "next")


STARVE = 100.0


def rung_for(words: list[str]) -> list[tuple[str, str]]:
    """Agent and call of each ring among `words`."""
    rings = (word.partition("ring ")[2].split(" for ") for word in words if " for " in word)
    return [(agent, call) for agent, call in rings]


@given(
    st.integers(1, 3),
    st.lists(st.sampled_from([None, "national", "provincial"]), max_size=6),
    st.lists(st.tuples(st.sampled_from([0.0, 0.5, 7.0]), st.sampled_from(["national", "municipal"])), max_size=60),
    st.sampled_from([0.5, 3.0, 20.0, 70.0]),
)
def test_no_stream_of_key_accounts_starves_an_ordinary_customer(
    agents: int, before: list[str | None], stream: list[tuple[float, str]], service: float
) -> None:
    """The bound: from starve_after on, those alone go before him who waited already when he came. With n of them
    and calls of `service` seconds he is served at the latest at starve_after + (n // agents + 1) * service."""
    numbers = [f"80{agent}" for agent in range(agents)]
    desk = busy(*numbers, rule=DeskRule(starve_after=STARVE, after_call_seconds=0.0))
    for place, number in enumerate(before):
        desk.comes(f"before{place}", number)
    desk.comes("he")
    ends = dict.fromkeys(numbers, service)
    at = list(accumulate(gap for gap, _ in stream))
    coming = [(when, f"later{place}", stream[place][1]) for place, when in enumerate(at)]
    while True:
        agent, end = min(ends.items(), key=lambda item: item[1])
        if coming and coming[0][0] <= end:
            when, call, number = coming.pop(0)
            rung = rung_for(desk.till(when) + desk.comes(call, number))
        else:
            rung = rung_for(desk.till(end) + desk.leaves(agent))
            ends[agent] = end + service
        assert desk.now <= STARVE + (len(before) // agents + 1) * service
        for answering, call in rung:
            desk.takes(answering)
            assert not (call.startswith("later") and desk.now >= STARVE)
        if "he" in [call for _, call in rung]:
            return
