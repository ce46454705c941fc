"""Ringing at the Jihua hotline: when it is answered, and when never (JH-1)."""

import pytest

from drivers.line import (
    Answer,
    HangUpSign,
)
from gateway.call.facts import Released, ReleasedBy
from tests.scenarios.story import Story, jihua

pytestmark = pytest.mark.unit


def test_jh1_answers_in_the_gap_after_ring_two() -> None:
    call = Story()
    call.rings(1)
    call.passes(2)
    call.caller_id()
    call.passes(3)
    assert not call.ordered(Answer)
    call.rings(1, first=2)
    call.passes(0.1)
    assert call.ordered(Answer) == [5.0]
    assert call.answered is not None
    assert call.answered.rings == 2
    assert call.answered.waited == pytest.approx(5.1)


def test_jh1_without_a_caller_id_waits_for_it_and_no_longer_than_the_gap() -> None:
    call = Story()
    call.rings(2)
    call.passes(5)
    assert call.ordered(Answer) == [7.5]


def test_jh1_a_caller_id_that_comes_late_ends_the_wait_at_once() -> None:
    call = Story()
    call.rings(2)
    call.passes(1)
    call.caller_id()
    assert call.ordered(Answer) == [6.0]


def test_jh1_a_ring_during_the_wait_for_the_caller_id_is_answered_at_once() -> None:
    call = Story(jihua(caller_id_wait=4.0))
    call.rings(3, period=3.0)
    assert call.ordered(Answer) == [6.0]


def test_on_ring_one_with_the_caller_id_there_answers_at_once() -> None:
    call = Story(jihua(on_ring=1))
    call.caller_id()
    call.rings(1)
    assert call.ordered(Answer) == [0.0]


def test_a_line_that_stopped_ringing_is_never_answered() -> None:
    call = Story()
    call.rings(1)
    call.passes(3)
    call.hangs_up(HangUpSign.RING_STOPPED)
    call.passes(60)
    assert not call.ordered(Answer)
    assert call.released == Released(ReleasedBy.CUSTOMER, "ring_stopped")


def test_a_caller_who_rings_off_during_the_caller_id_wait_is_not_answered() -> None:
    call = Story()
    call.rings(2)
    call.passes(1)
    call.hangs_up(HangUpSign.CANCEL)
    call.passes(60)
    assert not call.ordered(Answer)
