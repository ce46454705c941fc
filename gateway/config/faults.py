"""Faults a user can mend in a file: where, which key, what is wrong, what is allowed."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

LONGEST: Final = 2000
"""Characters of a fault; a list of what is allowed has some hundred."""


def readable(name: Path | str) -> str:
    """A file's name fit for printing: bytes that are no UTF-8 (a GBK name from a ZIP) become �."""
    return os.fsencode(name).decode("utf-8", "replace")


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One fault. `line` counts from 1; `key` is dotted (`lines[0].port`), empty where the file itself is wrong."""

    file: Path
    line: int
    key: str
    message: str

    def __str__(self) -> str:
        """`file:line: key: what is wrong, what is allowed`, on one line."""
        where = f"{readable(self.file)}:{self.line}: "
        text = " ".join((f"{self.key}: {self.message}" if self.key else self.message).split())
        if len(text) > LONGEST:  # a value of thousands of characters is quoted; what is allowed stands at the end
            text = f"{text[: LONGEST // 2]} … {text[-LONGEST // 2 :]}"
        one_line = where + text
        # Whatever a file or its name holds must not reach a terminal as an order to it.
        return "".join(character if character.isprintable() else "\ufffd" for character in one_line)


class ConfigErrors(Exception):
    """A file cannot be used. `faults` holds every fault found in it, in the order of its lines; never empty."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(faults))
        super().__init__("\n".join(str(fault) for fault in self.faults))
