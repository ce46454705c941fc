"""Pydantic's findings as faults in our words, each on the line of its key."""

import difflib
import typing
from collections.abc import Collection, Iterator
from typing import Any, TypeVar, cast

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from gateway.config.document import Document
from gateway.config.faults import ConfigErrors, Fault
from gateway.config.secret import SecretTable
from gateway.config.table import Table, fields_of
from gateway.config.toml_positions import KeyPath

_NAME = "a name of small letters, digits and _"
_MOST_SHOWN = 60
"""Characters of a value that a fault shows."""
_MOST_FAULTS = 500
"""Nobody mends more at a time; a file with more is not what its reader takes it for."""
TableT = TypeVar("TableT", bound=Table)


def validate(model: type[TableT], document: Document) -> TableT:
    """`document` as a `model`. Raises ConfigErrors with a fault for every key that is wrong."""
    try:
        return model.model_validate(document.data)
    except ValidationError as error:
        details = error.errors(include_url=False, include_context=True)
        raise ConfigErrors(
            _fault(model, document, detail)
            for detail in details[:_MOST_FAULTS]
            # A list whose elements are all wrong is called too short as well; their own faults say it better.
            if not (detail["type"] == "too_short" and detail["input"])
        ) from None


def _fault(model: type[Table], document: Document, detail: ErrorDetails) -> Fault:
    if detail["loc"][-1] == "[key]":
        return _wrong_name(model, document, detail)
    tables, field = _described(model, detail["loc"])
    path = _path_in(document.data, detail["loc"], {key for table in tables for key in fields_of(table)})
    kind = detail["type"]
    if kind == "extra_forbidden":
        return document.fault(path, _unknown_key(str(path[-1]), tables))
    if kind.startswith("union_tag"):
        path = path if path and path[-1] == "driver" else (*path, "driver")
        drivers = ", ".join(_tags(list(_models_in(field.annotation)))) if field is not None else ""
        what = "is missing" if kind == "union_tag_not_found" else "no such driver"
        return document.fault(path, f"{what}; allowed: {drivers}")
    allowed = field.description if field is not None else _a_table(kind, tables)
    return document.fault(path, _what_is_wrong(kind, detail) + (f"; allowed: {allowed}" if allowed else ""))


def _a_table(kind: str, tables: list[type[BaseModel]]) -> str | None:
    """What a value that is no table should be, where it is one of those that their author gives a name."""
    if kind not in ("model_type", "model_attributes_type"):
        return None
    return f"a table with {', '.join(dict.fromkeys(key for table in tables for key in fields_of(table)))}"


def _wrong_name(model: type[Table], document: Document, detail: ErrorDetails) -> Fault:
    """The fault of a key that its author chooses: `menu.choices.12`."""
    loc = detail["loc"][:-1]
    _, field = _described(model, loc[:-1])
    allowed = _NAME if "a-z" in str(detail.get("ctx")) else field.description if field is not None else None
    message = f"cannot be called {str(loc[-1])[:60]!r}" + (f"; allowed: {allowed}" if allowed else "")
    return document.fault(_path_in(document.data, loc, ()), message)


def _what_is_wrong(kind: str, detail: ErrorDetails) -> str:
    if kind == "missing":
        return "is missing"
    if kind == "value_error":
        return str(detail["ctx"]["error"]) if "ctx" in detail else detail["msg"]
    given = detail["input"]
    if detail["loc"][-1] in ("password_file", "command_key_file", "key_file", "users_file", "callers_file"):
        return "is not a path"  # whatever stands there may be the secret itself
    if isinstance(given, dict):
        return "is a table"
    if isinstance(given, list | tuple):
        return "is an empty list" if not given else "is a list"
    if isinstance(given, bool):
        return f"is {str(given).lower()}"
    if isinstance(given, str):
        return f"is the text {given[:60]!r}"
    shown = str(given)
    return f"is {shown if len(shown) <= _MOST_SHOWN else shown[:_MOST_SHOWN] + '…'}"


def _unknown_key(name: str, tables: list[type[BaseModel]]) -> str:
    allowed = list(dict.fromkeys(key for table in tables for key in fields_of(table)))
    if name == "password" and "password_file" in allowed:
        other = (
            ", or set the environment variable" if any(issubclass(table, SecretTable) for table in tables) else ""
        )
        return f"a secret never stands in this file; write password_file{other}"
    if name == "command_key" and "command_key_file" in allowed:
        return "a secret never stands in this file; write command_key_file, or set SANSHENG_COMMAND_KEY"
    near = difflib.get_close_matches(name[:_MOST_SHOWN].lower(), allowed, n=1, cutoff=0.6)
    meant = f", did you mean {near[0]}?" if near else ";"
    return f"unknown key{meant} allowed: {', '.join(allowed)}"


def _path_in(data: Any, loc: tuple[int | str, ...], known: Collection[str]) -> KeyPath:
    """`loc` without the tags of unions that pydantic puts into it, as those are not in the file; its last part may
    be missing there, if it is one of the keys that are `known` in its table."""
    path: list[int | str] = []
    for index, part in enumerate(loc):
        if (isinstance(data, dict) and part in data) or (isinstance(data, list) and isinstance(part, int)):
            data = cast("Any", data)[part]
            path.append(part)
        elif index == len(loc) - 1 and part in known:
            path.append(part)
    return tuple(path)


def _described(
    model: type[BaseModel], loc: tuple[int | str, ...]
) -> tuple[list[type[BaseModel]], FieldInfo | None]:
    """The model or models whose table holds the key at `loc`, and the key's field, if the model has it."""
    tables: list[type[BaseModel]] = [model]
    field: FieldInfo | None = None
    for part in loc:
        if isinstance(part, int):
            continue
        if field is not None and typing.get_origin(field.annotation) is dict:
            # The part is a name of the author's own: its value is a table of these, or what the field describes.
            tables = list(_models_in(field.annotation))
            field = None if tables else field
            continue
        if field is not None:
            tables = list(_models_in(field.annotation))
            field = None
            tagged = [table for table in tables if part in _tags([table])]
            if tagged:
                tables = tagged
                continue
        field = next((fields_of(table)[part] for table in tables if part in fields_of(table)), None)
    return tables, field


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    """Every model that `annotation` names, however deep in Annotated, unions and tuples."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in typing.get_args(annotation):
        yield from _models_in(argument)


def _tags(tables: list[type[BaseModel]]) -> list[str]:
    """The `driver` names that tell these models apart."""
    fields = (table.model_fields.get("driver") for table in tables)
    return [tag for field in fields if field is not None for tag in typing.get_args(field.annotation)]
