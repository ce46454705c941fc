"""The page of a dialplan: its standard clause by clause, and everything that a caller can hear.

`python -m gateway.dialplan.page` renews the README.md of every shipped dialplan.
"""

from collections.abc import Iterable, Iterator

from gateway.config.places import SHIPPED_DIALPLANS, shipped_dialplans
from gateway.dialplan.clauses import CLAUSES, STANDARDS, Standard, standard_of
from gateway.dialplan.keeping import Deed, date_key, deeds_of, when_of
from gateway.dialplan.load import load_dialplan
from gateway.dialplan.models import Dialplan
from gateway.dialplan.page_parts import Row, place, spoken_parts, waits
from gateway.dialplan.phrases import raw_text

PAGE = "README.md"
MADE = "<!-- Made from dialplan.toml by"
"""Stands in every page, and in none that was written by hand."""
_UNSAID = {
    "speaking_rate": "how fast is spoken",
    "answer": "when to answer",
    "greeting": "how to greet",
    "trainee_greeting": "trainees",
    "overflow_greeting": "more customers than agents",
    "holiday_greeting": "holidays",
    "holidays": "holidays",
    "notice": "telling that the call is recorded",
    "warning": "nuisance callers",
    "silent_line": "a silent line",
    "noisy_line": "noise",
    "faint_line": "faint voices",
    "loud_line": "loud voices",
    "menu": "kinds of request",
    "flows": "how a case is taken",
    "questions": "what to ask",
    "texts": "what to promise",
    "waiting": "customers who wait",
    "call_back": "customers who would wait long",
    "further": "asking for anything else",
    "farewell": "the farewell",
    "hang_up": "who hangs up first",
    "language": "the choice of words",
}
"""What a standard says nothing about, if its dialplan borrows a clause for this table. Phrases are not among them:
a standard may have some, and its agents use others too."""


def page_of(dialplan: Dialplan) -> str:
    """The page, in Markdown; it changes only with the dialplan and its bases."""
    deeds, standard = deeds_of(dialplan), _standard(dialplan)
    own = [deed for deed in deeds if standard is None or standard_of(deed.clause) == standard]
    borrowed = [deed for deed in deeds if deed not in own]
    lines = [*_head(dialplan), *_clause_table(dialplan, own)]
    lines += _borrowed(dialplan, borrowed, standard)
    lines += _rest(standard)
    lines += ["", "## What a caller hears"]
    for heading, rows in spoken_parts(dialplan):
        lines += ["", f"### {heading}", "", *_table(("when", "what is said", "clause", "recording"), rows)]
    lines += ["", "## How long is waited", "", *_table(("wait", "what it is", "key"), waits(dialplan))]
    lines += [*_phrases(dialplan), *_parameters(dialplan), *_holidays(dialplan)]
    return "\n".join(lines) + "\n"


def renew_shipped() -> None:
    """Write the page of each shipped dialplan."""
    for name in shipped_dialplans():
        (SHIPPED_DIALPLANS / name / PAGE).write_text(page_of(load_dialplan(name)), encoding="utf-8")


def _standard(dialplan: Dialplan) -> Standard | None:
    """The standard that the dialplan is there to keep; None for one of which no clauses are known."""
    names = [folder.name for folder in dialplan.folders]
    if any(standard_of(deed.clause) is None for deed in deeds_of(dialplan)):
        return None
    return next((standard for name in names for standard in STANDARDS if standard.dialplan == name), None)


def _head(dialplan: Dialplan) -> Iterator[str]:
    name, standard = dialplan.name, _standard(dialplan)
    yield f"# {dialplan.title} (`{name}`)"
    yield ""
    yield f"{MADE} `sansheng dialplan page {name}`. Change that file, not this one. -->"
    yield ""
    yield (
        f"The service standard of {standard.name}: what each clause asks,"
        if standard
        else "What each clause asks,"
    )
    yield "and which key of `dialplan.toml` keeps it. Change the key, and what the line says or does is changed."
    bases = [f"`{folder.name}`" for folder in dialplan.folders[1:]]
    if bases:
        yield f"What the file leaves unsaid is as in {' and '.join(bases)}."
    yield ""
    yield "In what is said, `{agent}` stands for the agent's number, said digit by digit."
    if dialplan.parameters:
        names = ", ".join(f"`{{{name}}}`" for name in dialplan.parameters)
        yield f"What stands for {names}, the parameters at the end of this page tell."
    yield from ("", "## What the standard asks", "")


def _clause_table(dialplan: Dialplan, deeds: list[Deed]) -> list[str]:
    rows: list[Row] = []
    for clause, found in _by_clause(deeds):
        known = CLAUSES.get(clause)
        rows += _under((clause, known.asks if known else ""), _cells(dialplan, found))
    return _table(("clause", "what it asks", "key", "what is said or *done*"), rows)


