"""Ringing at the Jihua hotline: when it is answered, and when never (JH-1)."""

import pytest

from drivers.line import Answer, Answered, HangUpSign, RingBurst
from gateway.call.facts import CallAnswered, Rang, Released, ReleasedBy
from tests.scenarios.story import LEG, Story, jihua

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


def test_jh1_a_caller_id_that_has_not_come_by_the_second_ring_is_not_waited_for() -> None:
    call = Story()
    call.rings(2)
    call.passes(5)
    assert call.ordered(Answer) == [5.0]


def test_jh1_answering_the_first_ring_waits_for_the_caller_id_and_no_longer_than_the_gap() -> None:
    call = Story(jihua(on_ring=1))
    call.rings(1)
    call.passes(4)
    assert call.ordered(Answer) == [2.5]


def test_jh1_a_caller_id_that_comes_ends_the_wait_at_once() -> None:
    call = Story(jihua(on_ring=1))
    call.rings(1)
    call.passes(1)
    call.caller_id()
    assert call.ordered(Answer) == [1.0]


def test_jh1_a_first_ring_that_was_missed_has_taken_the_caller_id_along() -> None:
    call = Story()
    call.rings(1, first=2)
    call.passes(0.1)
    assert call.ordered(Answer) == [0.0]


def test_jh1_a_ring_during_the_wait_for_the_caller_id_is_answered_at_once() -> None:
    call = Story(jihua(on_ring=1, caller_id_wait=4.0))
    call.rings(2, period=3.0)
    assert call.ordered(Answer) == [3.0]


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


def test_jh1_a_line_that_rings_on_after_its_answer_is_counted_on() -> None:
    call = Story()
    call.rings(2)
    call.passes(1)
    assert call.answered is not None
    for number in (2, 3, 4):
        call.reports(RingBurst(LEG, number))
    assert [fact.rings for _, fact in call.facts if isinstance(fact, Rang)] == [1, 2, 3, 4]
    assert call.ordered(Answer) == [5.0]


def test_a_process_that_slept_through_the_gap_answers_nobody_who_may_have_gone() -> None:
    call = Story(jihua(on_ring=1))
    call.rings(1)
    call.now += 6.1  # nobody looks at the clock
    call.passes(60)
    assert not call.ordered(Answer)


def test_a_caller_who_rings_off_during_the_caller_id_wait_is_not_answered() -> None:
    call = Story(jihua(on_ring=1))
    call.rings(1)
    call.passes(1)
    call.hangs_up(HangUpSign.CANCEL)
    call.passes(60)
    assert not call.ordered(Answer)


def test_a_line_that_has_picked_the_call_up_by_itself_is_given_no_order_and_records_the_ring_that_rang() -> None:
    call = Story(jihua(on_ring=1))
    call.rings(1)
    call.reports(Answered(LEG))
    call.passes(5)
    assert call.answered == CallAnswered(1, 0.0)
    assert not call.ordered(Answer)
    assert call.said == ["greeting"]
