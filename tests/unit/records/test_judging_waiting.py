"""The waiting customer: reassured at once, every 15 s, thanked or asked to excuse us (JH-8, JH-9)."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.call.requests import EndWaiting, KeepWaiting, SayPhrase
from gateway.records.record import CallRecord
from tests.unit.records.standards import RealCall, broken, changed, cut, greeted, judged, recorded, without

pytestmark = pytest.mark.unit

JH8, JH9 = ("JH-8", "waiting"), ("JH-9", "patience")


def begun() -> RealCall:
    call = greeted("jihua-gas")
    call.talks(2.0)
    call.asks_for(KeepWaiting())
    return call


def waited(seconds: float, then: float = 10.0) -> CallRecord:
    call = begun()
    call.passes(seconds)
    call.asks_for(EndWaiting())
    call.passes(then)
    call.hangs_up()
    return recorded(call)


def shifted(record: CallRecord, number: int, seconds: float) -> CallRecord:
    """The record with one prompt so much later."""
    prompt = record.prompts[number]
    assert prompt.ended_at is not None
    later = timedelta(seconds=seconds)
    moved = replace(prompt, started_at=prompt.started_at + later, ended_at=prompt.ended_at + later)
    return replace(record, prompts=(*record.prompts[:number], moved, *record.prompts[number + 1 :]))


def test_a_wait_is_kept_by_its_reassurances() -> None:
    record = waited(40.0)
    assert judged(record)[JH8].evidence == "reassured at 0.0 s, 15.0 s, 30.0 s"
    assert (record.waits[0].waited, record.waits[0].overdue) == (40.0, False)
    assert not broken(record)


def test_a_late_first_word_is_broken() -> None:
    record = waited(12.0)
    assert not broken(shifted(record, 1, 0.9))
    assert broken(shifted(record, 1, 1.1)) == {JH8: "reassured at 1.1 s, first after 1.1 s, 1 s allowed"}


@pytest.mark.parametrize(("seconds", "kept"), [(0.45, True), (-0.45, True), (0.6, False), (-0.6, False)])
def test_a_gap_is_fifteen_seconds_give_or_take_half(seconds: float, kept: bool) -> None:
    assert (not broken(shifted(waited(20.0), 2, seconds))) is kept


def test_a_reassurance_left_out_is_a_broken_gap() -> None:
    record = waited(40.0)
    one = replace(record, prompts=tuple(p for p in record.prompts if p is not record.prompts[2]))
    assert broken(one) == {JH8: "reassured at 0.0 s, 30.0 s, gap 30.0 s broken"}
    none = without(without(record, "waiting-again"), "waiting-first")
    assert broken(none) == {JH8: "not reassured in 40.0 s, 1 s allowed"}
    last = replace(record, prompts=tuple(p for p in record.prompts if p is not record.prompts[3]))
    assert broken(last) == {JH8: "reassured at 0.0 s, 15.0 s, gap 25.0 s broken"}


def test_a_wait_that_ended_is_not_owed_another() -> None:
    for seconds in (14.9, 15.0, 15.4, 29.9):
        assert not broken(waited(seconds)), seconds


def test_the_first_words_come_first() -> None:
    record = waited(20.0)
    assert "where waiting-first was due" in broken(changed(record, "waiting-first", prompt="waiting-again"))[JH8]


def test_a_reassurance_cut_by_the_line_is_broken_and_one_cut_by_the_waits_end_is_not() -> None:
    record = waited(15.5)
    assert record.prompts[2].cut == "wait_ended"
    assert not broken(record)
    assert "cut after 0.5 s, line" in broken(cut(record, "waiting-again"))[JH8]


def test_a_gap_on_hold_is_excused() -> None:
    call = begun()
    call.passes(10.0)
    call.on_hold(40.0)
    call.passes(22.0)
    call.hangs_up()
    record = recorded(call)
    assert judged(record)[JH8].evidence == "reassured at 0.0 s, 55.0 s, 70.0 s, 40.0 s of it on hold"
    assert not broken(record)
    assert broken(replace(record, holds=())).keys() == {JH8}
    assert broken(shifted(record, 2, 0.6))[JH8].endswith("gap 15.6 s broken, gap 14.4 s broken")


def test_a_phrase_of_the_agents_is_said_to_its_end_before_the_next_reassurance() -> None:
    call = begun()
    call.passes(14.5)
    call.asks_for(SayPhrase("dialect"))
    call.passes(5.0)
    call.asks_for(EndWaiting())
    call.hangs_up()
    record = recorded(call)
    assert judged(record)[JH8].evidence == "reassured at 0.0 s, 15.5 s"
    late = changed(record, "phrase-dialect", ended_at=record.prompts[2].started_at + timedelta(seconds=3))
    assert not broken(shifted(late, 3, 2.0))
    assert broken(shifted(record, 3, 2.0)).keys() == {JH8}


def test_a_customer_who_leaves_in_mid_wait_was_reassured_until_then() -> None:
    call = begun()
    call.passes(31.0)
    call.hangs_up()
    record = recorded(call)
    assert record.waits[0].ended_at is None
    assert judged(record)[JH8].evidence == "reassured at 0.0 s, 15.0 s, 30.0 s"
    assert JH9 not in judged(record)
    assert not broken(record)


def test_two_waits_are_judged_together() -> None:
    call = begun()
    call.passes(5.0)
    call.asks_for(EndWaiting())
    call.talks(2.0)
    call.asks_for(KeepWaiting())
    call.passes(16.0)
    call.hangs_up()
    record = recorded(call)
    assert judged(record)[JH8].evidence == "reassured at 0.0 s; then reassured at 0.0 s, 15.0 s"
    assert broken(without(record, "waiting-again")).keys() == {JH8}


def test_a_long_wait_is_thanked_for() -> None:
    assert JH9 not in judged(waited(29.0))
    record = waited(31.0)
    assert judged(record)[JH9].evidence == "「感谢您的耐心等待」 said after 31.0 s of waiting"
    assert broken(without(record, "waiting-thanks")).keys() == {JH9}
    assert broken(cut(record, "waiting-thanks")).keys() == {JH9}
    assert broken(changed(record, "waiting-thanks", prompt="waiting-sorry")).keys() == {JH9}


def test_who_leaves_right_after_a_long_wait_cannot_be_thanked() -> None:
    call = begun()
    call.passes(33.0)
    call.asks_for(EndWaiting())
    call.hangs_up()
    assert not broken(recorded(call))
    assert JH9 not in judged(recorded(call))


@pytest.mark.parametrize(("seconds", "kept"), [(2.9, True), (3.1, False)])
def test_last_words_that_had_no_time_to_begin_are_not_owed(seconds: float, kept: bool) -> None:
    record = without(waited(31.0, then=2.0), "waiting-thanks")
    assert record.waits[-1].ended_at is not None
    ended = replace(record, ended_at=record.waits[-1].ended_at + timedelta(seconds=seconds))
    assert (not broken(ended)) is kept


def test_a_wait_that_nobody_ends_ends_with_the_apology() -> None:
    call = begun()
    call.passes(183.5)
    call.hangs_up()
    record = recorded(call)
    assert record.waits[0].overdue
    assert judged(record)[JH9].evidence == "「很抱歉,让您久等了」 said after 180.0 s of waiting"
    assert not broken(record)
    assert broken(without(record, "waiting-sorry")) == {JH9: "waiting-sorry was not said after 180.0 s"}


@settings(deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.floats(0.1, 40.0)), max_size=8), st.floats(0.0, 60.0))
def test_whatever_is_held_a_real_wait_is_kept(parts: list[tuple[bool, float]], last: float) -> None:
    call = begun()
    for on_hold, seconds in parts:
        if on_hold:
            call.on_hold(seconds)
        else:
            call.passes(seconds)
    call.passes(last)
    call.hangs_up()
    # Long enough after the wait's limit even the guard may have let him go: that is another clause.
    assert not {clause for clause, _ in broken(recorded(call))} - {"JH-2"}
