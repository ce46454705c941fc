"""The soak's verdict: what grows is told, what strays by chance is not."""

from collections import Counter
from dataclasses import replace
from random import Random

import pytest

from tests.soak.judged import BOUND, POOLED, growth, leaks
from tests.soak.sample import Held, Sample
from tests.soak.slope import slope

pytestmark = pytest.mark.unit

HELD = Held(pss=100.0, rss=150.0, descriptors=40, threads=12, ports=2, opened=Counter({"socket": 40}))


def told(load_of: list[Held], last: Held | None = HELD, tasks: int = 30) -> list[str]:
    """What is wrong with a gateway that held this every 5 s, and at last that."""
    first = Sample(0.0, {"gateway": HELD}, 30)
    load = [Sample(5.0 * number, {"gateway": held}, 40) for number, held in enumerate(load_of)]
    end = Sample(700.0, {} if last is None else {"gateway": last}, tasks)
    return list(leaks(first, end, growth(first, load, end)))


def strays(per_minute: float, count: int = 120) -> list[Held]:
    chance = Random(1)
    return [replace(HELD, pss=100 + per_minute * n / 12 + chance.gauss(0, 2.0)) for n in range(count)]


def test_a_gateway_that_strays_by_chance_has_not_grown() -> None:
    assert told(strays(0.0)) == []


def test_memory_that_grows_with_each_call_is_told_through_the_noise() -> None:
    (said,) = told(strays(6 * BOUND))
    assert said.startswith("gateway: grows by")


def test_a_minute_of_load_is_too_short_to_judge_memory_by() -> None:
    assert told(strays(6 * BOUND, count=12)) == []


@pytest.mark.parametrize("name", ["descriptors", "threads", "ports"])
def test_one_more_of_anything_is_told(name: str) -> None:
    more = replace(HELD, **{name: getattr(HELD, name) + 1}, opened=Counter({"socket": 41}))
    (said,) = told(strays(0.0), more)
    assert name in said


@pytest.mark.parametrize(("more", "told_of"), [(POOLED, False), (POOLED + 1, True)])
def test_a_pool_of_connections_may_fill_and_no_more(more: int, told_of: bool) -> None:
    opened = HELD.opened + Counter({"/var/calls.db": more})
    assert bool(told(strays(0.0), replace(HELD, descriptors=40 + more, opened=opened))) is told_of


def test_a_task_more_or_a_process_that_ended_is_told() -> None:
    assert told(strays(0.0), tasks=31) == ["tasks of the event loop: 30 at first, 31 at last"]
    assert told(strays(0.0), None) == ["gateway: its process has ended"]


def test_a_slope_is_that_of_most_points_whatever_a_few_do() -> None:
    points = [(float(x), 2.0 * x) for x in range(30)]
    points[7], points[20] = (7.0, 500.0), (20.0, -500.0)
    found = slope(points)
    assert found.rate == pytest.approx(2.0)
    assert found.least <= 2.0 <= found.most
