"""How long it rang: calls by their rings until the answer or the end, as a plot."""

from collections.abc import Mapping

from gateway.kpi.figures import Figures
from gateway.reports.pages import Words
from gateway.reports.report_page.shapes import Line, Plot, Rect, Scale, Text, same, whole_ticks

WIDTH, HEIGHT = 560.0, 230.0
LEFT, RIGHT, TOP, BOTTOM = 56.0, 6.0, 22.0, 26.0
MOST = 10
"""Rings that have a bar of their own; those beyond are in the last one."""
ENDS = (
    ("answered", Words("接听", "answered")),
    ("abandoned", Words("客户放弃", "given up")),
)
BAR = 0.38
"""Of a ring's room, for each of the two."""


def ring_histogram(figures: Figures, ring_limit: int) -> Plot:
    """Two bars for each number of rings, and a line behind the standard's last one. As few calls are given up and
    many answered, each bar has its number."""
    counted = [_up_to_most(figures.rings_to_answer), _up_to_most(figures.abandoned_after_rings)]
    last = max([ring_limit + 1, *(ring for counts in counted for ring in counts)])
    ticks = whole_ticks(max([1, *(part for counts in counted for part in counts.values())]))
    y = Scale(0, ticks[-1], HEIGHT - BOTTOM, TOP)
    rings = range(min([1, *(ring for counts in counted for ring in counts)]), last + 1)
    room = (WIDTH - LEFT - RIGHT) / len(rings)
    rects, texts = [], []
    for place, ring in enumerate(rings):
        middle = LEFT + (place + 0.5) * room
        texts.append(Text(round(middle, 2), HEIGHT - 8, same(f"{ring}{'+' if ring == MOST else ''}"), "tick"))
        for number, ((kind, words), counts) in enumerate(zip(ENDS, counted, strict=True)):
            if part := counts.get(ring, 0):
                left, top = round(middle + (number - 1) * BAR * room, 2), y(part)
                tip = f"{ring}: {words.both}: {part:,}"
                height = max(round(HEIGHT - BOTTOM - top, 2), 1.0)
                bar = Rect(left, HEIGHT - BOTTOM - height, round(BAR * room, 2), height, kind, tip)
                rects.append(bar)
                texts.append(Text(round(left + bar.width / 2, 2), bar.y - 4, same(f"{part:,}"), "value"))
    standard = Words(f"标准:{ring_limit} 声内", f"standard: by ring {ring_limit}")
    edge = round(LEFT + (ring_limit - rings[0] + 1) * room, 2)
    return Plot(
        WIDTH,
        HEIGHT,
        Words("接听或放弃前的铃声数", "rings until the answer or the end"),
        rects=tuple(rects),
        lines=(
            *(Line(LEFT, y(tick), WIDTH - RIGHT, y(tick), "grid") for tick in ticks),
            Line(edge, TOP - 8, edge, HEIGHT - BOTTOM, "goal"),
        ),
        texts=(
            *texts,
            *(Text(LEFT - 6, y(tick) + 4, same(f"{tick:,}"), "tick", "end") for tick in ticks),
            Text(edge + 5, TOP - 2, standard, "goal", "start"),
        ),
        legend=ENDS,
    )


def _up_to_most(counts: Mapping[int, int]) -> dict[int, int]:
    found: dict[int, int] = {}
    for rings, calls in counts.items():
        found[min(rings, MOST)] = found.get(min(rings, MOST), 0) + calls
    return found
