"""The answer rate of each day beside its goal (JH-21), as a plot."""

from collections.abc import Mapping
from datetime import date
from math import floor

from gateway.kpi.figures import Figures
from gateway.reports.pages import Words
from gateway.reports.report_page.shapes import Dot, Line, Plot, Scale, Text, same, step
from gateway.reports.shown import aim, count, share

WIDTH, HEIGHT = 560.0, 230.0
LEFT, RIGHT, TOP, BOTTOM = 50.0, 14.0, 14.0, 26.0
LABEL_ROOM = 44.0
"""Units that a day's label takes."""
LEAST_SPAN = 0.04
"""Of the scale, from the top down: a rate of 99 % and one of 98 % are to be told apart."""
TICKS = 5


def answer_rate_by_day(days: Mapping[str, Figures], goal: float) -> Plot:
    """A dot for each day on which a call was decided, joined where days follow one another; the goal's line."""
    rates = {date.fromisoformat(day): figures for day, figures in days.items() if figures.answer_rate.whole}
    every, low = _low(min([figures.answer_rate.exact or 0.0 for figures in rates.values()] + [goal]))
    y = Scale(low, 1.0, HEIGHT - BOTTOM, TOP)
    first, last = min(rates, default=date.min), max(rates, default=date.min)
    span = max((last - first).days, 1)
    x = Scale(-0.5, span + 0.5, LEFT, WIDTH - RIGHT) if len(rates) > 1 else Scale(-1, 1, LEFT, WIDTH - RIGHT)
    dots = [
        Dot(x((day - first).days), y(f.answer_rate.exact or 0.0), f.answer_rate.misses(goal), _tip(day, f, goal))
        for day, f in rates.items()
    ]
    ticks = [low + every * number for number in range(round((1.0 - low) / every) + 1)]
    skip = max(1, -(-len(range(span + 1)) * LABEL_ROOM // (WIDTH - LEFT - RIGHT)))
    labelled = [day for day in rates if (day - first).days % skip == 0]
    goal_words = Words(f"目标 {aim(goal)}", f"goal {aim(goal)}")
    return Plot(
        WIDTH,
        HEIGHT,
        Words("每日接通率", "answer rate by day"),
        lines=(
            *(Line(LEFT, y(tick), WIDTH - RIGHT, y(tick), "grid") for tick in ticks),
            Line(LEFT, y(goal), WIDTH - RIGHT, y(goal), "goal"),
        ),
        dots=tuple(dots),
        curves=tuple(_curves(list(rates), dots)),
        texts=(
            *(Text(x((day - first).days), HEIGHT - 8, same(f"{day:%m-%d}"), "tick") for day in labelled),
            *(Text(LEFT - 6, y(t) + 4, same(_tick(t, 0 if every >= 0.01 else 1)), "tick", "end") for t in ticks),
        ),
        legend=(("dot", Words("达标", "kept")), ("failed", Words("▼ 未达标", "▼ missed")), ("goal", goal_words)),
    )


def _tick(at: float, decimals: int) -> str:
    return f"{at * 100:.{decimals}f} %"


def _low(least: float) -> tuple[float, float]:
    """The step of the scale, and where it begins: a step below the least rate."""
    every = step(max(1.0 - least, LEAST_SPAN), TICKS)
    return every, max(0.0, 1.0 - every * (floor(round((1.0 - least) / every, 6)) + 1))


def _curves(days: list[date], dots: list[Dot]) -> list[str]:
    """A line through each run of days without a gap."""
    found: list[str] = []
    for number, dot in enumerate(dots):
        follows = number > 0 and (days[number] - days[number - 1]).days == 1
        if follows:
            found[-1] += f"L{dot.x} {dot.y}"
        else:
            found.append(f"M{dot.x} {dot.y}")
    return [curve for curve in found if "L" in curve]


def _tip(day: date, figures: Figures, goal: float) -> str:
    rate = figures.answer_rate
    return f"{day:%Y-%m-%d} · {share(rate, goal=goal)} ({count(rate.part)} / {count(rate.whole)})"
