"""`{agent}` in a text: checked when it is read, filled when a call begins."""

import re

AGENT = "{agent}"
_MAX_TEXT = 300
"""Characters; a longer prompt lasts over two minutes at the standard's rate."""
_BRACES = re.compile(r"\{[^{}]*\}|[{}]")


def checked_text(text: str) -> str:
    """`text` itself, if it can be said. Raises ValueError in words."""
    if not 1 <= len(text) <= _MAX_TEXT:
        raise ValueError(f"has {len(text)} characters")
    if not any(character.isalnum() for character in text):
        raise ValueError("has nothing to say")
    for brace in _BRACES.findall(text):
        if brace != AGENT:
            raise ValueError(f"{brace!r} is no placeholder")
    if not text.isprintable():
        raise ValueError("holds a line break or a control character")
    return text


def filled(text: str, agent: str) -> str:
    """What the record shows: 「…热线801号…」."""
    return text.replace(AGENT, agent)
