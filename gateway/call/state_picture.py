"""Draws the states of a call as an SVG: `python -m gateway.call.state_picture docs/states.svg`.

Where a state stands is given here, its arrows are the transition table's.
"""

import sys
from html import escape
from pathlib import Path

from gateway.call.diagram import ANY_TIME
from gateway.call.states import CallState
from gateway.call.transitions import TRANSITIONS

PLACES: dict[CallState, tuple[int, int]] = {
    CallState.RINGING: (80, 240),
    CallState.GREETING: (260, 240),
    CallState.LISTENING: (530, 240),
    CallState.PROMPTING: (430, 60),
    CallState.WAITING: (330, 480),
    CallState.TALKING: (800, 270),
    CallState.CLOSING: (660, 560),
    CallState.DIALLING: (800, 60),
    CallState.RELEASED: (930, 560),
}
"""The middle of each state's box, in pixels."""
SIZE = (1020, 620)
HALF = (52, 19)
"""Of a box, in pixels."""
BEND = 0.13
"""How far an arrow bows to its left, as part of its length, so that there and back are two."""
HEAD = """<defs><marker id="tip" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7"
orient="auto-start-reverse"><path d="M0 0L10 5L0 10z" fill="#456"/></marker></defs>
<rect width="100%" height="100%" fill="#fff"/>"""


def draw() -> str:
    """The whole picture."""
    arrows = [_arrow(state, to, labels) for state in PLACES for to, labels in _ways(state).items()]
    boxes = [_box(state) for state in PLACES]
    width, height = SIZE
    font = 'font-family="sans-serif" font-size="13" text-anchor="middle"'
    opening = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" {font}>'
    return "\n".join([opening, HEAD, *arrows, *boxes, "</svg>", ""])


def _ways(state: CallState) -> dict[CallState, list[str]]:
    """Where it leads, with the triggers; what leads from every state to the end is left out."""
    ways: dict[CallState, list[str]] = {}
    for trigger, to in TRANSITIONS[state].items():
        if trigger not in ANY_TIME:
            ways.setdefault(to, []).append(str(trigger))
    return ways


def _arrow(state: CallState, to: CallState, labels: list[str]) -> str:
    (x1, y1), (x2, y2) = PLACES[state], PLACES[to]
    # The point that the bow is drawn towards lies beside the straight way's middle.
    over = ((x1 + x2) / 2 + (y2 - y1) * 2 * BEND, (y1 + y2) / 2 - (x2 - x1) * 2 * BEND)
    begin, end = _edge((x1, y1), over), _edge((x2, y2), over)
    middle = ((begin[0] + end[0]) / 4 + over[0] / 2, (begin[1] + end[1]) / 4 + over[1] / 2)
    path = f"M{begin[0]:.0f} {begin[1]:.0f}Q{over[0]:.0f} {over[1]:.0f} {end[0]:.0f} {end[1]:.0f}"
    drawn = [f'<path d="{path}" fill="none" stroke="#456" marker-end="url(#tip)"/>']
    for row, label in enumerate(labels):
        at = f'x="{middle[0]:.0f}" y="{middle[1] + 4 + 15 * row:.0f}"'
        drawn.append(
            f'<text {at} stroke="#fff" stroke-width="4" paint-order="stroke" fill="#234">{escape(label)}</text>'
        )
    return "\n".join(drawn)


def _edge(box: tuple[float, float], towards: tuple[float, float]) -> tuple[float, float]:
    """Where the way from a box's middle towards a point leaves the box."""
    dx, dy = towards[0] - box[0], towards[1] - box[1]
    part = min(HALF[0] / abs(dx) if dx else 9.0, HALF[1] / abs(dy) if dy else 9.0)
    return box[0] + dx * part, box[1] + dy * part


def _box(state: CallState) -> str:
    x, y = PLACES[state]
    place = f'x="{x - HALF[0]}" y="{y - HALF[1]}" width="{2 * HALF[0]}" height="{2 * HALF[1]}" rx="8"'
    fill = "#fde7e0" if state is CallState.RELEASED else "#e6eff8"
    return (
        f'<rect {place} fill="{fill}" stroke="#456"/>\n'
        f'<text x="{x}" y="{y + 5}" font-weight="bold" fill="#123">{state}</text>'
    )


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(draw(), encoding="utf-8")
