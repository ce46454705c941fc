"""`base`: a dialplan laid over another one, key by key. A list is one value: it replaces the base's."""

from pathlib import Path
from typing import Any

from gateway.config.document import Document, key_name, read_document
from gateway.config.faults import ConfigErrors
from gateway.config.places import DIALPLAN_FILE, dialplan_folder, shipped_dialplans

_DEEPEST = 8
"""Bases above each other; a circle is found sooner, and nobody can follow as many."""


def read_layers(file: Path) -> Document:
    """`file` with its bases under it. Raises ConfigErrors, also for a base that is missing or goes in a circle."""
    return with_base(read_document(file), ())


def with_base(document: Document, above: tuple[Path, ...] = ()) -> Document:
    """`document`, already read, over its bases; `above` are the files that have it as their base."""
    name = document.data.get("base")
    if not isinstance(name, str):
        if name is None and "without" in document.data:
            raise ConfigErrors([document.fault(("without",), "needs a base; allowed: both, or neither")])
        return document  # none, or of a wrong type: the models say so
    chain = (*above, document.file.absolute().resolve())
    file = _base_file(document, name)
    if file.resolve() in chain or len(chain) >= _DEEPEST:
        circle = " → ".join(part.parent.name for part in (*chain, file))
        raise ConfigErrors([document.fault(("base",), f"goes in a circle: {circle}; allowed: a base without one")])
    base = with_base(read_document(file), chain)
    kept = _without(base.data, document)
    return Document(document.file, _laid_over(kept, document.data), document.positions, base)


def _base_file(document: Document, name: str) -> Path:
    try:
        folder = dialplan_folder(name, document.file.absolute().parent)
    except ValueError:  # a NUL in it
        folder = None
    if folder is None:
        shipped = ", ".join(shipped_dialplans())
        message = f"no such dialplan {name!r}; allowed: {shipped}, or a folder with a {DIALPLAN_FILE}"
        raise ConfigErrors([document.fault(("base",), message)])
    return folder / DIALPLAN_FILE


def _without(data: dict[str, Any], document: Document) -> dict[str, Any]:
    """The base's data less what the document leaves out; a name that leaves nothing out is a fault."""
    names = document.data.get("without", ())
    if not isinstance(names, list):
        return data
    faults = []
    for index, name in enumerate(names):
        if not isinstance(name, str):
            continue
        path = tuple(name.split("."))
        if _has(data, path):
            data = _removed(data, path)
        else:
            message = f"the base has no {key_name(path)}; allowed: a table or key that it has"
            faults.append(document.fault(("without", index), message))
    if faults:
        raise ConfigErrors(faults)
    return data


def _has(data: Any, path: tuple[str, ...]) -> bool:
    for part in path:
        if not isinstance(data, dict) or part not in data:
            return False
        data = data[part]
    return True


def _removed(data: dict[str, Any], path: tuple[str, ...]) -> dict[str, Any]:
    first, *rest = path
    kept = {key: value for key, value in data.items() if key != first}
    if rest:
        kept[first] = _removed(data[first], tuple(rest))
    return kept


def _laid_over(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    both = {key: value for key, value in below.items() if key not in ("base", "without")}
    for key, value in above.items():
        under = both.get(key)
        both[key] = _laid_over(under, value) if isinstance(under, dict) and isinstance(value, dict) else value
    return both
