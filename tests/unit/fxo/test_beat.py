"""The common beat of all lines."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.fxo.beat import BEAT, next_beat

pytestmark = pytest.mark.unit


@given(st.floats(0, 1e7), st.floats(0, 0.05))
def test_lines_that_ask_within_one_beat_wake_together(now: float, later: float) -> None:
    beat = next_beat(now)
    assert 0.004 < beat - now < BEAT + 0.006
    if now + later < beat - 0.006:
        assert next_beat(now + later) == beat


@given(st.floats(0, 1e6))
def test_who_wakes_on_the_beat_wakes_next_on_the_next_one(now: float) -> None:
    beat = next_beat(now)
    for early in (0.0, 1e-9, 1e-3):
        assert next_beat(beat - early) == pytest.approx(beat + BEAT, abs=1e-6)
