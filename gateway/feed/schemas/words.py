"""The words that the schemas of the feed are written in: small pieces of JSON Schema. Pure.

Only what JSON Schema 2020-12 and draft 7 have in common and mean alike is used, so that AsyncAPI's tools, which
read draft 7, take the same schemas.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

Schema = dict[str, Any]
Properties = dict[str, Schema]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
TIME = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}[+-][0-9]{2}:[0-9]{2}$"
"""RFC 3339 with milliseconds and the site's offset; `Z` is never written."""
MASKED = (
    "Masked (WD-11): the first three and last four digits, never fewer than four hidden; whole with show_numbers."
)
HIGHEST_WHOLE = (1 << 63) - 1
"""What a database's key can be."""


def text(description: str, *, shortest: int = 0, longest: int | None = None, **more: Any) -> Schema:
    """A string; lengths in characters."""
    lengths: Schema = {"minLength": shortest} if shortest else {}
    if longest is not None:
        lengths["maxLength"] = longest
    return {"type": "string", "description": description, **lengths, **more}


def whole(description: str, *, least: int = 0, most: int | None = None) -> Schema:
    """A whole number."""
    highest = {} if most is None else {"maximum": most}
    return {"type": "integer", "description": description, "minimum": least, **highest}


def number(description: str, *, least: float, most: float) -> Schema:
    """A number with decimals."""
    return {"type": "number", "description": description, "minimum": least, "maximum": most}


def truth(description: str) -> Schema:
    """True or false."""
    return {"type": "boolean", "description": description}


def time(description: str) -> Schema:
    """A time as the whole feed writes it."""
    return {
        "type": "string",
        "description": f"{description} RFC 3339 with the site's offset and milliseconds.",
        "format": "date-time",
        "pattern": TIME,
    }


def one_of(values: type[StrEnum] | Iterable[str], description: str) -> Schema:
    """One of some words."""
    return {"type": "string", "description": description, "enum": [str(value) for value in values]}


def or_null(schema: Schema) -> Schema:
    """The same, or null."""
    made = {**schema, "type": [schema["type"], "null"]}
    if "enum" in schema:
        made["enum"] = [*schema["enum"], None]
    return made


def array(items: Schema, description: str, *, most: int | None = None) -> Schema:
    """A list."""
    highest = {} if most is None else {"maxItems": most}
    return {"type": "array", "description": description, "items": items, **highest}


def constant(value: str | bool, description: str) -> Schema:
    """This value alone."""
    return {"type": "boolean" if isinstance(value, bool) else "string", "description": description, "const": value}


def closed(title: str, description: str, properties: Properties, *, optional: Iterable[str] = ()) -> Schema:
    """An object with these fields and no other; all of them are there but the `optional` ones."""
    left_out = frozenset(optional)
    return {
        "title": title,
        "description": description,
        "type": "object",
        "properties": properties,
        "required": [name for name in properties if name not in left_out],
        "additionalProperties": False,
    }


def any_of_them(title: str, description: str, kinds: dict[str, Schema]) -> Schema:
    """Exactly one of several objects, each under its name in `$defs`."""
    return {
        "title": title,
        "description": description,
        "oneOf": [{"$ref": f"#/$defs/{name}"} for name in kinds],
        "$defs": kinds,
    }
