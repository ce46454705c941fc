"""The speaking rate a prompt may have: 25 %, and one character more or less."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.prompts.judge import rate_flaws
from gateway.prompts.rate import allowed_rates

pytestmark = pytest.mark.unit


def verdict(count: int, seconds: float, wanted: int = 120) -> list[str]:
    return [flaw.short for flaw in rate_flaws(count, seconds, wanted)]


@pytest.mark.parametrize(
    ("count", "seconds", "expected"),
    [
        (40, 20.0, []),
        (40, 16.0, []),
        (40, 15.0, ["too fast"]),
        (40, 26.5, []),
        (40, 28.0, ["too slow"]),
        (4, 2.0, []),
        (4, 1.3, []),  # 您好,请讲 without a pause
        (4, 1.1, ["too fast"]),
        (4, 3.5, ["too slow"]),
        (1, 0.2, []),
        (1, 1.3, []),
        (1, 1.5, ["too slow"]),
        (0, 3.0, []),
    ],
)
def test_long_prompts_are_held_closely_and_short_ones_to_a_character(
    count: int, seconds: float, expected: list[str]
) -> None:
    assert verdict(count, seconds) == expected


def test_the_fault_names_rate_and_limits() -> None:
    (flaw,) = rate_flaws(40, 10.0, 120)
    assert flaw.message == (
        "is spoken at 240 characters a minute; allowed for 40: 88 to 154 (JH-15); record it again"
    )


@given(st.integers(2, 300), st.integers(80, 240))
def test_the_limits_close_in_on_a_quarter(count: int, wanted: int) -> None:
    slowest, fastest = allowed_rates(count, wanted)
    slower, faster = allowed_rates(count + 1, wanted)
    assert slowest < slower < 0.75 * wanted < 1.25 * wanted < faster < fastest
