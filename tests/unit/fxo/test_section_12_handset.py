"""A parallel telephone picked up (12.9, peers (b) 5): believed when it is sure, never by a false code or our own
one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.fxo.handset import HandsetWatch
from drivers.fxo.profiles import PROFILES

pytestmark = pytest.mark.unit

CONEXANT, USR, GENERIC = (PROFILES[name] for name in ("conexant", "usr5637", "generic"))


def watched(name: str, *codes: tuple[float, str], playing: bool = False) -> HandsetWatch:
    watch = HandsetWatch(PROFILES[name])
    for at, code in codes:
        watch.code(code, at, own=False, playing=playing)
    return watch


@pytest.mark.parametrize(
    ("family", "codes"),
    [
        ("conexant", [(10.0, "P")]),
        ("zoom3095", [(10.0, "P")]),
        ("usr5637", [(10.0, "H")]),
        ("v253", [(10.0, "t")]),
        ("silabs", [(10.0, "P")]),
        ("generic", [(10.0, "P"), (10.5, "P")]),
        ("generic", [(9.0, "H"), (10.0, "P")]),
    ],
)
def test_12_09_what_each_family_says_by_a_lifted_handset(family: str, codes: list[tuple[float, str]]) -> None:
    watch = watched(family, *codes)
    assert not watch.lifted(codes[-1][0] + 0.95)
    assert watch.lifted(codes[-1][0] + 1.0)
    assert not watch.lifted(codes[-1][0] + 5.0), "told once"


@pytest.mark.parametrize(
    ("family", "codes"),
    [
        ("conexant", [(10.0, "P"), (10.6, "p")]),  # the line dipped
        ("usr5637", [(10.0, "H"), (10.9, "h")]),
        ("conexant", [(10.0, "h")]),
        ("conexant", [(10.0, "H")]),  # line current: the maker says both
        ("conexant", [(10.0, "l")]),
        ("usr5637", [(10.0, "P")]),  # none of its codes
        ("generic", [(10.0, "P")]),
        ("generic", [(10.0, "P"), (10.05, "P")]),  # one report, stuttered
        ("generic", [(10.0, "P"), (50.0, "P")]),
    ],
)
def test_12_09_what_is_no_lifted_handset(family: str, codes: list[tuple[float, str]]) -> None:
    watch = watched(family, *codes)
    assert not any(watch.lifted(at / 10) for at in range(100, 700))


def test_12_09_a_family_that_takes_prompts_for_codes_must_say_it_twice_while_one_plays() -> None:
    assert not watched("usr5637", (10.0, "H"), playing=True).lifted(20.0)
    assert watched("usr5637", (10.0, "H"), (12.0, "H"), playing=True).lifted(20.0)
    assert watched("conexant", (10.0, "P"), playing=True).lifted(20.0), "its codes are true"
    once = watched("usr5637", (10.0, "H"), playing=True)
    once.code("H", 15.0, own=False, playing=False)
    assert once.lifted(16.0)


def test_12_11_its_own_going_off_hook_is_none() -> None:
    watch = HandsetWatch(USR)
    watch.code("H", 10.0, own=True, playing=False)
    assert watch.confirmed_at is None


def test_12_09_a_ring_takes_it_back() -> None:
    watch = watched("conexant", (10.0, "P"))
    watch.rang()
    assert not watch.lifted(20.0)


FALSE_CODES = st.tuples(st.floats(0.0, 100.0), st.sampled_from("bdiKqsurocamefJ0123456789*#ABCD/~@wl"))


@given(st.sampled_from(sorted(PROFILES)), st.lists(FALSE_CODES, max_size=50).map(sorted), st.booleans())
def test_12_09_no_other_code_is_ever_one(family: str, codes: list[tuple[float, str]], playing: bool) -> None:
    watch = watched(family, *codes, playing=playing)
    assert not watch.lifted(200.0)
