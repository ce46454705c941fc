"""The base of every table in our TOML files."""

from pydantic import BaseModel, ConfigDict


class Table(BaseModel):
    """A TOML table: unknown keys refused, no silent conversion ("4" is not 4), immutable once read.

    Each field's `description` says what is allowed; faults and docs/configuration.md show it.
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)
