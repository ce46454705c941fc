"""Many deadlines against a plain table of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.desk.timers import Timers
from tests.unit.desk.rehearsal import Rehearsal

pytestmark = pytest.mark.unit


@given(
    st.lists(
        st.tuples(st.sampled_from(["set", "set", "clear", "take"]), st.sampled_from("abc"), st.integers(1, 9))
    )
)
def test_the_earliest_of_those_that_stand(steps: list[tuple[str, str, int]]) -> None:
    timers: Timers[str] = Timers()
    table: dict[str, float] = {}
    now = 0.0
    for what, key, number in steps:
        if what == "set":
            table[key] = now + number
            timers.set(key, now + number)
        elif what == "clear":
            table.pop(key, None)
            timers.clear(key)
        else:
            now += number / 2
            due = sorted((when, name) for name, when in table.items() if when <= now)
            taken = timers.take(now)
            assert sorted(taken) == sorted(name for _, name in due)
            assert [table[name] for name in taken] == [when for when, _ in due], "in their order"
            table = {name: when for name, when in table.items() if when > now}
        assert timers.next() == min(table.values(), default=None)


def test_a_telephone_rung_again_rings_its_full_time() -> None:
    desk = Rehearsal("801")
    desk.comes("a")
    desk.till(5.0)
    desk.does("released", "a")
    desk.comes("b")
    assert desk.till(19.9) == []
    assert desk.till(20.0)[:2] == ["20: drop 801", "20: b, 801 misses: no_answer"]
