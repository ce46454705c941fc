"""Counting rings, the gap, and giving up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.fxo.ring_detector import RingDetector

pytestmark = pytest.mark.unit


def test_12_09_ring_text_and_dle_r_of_one_burst_count_once() -> None:
    rings = RingDetector()
    assert [rings.report(at) for at in (0.0, 0.05, 5.0, 5.9, 10.1)] == [1, None, 2, None, 3]


def test_12_09_one_lost_ring_is_survived_and_eleven_seconds_are_not() -> None:
    rings = RingDetector()
    rings.report(0.0)
    assert rings.gone_at == pytest.approx(11.3)
    assert rings.report(10.2) == 3, "it rang in between, whatever was told of it"
    assert rings.report(22.0) == 1, "ringing begins anew"


@pytest.mark.parametrize(("distance", "number"), [(4.5, 2), (6.2, 2), (7.0, 1), (8.5, 1), (9.0, 3), (10.9, 3)])
def test_a_burst_that_fits_no_cadence_is_another_callers(distance: float, number: int) -> None:
    rings = RingDetector()
    rings.report(0.0)
    assert rings.report(distance) == number


def test_12_10_answers_in_the_gap_only() -> None:
    rings = RingDetector()
    rings.report(100.0)
    rings.report(105.0)
    assert not rings.in_gap(105.4)
    assert rings.in_gap(106.5)
    assert not rings.in_gap(108.9), "the next burst would begin while the modem goes off-hook"


@pytest.mark.parametrize("period", [3.0, 5.0, 6.0])
def test_12_10_every_cadence_has_a_usable_gap(period: float) -> None:
    rings = RingDetector()
    for burst in range(3):
        rings.report(burst * period)
    last = 2 * period
    assert rings.in_gap(last + 1.3)
    assert not rings.in_gap(last + period - 0.8)
    assert last + period < rings.next_burst_by <= last + period + 1


def test_12_09_an_exchange_keeps_its_cadence_from_call_to_call() -> None:
    rings = RingDetector()
    for burst in range(4):
        rings.report(3.0 * burst)
    rings.reset()
    assert [rings.report(at) for at in (100.0, 106.1, 109.0)] == [1, 3, 4], "one report of the UK cadence was lost"


def test_12_10_the_gap_begins_after_the_second_half_of_a_double_ring() -> None:
    rings = RingDetector()
    for burst in (0.0, 5.0):
        assert rings.in_gap(burst + 0.13, 0.12) is False
        rings.report(burst)
        if burst:
            assert not rings.in_gap(burst + 0.3, 0.12), "the other half rings"
        rings.report(burst + 0.6)
    assert rings.in_gap(5.9, 0.12)


def test_12_10_a_burst_that_the_modem_counted_without_telling_is_a_ring_with_a_gap_of_its_own() -> None:
    rings = RingDetector()
    rings.report(0.0)
    assert rings.next_burst_by == pytest.approx(5.8)
    assert rings.missed(5.9) == 2
    assert not rings.in_gap(5.95, 0.12)
    assert rings.in_gap(6.1, 0.12)
    assert rings.report(6.2) is None, "late, and counted already"
    assert rings.report(10.3) == 3


@pytest.mark.parametrize(("period", "cadence"), [(5.4, 5.0), (5.6, 6.0), (4.6, 5.0), (4.4, 4.0), (3.3, 3.0)])
def test_12_10_the_nearest_cadence_is_the_line_s(period: float, cadence: float) -> None:
    rings = RingDetector()
    for burst in range(4):
        rings.report(period * burst)
    assert rings.next_burst_by == pytest.approx(rings.last_burst + 1.1 * cadence + 0.3)


@given(st.lists(st.floats(0.01, 30.0), max_size=40))
def test_12_09_numbers_go_up_by_one_or_two_or_begin_at_one(distances: list[float]) -> None:
    rings, now, last = RingDetector(), 0.0, 0
    for distance in distances:
        now += distance
        number = rings.report(now)
        assert number in (None, last + 1, last + 2, last + 3, 1)
        last = number or last


def test_12_09_four_seconds_and_then_six_are_one_call() -> None:
    """Issue 105 of the thess/callattendant project: one distance is no cadence yet."""
    rings = RingDetector()
    assert [rings.report(at) for at in (10.0, 14.0, 20.0, 25.0)] == [1, 2, 3, 4]


def test_12_10_what_lies_between_two_callers_is_no_cadence() -> None:
    rings = RingDetector()
    rings.report(0.0)
    assert not rings.after_silence
    assert rings.report(11.2) == 3, "if it is one"
    assert rings.after_silence
    rings.begin_anew()
    assert (rings.number, rings.perhaps, rings.after_silence) == (1, 3, False)
    assert rings.next_burst_by == pytest.approx(11.2 + 5.8)
    assert rings.report(16.2) == 2
    assert rings.perhaps == 0
