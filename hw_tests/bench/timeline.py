"""The picture of a call from ring to answer, drawn from measured times as inline SVG."""

from collections.abc import Mapping, Sequence
from html import escape

LEFT, RIGHT, ROW, TOP = 110, 20, 26, 30
WIDTH = 900
BURST = "#f2b134"
MARKS = {
    "ring": ("#7a4f00", "RING reported"),
    "caller ID": ("#1f77b4", "caller ID"),
    "order": ("#17becf", "the modem is ordered off-hook"),
    "off-hook": ("#2ca02c", "off-hook, seen by the far end"),
    "answered": ("#145214", "answered: the voice stream is up"),
    "prompt": ("#9467bd", "prompt on the line"),
    "hang-up": ("#d62728", "far end hangs up"),
    "noticed": ("#8c1d1e", "hang-up noticed"),
    "on-hook": ("#555555", "on-hook"),
}
"""Each kind of moment: its colour, and what the legend says."""


def draw(journeys: Sequence[Mapping[str, object]]) -> str:
    """The calls below each other on one axis of seconds from the beginning of their ringing; "" for none."""
    if not journeys:
        return ""
    moments = [at for journey in journeys for at, _ in _marks(journey)]
    bursts = [end for journey in journeys for _, end in _bursts(journey)]
    longest = max([*moments, *bursts, 1.0])
    scale = (WIDTH - LEFT - RIGHT) / longest
    kinds = [kind for kind in MARKS if any(mark == kind for journey in journeys for _, mark in _marks(journey))]
    bottom = TOP + ROW * len(journeys)
    height = bottom + 20 + 18 * ((len(kinds) + 2) // 3 + 1)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
        'aria-label="from ring to answer" font-family="sans-serif" font-size="11">',
        *_axis(longest, scale, bottom),
    ]
    for row, journey in enumerate(journeys):
        parts += _row(journey, TOP + ROW * row, scale)
    return "\n".join([*parts, *_legend(kinds, bottom + 36, any(bursts)), "</svg>"])


def _axis(longest: float, scale: float, bottom: int) -> list[str]:
    step = next(step for step in (0.5, 1, 2, 5, 10, 20, 50, 100, 1000) if longest / step <= 20)
    parts = []
    for tick in range(int(longest / step) + 1):
        x = LEFT + tick * step * scale
        parts.append(f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{TOP - 8}" y2="{bottom}" stroke="#ddd"/>')
        parts.append(f'<text x="{x:.1f}" y="{TOP - 12}" text-anchor="middle">{tick * step:g} s</text>')
    return parts


def _row(journey: Mapping[str, object], y: int, scale: float) -> list[str]:
    parts = [f'<text x="{LEFT - 8}" y="{y + 15}" text-anchor="end">{escape(str(journey["label"]))}</text>']
    for begin, end in _bursts(journey):
        parts.append(
            f'<rect x="{LEFT + begin * scale:.1f}" y="{y + 5}" width="{(end - begin) * scale:.1f}" height="14" '
            f'fill="{BURST}"><title>burst {begin:.2f} to {end:.2f} s</title></rect>'
        )
    for at, kind in _marks(journey):
        x, colour = LEFT + at * scale, MARKS[kind][0]
        parts.append(
            f'<path d="M{x:.1f} {y + 1}V{y + 23}" stroke="{colour}" stroke-width="2.5">'
            f"<title>{escape(kind)} at {at:.3f} s</title></path>"
        )
    return parts


def _legend(kinds: Sequence[str], y: int, bursts: bool) -> list[str]:
    entries = [(MARKS[kind][0], MARKS[kind][1]) for kind in kinds]
    if bursts:
        entries.insert(0, (BURST, "the bell rings"))
    parts = []
    for number, (colour, text) in enumerate(entries):
        x, line = LEFT + 260 * (number % 3), y + 18 * (number // 3)
        parts.append(f'<rect x="{x}" y="{line - 9}" width="10" height="10" fill="{colour}"/>')
        parts.append(f'<text x="{x + 16}" y="{line}">{escape(text)}</text>')
    return parts


def _bursts(journey: Mapping[str, object]) -> list[tuple[float, float]]:
    bursts = journey["bursts"]
    assert isinstance(bursts, list)
    return [(float(begin), float(end)) for begin, end in bursts]


def _marks(journey: Mapping[str, object]) -> list[tuple[float, str]]:
    marks = journey["marks"]
    assert isinstance(marks, list)
    return [(float(at), str(kind)) for at, kind in marks]
