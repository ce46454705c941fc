"""Draws the transition table: a Mermaid diagram and a Markdown table, as docs/call.md shows them.

`python -m gateway.call.diagram docs/call.md` renews what stands between that file's markers.
"""

import sys
from pathlib import Path

from gateway.call.states import CallState
from gateway.call.transitions import TRANSITIONS, Trigger

BEGIN, END = "<!-- transitions: drawn by gateway.call.diagram -->", "<!-- end of transitions -->"
ANY_TIME = (Trigger.HUNG_UP, Trigger.HANDSET_LIFTED, Trigger.LINE_FAILED, Trigger.SHUT_DOWN)
"""Triggers that lead from every live state to RELEASED; drawn once, not six times."""


def draw() -> str:
    """The diagram and the table, from the literal transitions."""
    live = [state for state in CallState if TRANSITIONS[state]]
    lines = ["```mermaid", "stateDiagram-v2", f"    [*] --> {CallState.RINGING}"]
    lines.append(f"    [*] --> {CallState.DIALLING}")
    lines += [
        f"    {state} --> {to}: {trigger}"
        for state in live
        for trigger, to in TRANSITIONS[state].items()
        if trigger not in ANY_TIME
    ]
    assert all(TRANSITIONS[state][trigger] is CallState.RELEASED for state in live for trigger in ANY_TIME)
    lines += [f"    {CallState.RELEASED} --> [*]", "```", ""]
    lines += [f"From every live state, {', '.join(f'*{t}*' for t in ANY_TIME)} lead to `released`.", ""]
    lines += ["| in | when | then |", "| --- | --- | --- |"]
    lines += [f"| `{s}` | {t} | `{to}` |" for s in live for t, to in TRANSITIONS[s].items()]
    return "\n".join(lines)


def renew(text: str) -> str:
    """`text` with everything between its markers drawn anew; ValueError where the markers are missing."""
    return between(text, BEGIN, END, draw())


def between(text: str, begin: str, end: str, drawn: str) -> str:
    """`text` with `drawn` in place of what stands between two markers; ValueError where one is missing."""
    before, found, rest = text.partition(begin)
    _, found_too, after = rest.partition(end)
    if not found or not found_too:
        raise ValueError(f"no {begin} … {end} in the text")
    return f"{before}{begin}\n{drawn}\n{end}{after}"


if __name__ == "__main__":
    document = Path(sys.argv[1])
    document.write_text(renew(document.read_text(encoding="utf-8")), encoding="utf-8")
