"""One wait's clock."""

import pytest

from gateway.call.waiting import Waiting
from tests.unit.walk.walks import plan_of

pytestmark = pytest.mark.unit


def test_jh9_a_wait_of_exactly_the_time_that_is_long_is_thanked_for() -> None:
    rule = plan_of("jihua-gas").waiting
    assert rule is not None
    began = 34.1
    assert began + rule.long - began < rule.long  # as floating point has it
    wait = Waiting(rule, began)
    wait.ended = True
    assert wait.waited(began + rule.long) == rule.long
    assert wait.last_words(began + rule.long) == rule.thanks
