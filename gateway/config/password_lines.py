"""A file of people who may log in: `name:hash` a line, or one hash alone for whoever knows its password."""

from pathlib import Path
from typing import Final

from gateway.config.passwords import is_hash

ANYBODY: Final = ""
"""The name of the hash that stands alone."""
_LARGEST: Final = 1_000_000
"""Bytes: thousands of people; what is larger is another file, named by mistake."""


def read_people(path: Path) -> dict[str, str]:
    """The hashes by name. Empty lines and those that begin with `#` are nothing. Raises OSError, or ValueError in
    words that repeat nothing of the file."""
    with path.open("rb") as file:
        content = file.read(_LARGEST + 1)
    if len(content) > _LARGEST:
        raise ValueError("is too large for a file of passwords")
    try:
        lines = content.decode().splitlines()
    except UnicodeDecodeError:
        raise ValueError("is no UTF-8 text") from None
    people: dict[str, str] = {}
    for number, line in enumerate(lines, 1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        name, _, kept = text.rpartition(":")
        name = name.strip()
        if not is_hash(kept.strip()):
            raise ValueError(f"its line {number} is neither `name:hash` nor a hash from `sansheng password`")
        if name in people:
            raise ValueError(f"its line {number} names somebody who is there already")
        people[name] = kept.strip()
    if not people:
        raise ValueError("holds no hash")
    return people
