"""`{agent}` and `{name}` in a text: checked when it is read, filled when a call begins."""

import re
from collections.abc import Mapping

AGENT = "{agent}"
MAX_TEXT = 300
"""Characters; a longer prompt lasts over two minutes at the standard's rate."""
MAX_PARAMETER = 60
"""Characters; the longest name of a company or time has fewer."""
_BRACES = re.compile(r"\{[^{}]*\}|[{}]")
_PLACEHOLDER = re.compile(r"\{[a-z][a-z0-9_]{0,30}\}")


def checked_text(text: str) -> str:
    """`text` itself, if it can be said. Raises ValueError in words."""
    if not 1 <= len(text) <= MAX_TEXT:
        raise ValueError(f"has {len(text)} characters")
    if not any(character.isalnum() for character in text):
        raise ValueError("has nothing to say")
    for brace in _BRACES.findall(text):
        if not _PLACEHOLDER.fullmatch(brace):
            raise ValueError(f"{brace!r} is no placeholder")
    if not text.isprintable():
        raise ValueError("holds a line break or a control character")
    return text


def checked_parameter(value: str) -> str:
    """`value` itself, if it can stand for a placeholder; it may be empty. Raises ValueError in words."""
    if len(value) > MAX_PARAMETER:
        raise ValueError(f"has {len(value)} characters")
    if not value.isprintable():
        raise ValueError("holds a line break or a control character")
    if _BRACES.search(value):
        raise ValueError("holds a placeholder itself")
    return value


def names_in(text: str) -> list[str]:
    """The names of the placeholders in a checked text, `agent` left out."""
    return [brace[1:-1] for brace in _PLACEHOLDER.findall(text) if brace != AGENT]


def with_values(text: str, values: Mapping[str, str]) -> str:
    """`text` with every `{name}` filled; `{agent}` stays for the call to fill."""
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", value)
    return text


def filled(text: str, agent: str) -> str:
    """What the record shows: 「…热线801号…」."""
    return text.replace(AGENT, agent)