def _borrowed(dialplan: Dialplan, deeds: list[Deed], standard: Standard | None) -> Iterator[str]:
    if not deeds or standard is None:
        return
    yield from ("", "## Borrowed from other standards", "")
    yield f"Where the standard of {standard.name} says nothing, a clause of another one is kept."
    yield ""
    rows: list[Row] = []
    for clause, found in _by_clause(deeds):
        unsaid = dict.fromkeys(_UNSAID[str(deed.path[0])] for deed in found if deed.path[0] != "phrases")
        why = "nothing said about " + ", ".join(unsaid) if unsaid else "agents use it"
        rows += _under((clause, CLAUSES[clause].asks, why), _cells(dialplan, found))
    yield from _table(("clause", "what it asks", "why borrowed", "key", "what is said or *done*"), rows)


def _under(head: Row, cells: Iterable[Row]) -> Iterator[Row]:
    """Rows of which only the first one has the head."""
    for number, row in enumerate(cells):
        yield (*(("",) * len(head) if number else head), *row)


def _cells(dialplan: Dialplan, deeds: Iterable[Deed]) -> Iterator[Row]:
    """Key and words of each deed; the texts of one list together."""
    cells: dict[str, list[str]] = {}
    for deed in deeds:
        cells.setdefault(place(dialplan, deed.path), []).append(deed.text or f"*{deed.done}*")
    yield from ((key, "<br>".join(said)) for key, said in cells.items())


def _rest(standard: Standard | None) -> Iterator[str]:
    if standard is None:
        return
    yield from ("", "## What people keep", "")
    yield "A line cannot keep the whole standard by itself. These clauses, or parts of them, are kept by others."
    yield ""
    rows = [
        (clause, known.asks, known.rest)
        for clause, known in CLAUSES.items()
        if standard_of(clause) == standard and known.rest
    ]
    yield from _table(("clause", "what it asks", "who keeps it"), rows)


def _phrases(dialplan: Dialplan) -> Iterator[str]:
    if not dialplan.phrases:
        return
    yield from ("", "## Phrases for the agent", "")
    yield "While he talks with the customer, the agent dials the code on his telephone; or a program sends the"
    yield "name with the feed's command `phrase`."
    yield ""
    rows = [
        (
            f"`*{phrase.code}`" if phrase.code else "–",
            f"`{name}`",
            raw_text(dialplan, ("phrases", name, "text")),
            phrase.clause,
            place(dialplan, ("phrases", name, "text")),
        )
        for name, phrase in dialplan.phrases.items()
    ]
    yield from _table(("dial", "name", "what is said", "clause", "key"), rows)


def _parameters(dialplan: Dialplan) -> Iterator[str]:
    if not dialplan.parameters:
        return
    yield from ("", "## Parameters", "")
    yield "A site sets its own in `gateway.toml`, under `[parameters]`."
    yield ""
    rows = [(f"`{name}`", value or "(empty)") for name, value in dialplan.parameters.items()]
    yield from _table(("parameter", "text, where the site sets none"), rows)


def _holidays(dialplan: Dialplan) -> Iterator[str]:
    yield from ("", "## Holidays", "")
    if not dialplan.holidays:
        yield "None: every day is greeted alike."
        return
    general = raw_text(dialplan, ("holiday_greeting", "text")) if dialplan.holiday_greeting else ""
    rows = [
        (f"`{name}`", when_of(holiday), holiday.greeting or general, place(dialplan, date_key(name, holiday)))
        for name, holiday in dialplan.holidays.items()
    ]
    yield from _table(("holiday", "when", "before the greeting", "key"), rows)
    for day, what in dialplan.calendar.items():
        yield f"\nBy `[calendar]`, {day} is `{what}`."


def _by_clause(deeds: Iterable[Deed]) -> list[tuple[str, list[Deed]]]:
    """Deeds by clause, in the order of the standards and then of the numbers."""
    found: dict[str, list[Deed]] = {}
    for deed in deeds:
        found.setdefault(deed.clause, []).append(deed)
    prefixes = [standard.prefix for standard in STANDARDS]

    def order(clause: str) -> tuple[int, str, int]:
        prefix, _, number = clause.partition("-")
        return prefixes.index(prefix) if prefix in prefixes else -1, prefix, int(number)

    return sorted(found.items(), key=lambda item: order(item[0]))


def _table(head: Row, rows: Iterable[Row]) -> list[str]:
    return [_line(head), _line(("---",) * len(head)), *(_line(row) for row in rows)]


def _line(cells: Row) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


if __name__ == "__main__":
    renew_shipped()
