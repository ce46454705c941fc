"""The JSON Schema of dialplan.toml, for editors that complete and check while one writes.

`python -m gateway.dialplan.schema dialplans/schema.json` writes it. What an editor cannot know, such as names that
lead nowhere or what a base holds, `sansheng check` tells.
"""

import json
import sys
from pathlib import Path
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from gateway.config.table import Table
from gateway.dialplan.keys import keys_of
from gateway.dialplan.meanings import MEANINGS
from gateway.dialplan.models import Dialplan
from gateway.dialplan.placeholders import MAX_PARAMETER, MAX_TEXT, checked_parameter, checked_text
from gateway.dialplan.tables import HolidayTable, LadderTable

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_CHARACTER = r"[^{}\x00-\x1f\x7f]"
_FORMS: dict[Any, JsonSchemaValue] = {
    checked_text: {
        "minLength": 1,
        "maxLength": MAX_TEXT,
        "pattern": rf"^({_CHARACTER}|\{{[a-z][a-z0-9_]{{0,30}}\}})*$",
    },
    checked_parameter: {"maxLength": MAX_PARAMETER, "pattern": f"^{_CHARACTER}*$"},
}
"""What our own checks ask of a text, as far as a schema can say it."""
_DATE = r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"
"""The keys of `[calendar]`."""
_NEEDED_TOO: dict[type[Table], tuple[str, ...]] = {LadderTable: ("final",)}
"""What a model takes without, so that the check can name the clause that asks for it."""


def dialplan_schema() -> dict[str, Any]:
    """The schema, as JSON holds it."""
    schema = Dialplan.model_json_schema(schema_generator=_Generator)
    definitions = schema.pop("$defs")
    for model in MEANINGS:
        properties = (schema if model is Dialplan else definitions[model.__name__])["properties"]
        for key in keys_of(model):
            properties[key.name]["description"] = key.sentences
    definitions[HolidayTable.__name__]["not"] = {"required": ["date", "lunar"]}
    schema["properties"]["calendar"] = _calendar(schema["properties"]["calendar"])
    return {
        "$schema": _DIALECT,
        "title": "dialplan.toml",
        "description": "A service standard: what a line says and does by itself, clause by clause.",
        **{key: value for key, value in schema.items() if key not in ("title", "description")},
        "dependentRequired": {"without": ["base"]},
        "if": {"required": ["base"]},
        "else": _needs(Dialplan),
        "$defs": dict(sorted(definitions.items())),
    }


def schema_text() -> str:
    """The schema as dialplans/schema.json holds it."""
    return json.dumps(dialplan_schema(), ensure_ascii=False, indent=2) + "\n"


def _needs(model: type[Table]) -> dict[str, Any]:
    """What must be there in a dialplan without a base: one with a base may say any key alone."""
    needs: dict[str, Any] = {}
    required = [key.name for key in keys_of(model) if key.default is None]
    required += _NEEDED_TOO.get(model, ())
    if required:
        needs["required"] = required
    for key in keys_of(model):
        below = _needs(key.table) if key.table else {}
        if below:
            properties = needs.setdefault("properties", {})
            properties[key.name] = {"additionalProperties": below} if key.named else below
    return needs


def _calendar(schema: dict[str, Any]) -> dict[str, Any]:
    values = {"type": "string", "minLength": 1}
    told = {key: value for key, value in schema.items() if key in ("type", "description")}
    return {**told, "patternProperties": {_DATE: values}, "additionalProperties": False}


class _Generator(GenerateJsonSchema):
    """Pydantic's schema, as TOML needs it: no null, no titles, nothing required (`_needs` says that), names of
    tables checked, and our own checks of texts."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False

    def field_is_required(self, field: Any, total: bool) -> bool:
        return False

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        made = super().default_schema(schema)
        if made.get("default", "") in (None, [], {}):
            del made["default"]
        return made

    def dict_schema(self, schema: core_schema.DictSchema) -> JsonSchemaValue:
        made = super().dict_schema(schema)
        if "patternProperties" in made:
            made["additionalProperties"] = False
            made.pop("propertyNames", None)
        return made

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        made = super().model_schema(schema)
        made.pop("title", None)
        made.pop("description", None)  # a docstring for programmers; the key that holds the table is explained
        return made

    def function_after_schema(self, schema: core_schema.AfterValidatorFunctionSchema) -> JsonSchemaValue:
        return super().function_after_schema(schema) | _FORMS.get(schema["function"]["function"], {})


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(schema_text(), encoding="utf-8")
