"""`base`: a dialplan laid over another one, key by key. A list is one value: it replaces the base's."""

import os
from pathlib import Path
from typing import Any

from gateway.config.document import Document, key_name, read_document
from gateway.config.faults import ConfigErrors
from gateway.config.places import DIALPLAN_FILE, dialplan_folder, shipped_dialplans

_ALLOWED = f"a shipped dialplan's name, or a folder with a {DIALPLAN_FILE}"
_DEEPEST = 8
"""Bases above each other; a circle is found sooner, and nobody can follow as many."""


def read_layers(file: Path) -> Document:
    """`file` with its bases under it. Raises ConfigErrors, also for a base that is missing or goes in a circle."""
    return with_base(read_document(file), ())


def with_base(document: Document, above: tuple[Path, ...] = ()) -> Document:
    """`document`, already read, over its bases; `above` are the files that have it as their base."""
    name = document.data.get("base")
    if name is None:
        if "without" in document.data:
            raise ConfigErrors([document.fault(("without",), "needs a base; allowed: both, or neither")])
        return document
    if not isinstance(name, str) or not name:
        raise ConfigErrors([document.fault(("base",), f"is no name; allowed: {_ALLOWED}")])
    chain = (*above, document.file.absolute().resolve())
    file = _base_file(document, name)
    endless = _endless((*chain, file.resolve()))
    if endless is not None:
        raise ConfigErrors([document.fault(("base",), endless)])
    base = with_base(read_document(file), chain)
    kept = _without(base.data, document)
    return Document(document.file, _laid_over(kept, document.data), document.positions, base)


def _endless(chain: tuple[Path, ...]) -> str | None:
    """What is wrong with a chain of files, each of which has the next as its base."""
    names = " → ".join(file.parent.name for file in chain)
    if chain[-1] in chain[:-1]:
        return f"goes in a circle: {names}; allowed: a base without one"
    if len(chain) > _DEEPEST + 1:
        return f"one base too many: {names}; allowed: up to {_DEEPEST} above each other"
    return None


def _base_file(document: Document, name: str) -> Path:
    try:
        folder = dialplan_folder(name, document.file.parent)
    except ValueError:  # a NUL in it
        folder = None
    if folder is None:
        message = (
            f"no such dialplan {name[:60]!r}; allowed: {', '.join(shipped_dialplans())}, or a folder with one"
        )
        raise ConfigErrors([document.fault(("base",), message)])
    file = folder / DIALPLAN_FILE
    short = Path(os.path.normpath(file))  # b for a/../b, but where a is a link
    return short if short.resolve() == file.resolve() else file


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
        if path[0] not in ("base", "without") and _has(data, path):
            data = _removed(data, path)
        else:
            message = f"the base has no {key_name(path)!r}; allowed: a table or key that it has"
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
