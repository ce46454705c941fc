"""Calls by the hour in which they came, as a plot."""

from collections.abc import Mapping

from gateway.kpi.figures import Figures
from gateway.reports.pages import Words
from gateway.reports.report_page.shapes import Line, Plot, Rect, Scale, Text, same, whole_ticks

WIDTH, HEIGHT = 560.0, 230.0
LEFT, RIGHT, TOP, BOTTOM = 56.0, 6.0, 10.0, 26.0
BAR = 0.76
"""Of an hour's room."""
HOURS = 24
OUTCOMES = (
    ("answered", Words("接通", "answered")),
    ("abandoned", Words("放弃", "abandoned")),
    ("failed", Words("未接通", "failed")),
)


def calls_by_hour(hours: Mapping[str, Figures]) -> Plot:
    """For each hour of the day a bar: what became of its calls, one upon the other."""
    counts = {hour: _parts(hours.get(f"{hour:02}", Figures())) for hour in range(HOURS)}
    ticks = whole_ticks(max(sum(parts) for parts in counts.values()))
    y = Scale(0, ticks[-1], HEIGHT - BOTTOM, TOP)
    room = (WIDTH - LEFT - RIGHT) / HOURS
    rects, texts = [], []
    for hour, parts in counts.items():
        left, below = LEFT + hour * room + room * (1 - BAR) / 2, 0
        for (kind, words), part in zip(OUTCOMES, parts, strict=True):
            if part:
                top = y(below + part)
                tip = f"{hour:02}:00–{hour:02}:59 · {words.both}: {part:,}"
                rects.append(Rect(round(left, 2), top, round(room * BAR, 2), round(y(below) - top, 2), kind, tip))
            below += part
        if hour % 2 == 0:
            texts.append(Text(round(LEFT + (hour + 0.5) * room, 2), HEIGHT - 8, same(f"{hour:02}"), "tick"))
    return Plot(
        WIDTH,
        HEIGHT,
        Words("各时段来电", "calls by hour"),
        rects=tuple(rects),
        lines=tuple(Line(LEFT, y(tick), WIDTH - RIGHT, y(tick), "grid") for tick in ticks),
        texts=(*texts, *(Text(LEFT - 6, y(tick) + 4, same(f"{tick:,}"), "tick", "end") for tick in ticks)),
        legend=OUTCOMES,
    )


def _parts(figures: Figures) -> tuple[int, int, int]:
    return figures.answered, figures.abandoned, figures.failed
