"""The limit of a message: five minutes of one customer's word, whatever came between his words."""

import pytest

from drivers.line import Verdict
from tests.scenarios.hotlines import gas
from tests.scenarios.story import Story

pytestmark = pytest.mark.unit


def told() -> Story:
    """A customer who has begun to tell his case."""
    call = gas().greeted()
    call.customer_speaks(5)
    return call


def test_who_speaks_on_and_on_is_asked_for_anything_else_after_the_limit() -> None:
    call = gas().greeted()
    call.customer_is(Verdict.SPEECH)
    call.passes(299)
    assert "further" not in call.said
    call.passes(2)
    assert "further" in call.said


def test_a_hold_does_not_use_the_limit_up() -> None:
    call = told()
    call.holds(600)
    call.customer_is(Verdict.SPEECH)
    call.passes(290)
    assert "further" not in call.said


def test_a_wait_does_not_use_the_limit_up() -> None:
    call = told()
    call.customer_must_wait()
    call.passes(180 + 5)
    call.customer_is(Verdict.SPEECH)
    call.passes(290)
    assert "further" not in call.said
