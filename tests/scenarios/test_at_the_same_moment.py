"""The customer acts in the very moment in which a prompt begins: ordered, and not yet on the line."""

import pytest

from drivers.line import Verdict
from tests.scenarios.hotlines import gas

pytestmark = pytest.mark.unit


def test_who_speaks_as_a_step_begins_was_understood() -> None:
    call = gas().greeted()
    call.customer_is(Verdict.NOISY)
    call.passes(3.0)
    call.customer_speaks(0.5)
    assert "noisy-1" not in call.said  # it was ordered, and stopped before its first sample
    call.passes(3.1)
    assert call.said[-1] == "further"


def test_the_ladder_begins_anew_after_it() -> None:
    call = gas().greeted()
    call.customer_is(Verdict.NOISY)
    call.passes(3.0)
    call.customer_speaks(0.5)
    call.customer_is(Verdict.NOISY)
    call.passes(3.1)
    assert call.said[-1] == "noisy-1"
