"""Calls to figures: each figure by hand, groups, lines that stand out."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from gateway.kpi import By, CallFigures, Figures, Tally, key_of
from gateway.kpi.lines import FEWEST, bad_lines, wilson
from gateway.kpi.rates import Share, spread
from gateway.kpi.tally import clause_order
from gateway.reports.shown import aim, share

pytestmark = pytest.mark.unit

ZONE = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 11, 1, 12, tzinfo=ZONE)


def answered(after: float = 5.0, rings: int = 2, by: str = "customer", **fields: Any) -> CallFigures:
    call = CallFigures("c", "sip1", "801", NOON, rings, answered_at=NOON + timedelta(seconds=after))
    ended = {"ended_at": NOON + timedelta(seconds=90), "outcome": "answered", "released_by": by}
    return replace(call, **ended | fields)


def abandoned(rings: int = 1) -> CallFigures:
    ended = {"ended_at": NOON, "outcome": "abandoned", "released_by": "customer"}
    return CallFigures("c", "sip1", "801", NOON, rings, **ended)


def figures(*calls: CallFigures, ring_limit: int = 3) -> Figures:
    tally = Tally(ring_limit)
    for call in calls:
        tally.add(call)
    return tally.figures()


def test_rings_of_answers_and_of_those_who_gave_up() -> None:
    told = figures(
        answered(rings=2), answered(rings=2), answered(rings=4), abandoned(1), abandoned(1), abandoned(5)
    )
    assert told.rings_to_answer == {2: 2, 4: 1}
    assert told.abandoned_after_rings == {1: 2, 5: 1}
    assert (told.within_rings, told.within_rings_rate) == (2, Share(2, 4)), "one came late, one rang for too long"
    assert figures(answered(rings=3), ring_limit=2).within_rings_rate == Share(0, 1)


def test_delays_waits_and_talks() -> None:
    told = figures(*(answered(after=second, waited=second * 10.0, talked=second * 2.0) for second in range(1, 21)))
    assert (told.answer_delay.mean, told.answer_delay.p95) == (10.5, 19.0)
    assert (told.wait.count, told.wait.mean, told.wait.p95, told.wait.longest) == (20, 105.0, 190.0, 200.0)
    assert (told.talk.mean, told.talk.total) == (21.0, 420.0)
    assert figures(answered()).wait.mean is None


def test_a_delay_over_a_clock_that_was_set_back_is_left_out() -> None:
    told = figures(answered(after=-3590.0), answered(after=6.0))
    assert (told.answered, told.answer_delay.count, told.answer_delay.mean) == (2, 1, 6.0)


@pytest.mark.parametrize("change", [datetime(2026, 3, 29, 1, 59, 55), datetime(2026, 10, 25, 2, 59, 55)])
def test_a_delay_over_the_change_of_summer_time_is_what_it_was(change: datetime) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    offered = change.replace(tzinfo=berlin)
    answer = datetime.fromtimestamp(offered.timestamp() + 10.0, berlin)
    assert figures(answered(offered_at=offered, answered_at=answer)).answer_delay.mean == 10.0


def test_verdicts_and_clauses() -> None:
    told = figures(
        answered(heard=("speech", "silent"), kept=("JH-10", "JH-2"), broken=()),
        answered(heard=("speech",), kept=("JH-2",), broken=("JH-10",)),
        answered(),
        CallFigures("d", "sip1", "801", NOON, 0, "out", outcome="answered", kept=("JH-2",)),
    )
    assert (told.heard, told.share("silent"), told.share("noisy")) == (2, Share(0, 2), Share(0, 2))
    assert list(told.clauses) == ["JH-2", "JH-10"]
    assert (told.clauses["JH-10"].kept, told.clauses["JH-10"].broken, told.clauses["JH-10"].kept_rate.exact) == (
        1,
        1,
        0.5,
    )
    assert (told.judged, told.quality) == (3, Share(2, 3))
    assert (told.offered, told.call_backs_made, told.call_backs_reached) == (3, 1, 1)


def test_a_call_is_silent_in_which_no_voice_was_heard() -> None:
    """Every pause of a second is silent to the ears: in nearly every call."""
    told = figures(
        *(answered(heard=(voice, "silent")) for voice in ("speech", "faint", "loud")),
        answered(heard=("silent", "noisy")),
        answered(heard=("silent",)),
        answered(heard=("noisy", "silent", "speech")),
    )
    assert (told.heard, told.share("silent"), told.share("noisy")) == (6, Share(1, 6), Share(2, 6))
    assert told.verdicts == {"faint": 1, "loud": 1, "noisy": 2, "silent": 1, "speech": 2}


def test_a_dead_line_stands_out_among_pauses() -> None:
    pausing = figures(*[answered(heard=("silent", "speech"))] * 98, *[answered(heard=("speech",))] * 2)
    dead = figures(*[answered(heard=("silent", "speech"))] * 20, *[answered(heard=("silent",))] * 10)
    (bad,) = bad_lines({"sip1": pausing, "sip2": pausing, "fxo1": dead})
    assert (bad.line, bad.verdict, bad.share, bad.others) == ("fxo1", "silent", Share(10, 30), Share(0, 200))


def test_clauses_sort_as_people_count() -> None:
    assert sorted(["WD-2", "JH-10", "JH-9", "XX"], key=clause_order) == ["JH-9", "JH-10", "WD-2", "XX"]


def test_the_95th_percentile_is_the_nearest_rank() -> None:
    assert spread([float(value) for value in range(1, 101)]).p95 == 95.0
    assert spread([7.0]).p95 == 7.0
    assert spread([float(value) for value in range(1, 42)]).p95 == 39.0


def test_groups() -> None:
    call = answered(attended_by="802", offered_at=datetime(2026, 11, 1, 9, 5, tzinfo=ZONE))
    assert [key_of(call, by) for by in By] == ["802", "sip1", "09", "2026-11-01"]
    assert key_of(abandoned(), By.AGENT) == "801", "who would have greeted"


def line(heard: int, noisy: int) -> Figures:
    return Figures(heard=heard, verdicts={"noisy": noisy})


def test_a_line_that_is_noisy_more_often_than_the_others_stands_out() -> None:
    (bad,) = bad_lines({"sip1": line(400, 20), "sip2": line(400, 24), "fxo1": line(200, 60)})
    assert (bad.line, bad.verdict, bad.share) == ("fxo1", "noisy", Share(60, 200))
    assert bad.others == Share(44, 800)


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        ({"sip1": line(400, 200)}, "there are no others"),
        ({"sip1": line(400, 8), "fxo1": line(FEWEST - 1, FEWEST - 1)}, "too few calls"),
        ({"sip1": line(FEWEST - 1, 0), "fxo1": line(400, 400)}, "too few others"),
        ({"sip1": line(400, 20), "fxo1": line(40, 5)}, "it may be chance"),
        ({"sip1": line(100_000, 5_000), "fxo1": line(100_000, 6_000)}, "certain, and nobody would notice"),
    ],
)
def test_a_line_does_not_stand_out(lines: dict[str, Figures], why: str) -> None:
    assert bad_lines(lines) == (), why


@pytest.mark.parametrize(
    ("part", "whole", "goal", "misses", "json", "shown", "whole_number"),
    [
        (97_996, 100_000, 0.98, True, 0.9799, "97.99 %", "97 %"),
        (98_000, 100_000, 0.98, False, 0.98, "98.00 %", "98 %"),
        (98_004, 100_000, 0.98, False, 0.9801, "98.01 %", "99 %"),
        (49, 50, 0.98, False, 0.98, "98.00 %", "98 %"),
        (29_999, 30_000, 1.0, True, 0.9999, "99.99 %", "99 %"),
        (30_000, 30_000, 1.0, False, 1.0, "100.00 %", "100 %"),
        (1, 30_000, 0.98, True, 0.0001, "0.01 %", "1 %"),
        (2, 3, 0.98, True, 0.6667, "66.67 %", "67 %"),
        (0, 7, 0.98, True, 0.0, "0.00 %", "0 %"),
        (0, 0, 0.98, False, None, "–", "–"),
    ],
)
def test_a_share_is_held_against_its_goal_as_counted_and_never_rounded_to_it(
    part: int, whole: int, goal: float, misses: bool, json: float | None, shown: str, whole_number: str
) -> None:
    counted = Share(part, whole)
    assert (counted.misses(goal), counted.rounded(goal=goal)) == (misses, json)
    assert (share(counted, goal=goal), share(counted, 0, goal)) == (shown, whole_number)


@pytest.mark.parametrize(("goal", "shown"), [(0.98, "98 %"), (0.985, "98.5 %"), (0.07, "7 %"), (1.0, "100 %")])
def test_a_goal_is_shown_as_it_is(goal: float, shown: str) -> None:
    assert aim(goal) == shown


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilsons_interval(part: int, whole: int, low: float, high: float) -> None:
    """The examples of Newcombe 1998, table I, method 3, which are for 95 %."""
    found = wilson(part, whole, z=1.959964)
    assert (round(found[0], 4), round(found[1], 4)) == (low, high)
