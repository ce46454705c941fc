"""Draws the tables of docs/kpi.md: definitions, the names of the score's formula, the same figures by SQL.

`python -m gateway.kpi.page docs/kpi.md` renews what stands between that file's markers.
"""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from gateway.kpi.checks import POSTGRESQL_DELAY, SQLITE_DELAY, VIEWS, checks
from gateway.kpi.definition import Definition
from gateway.kpi.definitions import OF_CALLS, OF_LOG_INS, OF_THE_SCORE, OF_TICKETS
from gateway.kpi.score import DEFAULT_FORMULA
from gateway.kpi.score_names import NAMES

END = "<!-- end -->"


def _definitions() -> Iterator[str]:
    parts = (("Calls", OF_CALLS), ("Tickets", OF_TICKETS), ("Log-ins", OF_LOG_INS), ("The score", OF_THE_SCORE))
    for head, definitions in parts:
        yield from (f"### {head}", "", "| key | | unit | clause | what it is |", "| --- | --- | --- | --- | --- |")
        yield from map(_row, definitions)
        yield ""


def _row(one: Definition) -> str:
    named = f"{one.english} · {one.chinese}"
    return f"| `{one.key}` | {named} | {one.unit} | {one.clause or ''} | {one.meaning_en}<br>{one.meaning_zh} |"


def _names() -> Iterator[str]:
    yield from ("```text", DEFAULT_FORMULA, "```", "", "| name | what it is | |", "| --- | --- | --- |")
    yield from (f"| `{name}` | {english} | {chinese} |" for name, (english, chinese) in NAMES.items())


def _sql() -> Iterator[str]:
    yield from ("```sql", VIEWS.rstrip(), "```", "", f"On PostgreSQL `{POSTGRESQL_DELAY}` stands for")
    yield from (f"`{SQLITE_DELAY}`. Then, for each figure:", "", "```sql")
    yield from (f"-- {key}\n{statement};" for key, statement in checks().items())
    yield "```"


PARTS: dict[str, Callable[[], Iterator[str]]] = {"figures": _definitions, "names": _names, "sql": _sql}
"""What is drawn, by the name in its marker."""


def renew(text: str) -> str:
    """`text` with everything between its markers drawn anew; ValueError where one is missing."""
    for name, draw in PARTS.items():
        begin = f"<!-- {name}: drawn by gateway.kpi.page -->"
        before, found, rest = text.partition(begin)
        _, end, after = rest.partition(END)
        if not found or not end:
            raise ValueError(f"no {begin} … {END} in the text")
        text = f"{before}{begin}\n\n{chr(10).join(draw()).strip()}\n\n{END}{after}"
    return text


if __name__ == "__main__":
    page = Path(sys.argv[1])
    page.write_text(renew(page.read_text(encoding="utf-8")), encoding="utf-8")
