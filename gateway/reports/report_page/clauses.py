"""Each clause of the standard: in how many calls it was kept, broken, or did not apply, as a plot."""

from gateway.kpi.figures import ClauseCount, Figures
from gateway.reports.counting import ended, not_applicable
from gateway.reports.pages import Words
from gateway.reports.report_page.shapes import Plot, Rect, Scale, Text, same
from gateway.reports.shown import count, share

WIDTH = 1140.0
ROW, HEAD, FOOT = 22.0, 24.0, 4.0
LEFT, RIGHT = 72.0, 704.0
"""Of the bars."""
COLUMNS = (
    (786.0, Words("符合", "kept")),
    (876.0, Words("违反", "broken")),
    (1010.0, Words("不适用", "not applicable")),
    (1132.0, Words("符合率", "kept rate")),
)
"""Of the numbers beside them, at their right edge."""
KINDS = (
    ("kept", Words("符合", "kept")),
    ("broken", Words("违反", "broken")),
    ("not-applicable", Words("不适用", "not applicable")),
)
SEEN = 3.0
"""Units that a single breach takes at least: it is to be seen among ten thousand calls."""


def clauses(figures: Figures) -> Plot:
    """A bar for each clause that applied to a call, all calls that have ended together."""
    calls = Scale(0, max(ended(figures), 1), LEFT, RIGHT)
    rects: list[Rect] = []
    texts = [Text(x, HEAD - 10, words, "panel", "end") for x, words in COLUMNS]
    for row, (clause, counted) in enumerate(figures.clauses.items()):
        top = HEAD + row * ROW
        rest = not_applicable(figures, clause)
        rects += _bar(clause, counted, rest, calls, top)
        texts += _numbers(clause, counted, rest, top + ROW - 7)
    return Plot(
        WIDTH,
        HEAD + ROW * max(len(figures.clauses), 1) + FOOT,
        Words("各条款遵守情况", "clauses kept and broken"),
        rects=tuple(rects),
        texts=tuple(texts),
        legend=KINDS,
    )


def _bar(clause: str, counted: ClauseCount, rest: int, x: Scale, top: float) -> list[Rect]:
    parts = (counted.kept, counted.broken, rest)
    ends = [x(counted.kept), x(counted.kept + counted.broken), RIGHT]
    if counted.broken and ends[1] - ends[0] < SEEN:
        ends[0] = max(LEFT, min(ends[0], RIGHT - SEEN))
        ends[1] = ends[0] + SEEN
    rects, left = [], LEFT
    for (kind, words), part, right in zip(KINDS, parts, ends, strict=True):
        if part:
            tip = f"{clause} · {words.both}: {part:,}"
            rects.append(Rect(round(left, 2), top + 3, round(max(right - left, 0.0), 2), ROW - 8, kind, tip))
            left = right
    return rects


def _numbers(clause: str, counted: ClauseCount, rest: int, base: float) -> list[Text]:
    shown = (
        count(counted.kept),
        count(counted.broken),
        count(rest),
        share(counted.kept_rate),
    )
    broken = "bad" if counted.broken else "value"
    kinds = ("value", broken, "value", broken)
    cells = zip(COLUMNS, shown, kinds, strict=True)
    return [
        Text(LEFT - 10, base, same(clause), "bad" if counted.broken else "name", "end"),
        *(Text(x, base, same(text), kind, "end") for (x, _), text, kind in cells),
    ]
