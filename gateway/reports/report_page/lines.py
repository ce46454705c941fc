"""What the ears found on each line, as a plot: a bad line stands out."""

from collections.abc import Mapping, Sequence

from gateway.kpi.figures import JUDGED_BY_EAR, Figures
from gateway.kpi.lines import BadLine
from gateway.reports.columns import EARS
from gateway.reports.pages import Words
from gateway.reports.report_page.shapes import Line, Plot, Rect, Scale, Text, same
from gateway.reports.shown import share

WIDTH = 1140.0
NAMES = 120.0
"""Room for the lines' names."""
ROW, HEAD, FOOT = 16.0, 26.0, 6.0
BETWEEN = 16.0
VALUE = 62.0
"""Room for a share beside its bar."""
LONGEST = 16
"""Characters of a line's name that have room."""


def line_quality(lines: Mapping[str, Figures], bad: Sequence[BadLine]) -> Plot:
    """A row for each line, four panels: silent, noisy, faint and loud callers, each on a scale of its own."""
    ordered = list(lines)
    marked = {(one.line, one.verdict) for one in bad}
    panel = (WIDTH - NAMES) / len(JUDGED_BY_EAR)
    height = HEAD + ROW * max(len(ordered), 1) + FOOT
    rects: list[Rect] = []
    texts = [_name(line, row, any(line == one for one, _ in marked)) for row, line in enumerate(ordered)]
    rules = []
    for number, verdict in enumerate(JUDGED_BY_EAR):
        left = NAMES + number * panel
        most = max([0.02, *(lines[line].share(verdict).exact or 0.0 for line in ordered)])
        x = Scale(0.0, most, left, left + panel - BETWEEN - VALUE)
        texts.append(Text(left, HEAD - 10, EARS[verdict], "panel", "start"))
        rules.append(Line(left, HEAD - 3, left, height - FOOT, "axis"))
        for row, line in enumerate(ordered):
            value, is_bad = lines[line].share(verdict), (line, verdict) in marked
            end, top = x(value.exact or 0.0), HEAD + row * ROW
            tip = f"{line} · {EARS[verdict].both}: {share(value)} ({lines[line].heard:,})"
            rects.append(
                Rect(left, top + 2, max(round(end - left, 2), 0.5), ROW - 5, "bad" if is_bad else verdict, tip)
            )
            sign = f"▲ {share(value, 1)}" if is_bad else share(value, 1)
            texts.append(Text(end + 5, top + ROW - 5, same(sign), "bad" if is_bad else "value", "start"))
    return Plot(
        WIDTH,
        height,
        Words("各线路听辨情况", "what the ears found by line"),
        rects=tuple(rects),
        lines=tuple(rules),
        texts=tuple(texts),
    )


def _name(line: str, row: int, bad: bool) -> Text:
    short = line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"
    return Text(NAMES - 10, HEAD + (row + 1) * ROW - 5, same(short), "bad" if bad else "name", "end")
