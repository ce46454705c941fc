"""Draws the table of presence as docs/desk.md shows it.

`python -m gateway.desk.diagram docs/desk.md` renews what stands between that file's markers.
"""

import sys
from pathlib import Path

from gateway.call.diagram import between
from gateway.desk.presence import TRANSITIONS, Presence, Why

BEGIN, END = "<!-- presence: drawn by gateway.desk.diagram -->", "<!-- end of presence -->"
IN_WORDS = {
    Why.LOG_IN: "he logs in",
    Why.LOG_OUT: "he logs out",
    Why.REACHABLE: "his telephone can be reached",
    Why.UNREACHABLE: "his telephone cannot be reached",
    Why.BY_HIMSELF: "he sets himself away",
    Why.BACK: "he is back",
    Why.NEEDS_TIME: "he asks for time after the call",
    Why.MISSED_CALLS: "he has missed three calls in a row",
    Why.CALL: "a customer's call: rung, picked up",
    Why.CALL_BACK: "a call-back: rung, picked up",
    Why.MISSED: "he did not come",
    Why.CALL_GONE: "the customer has gone before he could pick up",
    Why.CALL_ENDED: "the call has ended",
    Why.TIME_UP: "the time after the call is over, or there is none",
}


def draw() -> str:
    """The table, from the literal transitions: a line for each reason, a column for each presence."""
    states = list(Presence)
    lines = ["| `why` | in words | " + " | ".join(f"`{state}`" for state in states) + " |"]
    lines.append("| --- | --- |" + " --- |" * len(states))
    for why in Why:
        cells = (TRANSITIONS[state].get(why) for state in states)
        row = " | ".join("" if to is None else f"→ `{to}`" for to in cells)
        lines.append(f"| `{why}` | {IN_WORDS[why]} | {row} |")
    return "\n".join(lines)


def renew(text: str) -> str:
    """`text` with everything between its markers drawn anew; ValueError where the markers are missing."""
    return between(text, BEGIN, END, draw())


if __name__ == "__main__":
    document = Path(sys.argv[1])
    document.write_text(renew(document.read_text(encoding="utf-8")), encoding="utf-8")
