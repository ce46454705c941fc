"""Every key of dialplan.toml: what it does, what it allows, what it is when left out.

`python -m gateway.dialplan.keys docs/dialplans.md` renews the table between that file's markers.
"""

import json
import sys
import typing
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gateway.config.table import Table
from gateway.dialplan.meanings import MEANINGS
from gateway.dialplan.models import Dialplan
from gateway.dialplan.tables import CLAUSE, TEXT, ChoiceTable

BEGIN, END = "<!-- keys: drawn by gateway.dialplan.keys -->", "<!-- end of keys -->"
_MUST = "must be there"


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a table."""

    name: str
    meaning: str
    allowed: str
    """Completes the sentence "allowed: …"."""
    default: str | None
    """As TOML writes it; None: the key must be there. Empty: left out, there is none."""
    table: type[Table] | None
    """The table, or the table of each name, that it stands for."""
    named: bool
    """Whether it holds tables by name."""

    @property
    def sentences(self) -> str:
        """All of it, for an editor to show beside the key."""
        told = [self.meaning[:1].upper() + self.meaning[1:]]
        if self.table is None:
            told.append(f"Allowed: {self.allowed}")
            if self.default is None:
                told.append("Must be there, here or in the base")
            elif self.default:
                told.append(f"Left out: {self.default}")
        return ". ".join(told) + "."


def keys_of(model: type[Table]) -> Iterator[Key]:
    """The keys of one table, in the order of its model."""
    for name, field in model.model_fields.items():
        tables = list(_tables_in(field.annotation))
        yield Key(
            name,
            MEANINGS[model][name],
            field.description or "",
            None if field.is_required() else _toml(field.get_default(call_default_factory=True)),
            tables[0] if tables else None,
            typing.get_origin(field.annotation) is dict,
        )


def draw() -> str:
    """The tables of docs/dialplans.md."""
    plain = [key for key in keys_of(Dialplan) if key.table is None]
    lines = ["### At the top", "", *_rows(plain)]
    for model, places in _places(Dialplan, ""):
        heads = ", ".join(f"`[{place}]`" for place, _ in places)
        told = "\n".join(f"- `[{place}]`: {meaning}" for place, meaning in places)
        if len(places) == 1:
            told = places[0][1][:1].upper() + places[0][1][1:] + "."
        lines += ["", f"### {heads}", "", told]
        lines += ["", *_rows(key for key in keys_of(model) if key.table is None)]
    return "\n".join(lines)


def renew(text: str) -> str:
    """`text` with everything between its markers drawn anew; ValueError where the markers are missing."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"no {BEGIN} … {END} in the text")
    return f"{before}{BEGIN}\n{draw()}\n{END}{after}"


def _places(model: type[Table], prefix: str) -> Iterator[tuple[type[Table], list[tuple[str, str]]]]:
    """Each kind of table once, with all places it stands in and what it does there."""
    found: dict[type[Table], list[tuple[str, str]]] = {}
    for key in keys_of(model):
        if key.table is not None:
            name = "KEY" if key.table is ChoiceTable else "NAME"
            place = f"{prefix}{key.name}.{name}" if key.named else f"{prefix}{key.name}"
            found.setdefault(key.table, []).append((place, key.meaning))
    for table, places in found.items():
        yield table, places
        yield from _places(table, f"{places[0][0]}.")


def _rows(keys: typing.Iterable[Key]) -> Iterator[str]:
    yield "| key | what it does | allowed | left out |"
    yield "| --- | --- | --- | --- |"
    for key in keys:
        default = _MUST if key.default is None else f"`{key.default}`" if key.default else ""
        allowed = "a text" if key.allowed == TEXT else "a clause" if key.allowed == CLAUSE else key.allowed
        yield f"| `{key.name}` | {key.meaning} | {allowed} | {default} |"


def _toml(value: Any) -> str:
    if value is None or value == {} or value == () or isinstance(value, Table):
        return ""
    return json.dumps(value, ensure_ascii=False)


def _tables_in(annotation: Any) -> Iterator[type[Table]]:
    if isinstance(annotation, type) and issubclass(annotation, Table):
        yield annotation
    for argument in typing.get_args(annotation):
        yield from _tables_in(argument)


if __name__ == "__main__":
    document = Path(sys.argv[1])
    document.write_text(renew(document.read_text(encoding="utf-8")), encoding="utf-8")
