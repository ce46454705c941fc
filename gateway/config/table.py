"""The base of every table in our TOML files."""

from pydantic import BaseModel, ConfigDict
from pydantic.fields import FieldInfo


class Table(BaseModel):
    """A TOML table: unknown keys refused, no silent conversion ("4" is not 4), immutable once read.

    Each field's `description` says what is allowed; faults and docs/configuration.md show it.
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)


def fields_of(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """The model's fields by their keys in the file; a key that is a word of Python (`from`) has a field of another
    name."""
    return {field.alias or name: field for name, field in model.model_fields.items()}
