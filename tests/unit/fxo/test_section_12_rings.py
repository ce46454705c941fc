"""Section 12.9 and 12.10, ring accuracy in virtual time: random jitter, lost, doubled and distinctive reports,
every cadence, callers who give up. The exchange knows the truth; the detector is told what a modem would tell.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from drivers.fxo.ring_detector import RingDetector

pytestmark = pytest.mark.unit

CALLS = 20_000
CALLS_OF_A_LINE = 500
LIMIT = 3
"""The last ring by which the standards want an answer (JH-1)."""
OFF_HOOK_AFTER = 0.12
"""Seconds after a ring's report at which the driver goes off-hook."""
TICK = 0.05
CADENCES = (
    # period, seconds after a burst's beginning at which the modem reports it
    (5.0, (1.0,)),  # China
    (6.0, (2.0,)),  # America
    (6.0, (0.8, 2.0)),  # America, distinctive: long-long in one period
    (3.0, (0.4, 1.0)),  # UK 0.4/0.2/0.4/2.0, each half reported
    (3.0, (1.0,)),  # UK, told once
    (4.0, (0.4, 1.0)),  # Hong Kong
)


@dataclass
class Ringing:
    """One call as the exchange rings it, in seconds since its first burst began."""

    period: float
    began: list[float] = field(default_factory=list)
    over: list[float] = field(default_factory=list)
    reports: list[tuple[float, int]] = field(default_factory=list)
    """When, and of which burst (from 1)."""


def ring(
    dice: random.Random,
    cadence: tuple[float, tuple[float, ...]],
    bursts: int,
    lost: float,
    *,
    first_too: bool,
    in_a_row: int,
) -> Ringing:
    """Of a burst, all that is reported may be lost; never more than so many in a row, nor (`first_too`) the first.
    Others are doubled."""
    period, halves = cadence
    call, at, untold = Ringing(period), 0.0, 0 if first_too else in_a_row
    for number in range(1, bursts + 1):
        call.began.append(at)
        call.over.append(at + max(halves))
        untold = untold + 1 if untold < in_a_row and dice.random() < lost else 0
        if not untold:
            for half in halves:
                told = at + half + dice.uniform(-0.1, 0.1)
                call.reports += [(told, number)] * (2 if dice.random() < 0.1 else 1)
        at += period * dice.uniform(0.9, 1.1)
    call.reports.sort()
    return call


@dataclass
class Outcome:
    """What a line did with a call."""

    wanted: int
    answered_on: int | None = None
    """Bursts that had begun when it went off-hook."""
    miscounted: bool = False
    in_burst: bool = False
    dead: bool = False
    """It went off-hook although a burst had been due and had not come."""
    cadence_known: bool = True
    """It is China's, or had been measured in the calls before."""


def serve(rings: RingDetector, began: float, call: Ringing, wanted: int, *, counts: bool) -> Outcome:
    """The line's own course. `counts`: the modem's own count shows a burst of which no report came."""
    done, pending = Outcome(wanted), list(call.reports)
    counted, asked, now = 0, 0, 0.0
    while True:
        now += TICK
        while pending and pending[0][0] <= now:
            at, number = pending.pop(0)
            told = rings.report(began + at)
            if told is not None and counts and rings.doubtful:  # it shows those that were lost before, too
                rings.is_ring(number)
            if told is not None:
                counted = rings.number
                done.miscounted |= counted != number
        if counts and rings.number and began + now >= rings.next_burst_by and asked != rings.number:
            asked = rings.number
            counted = rings.missed(began + now) if sum(over <= now for over in call.over) > asked else counted
        if counted >= wanted and rings.in_gap(began + now, OFF_HOOK_AFTER):
            done.answered_on = sum(at <= now for at in call.began)
            done.in_burst = any(b < now < o for b, o in zip(call.began, call.over, strict=True))
            done.dead = now > call.over[-1] + call.period * 1.1
            return done
        if (rings.number or not pending) and began + now >= rings.gone_at:
            return done


def outcomes(
    *,
    lost: float,
    counts: bool,
    bursts: tuple[int, int] = (8, 8),
    wanted: tuple[int, ...] = (1, 2),
    in_a_row: int = 1,
) -> Iterator[Outcome]:
    """Of CALLS calls, CALLS_OF_A_LINE to each line, some seconds or minutes apart."""
    dice = random.Random(12)
    for line in range(CALLS // CALLS_OF_A_LINE):
        rings, now = RingDetector(), 100.0
        cadence = CADENCES[0] if line % 3 == 0 else CADENCES[line % len(CADENCES)]
        for _ in range(CALLS_OF_A_LINE):
            on_ring = dice.choice(wanted)
            first_too = counts and on_ring > 1
            call = ring(dice, cadence, dice.randint(*bursts), lost, first_too=first_too, in_a_row=in_a_row)
            known = rings._period == cadence[0]
            done = serve(rings, now, call, on_ring, counts=counts)
            done.cadence_known = known
            yield done
            rings.reset()
            now += 100.0 + dice.uniform(0, 100)


def test_12_10_answered_on_ring_n_where_the_modem_counts_what_it_does_not_tell() -> None:
    found = list(outcomes(lost=0.1, counts=True))
    assert sum(done.answered_on == done.wanted for done in found) >= 0.999 * CALLS
    assert sum(not done.miscounted for done in found) >= 0.999 * CALLS


@pytest.mark.parametrize(("counts", "in_a_row"), [(True, 1), (True, 2), (False, 1)])
def test_12_10_never_after_the_third_ring(counts: bool, in_a_row: int) -> None:
    """Answered, and by then. Nobody can know of two reports lost in a row without the modem's own count, nor of a
    second one lost before a foreign cadence was measured: in a line's first calls."""
    found = list(outcomes(lost=0.1, counts=counts, in_a_row=in_a_row))
    late = [done for done in found if done.answered_on is None or done.answered_on > LIMIT]
    assert not [done for done in late if done.cadence_known]
    assert sum(done.cadence_known for done in found) >= 0.995 * CALLS
    assert len(late) <= 0.0003 * CALLS


def test_12_10_never_in_a_burst_not_even_between_the_halves_of_a_double_ring() -> None:
    found = [done for done in outcomes(lost=0.0, counts=True) if done.wanted > 1]
    assert sum(done.in_burst for done in found) <= 0.001 * len(found)
    # On the first ring nobody can know that it has a second half.
    assert sum(done.answered_on == done.wanted for done in found) == len(found)


def test_12_10_with_a_modem_that_does_not_count_a_lost_line_costs_its_own_ring_and_no_more() -> None:
    found = list(outcomes(lost=0.1, counts=False))
    assert sum(not done.miscounted for done in found) >= 0.999 * CALLS, "counted by elapsed periods"
    assert sum(done.answered_on in (done.wanted, done.wanted + 1) for done in found) >= 0.999 * CALLS
    told = list(outcomes(lost=0.0, counts=False))
    assert all(done.answered_on == done.wanted and not done.miscounted for done in told)


@pytest.mark.parametrize("counts", [True, False])
def test_12_10_a_line_that_has_stopped_ringing_is_never_answered(counts: bool) -> None:
    found = list(outcomes(lost=0.1, counts=counts, bursts=(1, 3), wanted=(1, 2, 3)))
    assert not any(done.dead for done in found)
    assert 0.3 * CALLS < sum(done.answered_on is not None for done in found) < CALLS
