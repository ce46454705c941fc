"""The names of a dataclass's fields, looked up once for each class: records ask for each value of each fact."""

from dataclasses import fields, is_dataclass


class _Names(dict[type, tuple[str, ...] | None]):
    def __missing__(self, kind: type) -> tuple[str, ...] | None:
        self[kind] = names = tuple(field.name for field in fields(kind)) if is_dataclass(kind) else None
        return names


NAMES = _Names()
"""By class: its fields in the order of its parameters; None where it is no dataclass."""
