"""A TOML file as read: its data, and the line of each key."""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gateway.config.faults import ConfigErrors, Fault
from gateway.config.toml_positions import KeyPath, find_positions
from gateway.config.toml_syntax import syntax_fault

_MAX_BYTES = 1_000_000
"""Far above any real file; keeps a mistaken path (a recording, a database) from being read whole."""
_DENIED = "run it as who may: root, or the gateway's user, as in: runuser -u sansheng -- sansheng check"
_DEEP_KEY = re.compile(r"""(?<![\w"'-])(?:(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){32}""")
"""A dotted key deeper than any of ours, found before it is parsed: a parser takes hours over thousands of dots."""
_HUGE_NUMBER = re.compile(r"[0-9_]{4300}")
"""Longer than Python reads."""
_MOST_SHOWN = 120
"""Characters of a key that a fault shows; the longest of ours has fewer."""


@dataclass(frozen=True, repr=False)
class Document:
    """One TOML file. `data` is what tomllib gives, laid over the data of `base` where there is one."""

    file: Path
    data: dict[str, Any]
    positions: dict[KeyPath, int]
    base: "Document | None" = None

    @property
    def files(self) -> tuple[Path, ...]:
        """The file itself, then its base's, that one's base's …"""
        return (self.file, *(self.base.files if self.base else ()))

    def fault(self, path: KeyPath, message: str) -> Fault:
        """The fault `message` about the key at `path`, in the file that has it; a key that is in none is blamed on
        the line of its table."""
        file, line = self.place(path)
        return Fault(file, line, key_name(path), message)

    def place(self, path: KeyPath) -> tuple[Path, int]:
        """File and line of the key at `path`; of what leaves it out, where a `without` does; else of the nearest
        table around it."""
        known = path
        while known:
            document: Document | None = self
            while document is not None:
                line = document.positions.get(known) or document._left_out_at(known)
                if line is not None:
                    return document.file, line
                document = document.base
            known = known[:-1]
        return self.file, 1

    def nearest(self, paths: Sequence[KeyPath]) -> KeyPath:
        """Which of several keys that contradict each other is to blame: the file's own before its base's."""
        files = self.files
        return min(paths, key=lambda path: files.index(self.place(path)[0]))

    def _left_out_at(self, path: KeyPath) -> int | None:
        """The line of this file's own `without` that takes the key at `path` away from its base."""
        names = self.data.get("without") if self.base is not None else None
        for index, name in enumerate(names if isinstance(names, list) else ()):
            if isinstance(name, str) and path[: name.count(".") + 1] == tuple(name.split(".")):
                return self.positions.get(("without", index))
        return None


def key_name(path: KeyPath) -> str:
    """`("lines", 0, "port")` → `lines[0].port`."""
    parts = [f"[{part}]" if isinstance(part, int) else f".{part}" for part in path]
    name = "".join(parts).removeprefix(".")
    return name if len(name) <= _MOST_SHOWN else f"{name[:_MOST_SHOWN]}…"


def read_document(file: Path) -> Document:
    """Read and parse `file` (UTF-8 TOML, at most 1 MB). Raises ConfigErrors."""
    try:
        with file.open("rb") as stream:
            raw = stream.read(_MAX_BYTES + 1)
    except FileNotFoundError:
        raise _unreadable(file, "no such file; name one with -c, or make one: sansheng init") from None
    except PermissionError as error:
        let_him = f"where he may not either, let him: chgrp sansheng {file} && chmod g+r {file}, g+rx its folder"
        raise _unreadable(file, f"cannot be read ({error.strerror}); {_DENIED}; {let_him}") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise _unreadable(file, f"cannot be read ({reason}); a text file in TOML is needed") from None
    if len(raw) > _MAX_BYTES:
        raise _unreadable(file, f"larger than {_MAX_BYTES} bytes; a text file in TOML is needed")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise ConfigErrors([Fault(file, line, "", "not UTF-8 text; save the file as UTF-8")]) from None
    return parse_document(file, text)


def parse_document(file: Path, text: str) -> Document:
    """Parse `text`; `file` is only named in faults. Raises ConfigErrors."""
    deep = _DEEP_KEY.search(text)
    if deep is not None:
        raise _too_deep(file, _line_of(text, deep.start()))
    try:
        return Document(file, tomllib.loads(text), find_positions(text))
    except tomllib.TOMLDecodeError as error:
        raise ConfigErrors([syntax_fault(file, text, str(error))]) from None
    except RecursionError:
        raise _too_deep(file, _line_of_deepest(text)) from None
    except ValueError:
        # Python refuses to read integers of thousands of digits; tomllib lets that through.
        number = _HUGE_NUMBER.search(text)
        line = 1 if number is None else _line_of(text, number.start())
        raise ConfigErrors([Fault(file, line, "", "holds a number too large to read")]) from None


def _line_of(text: str, offset: int) -> int:
    return text.count("\n", 0, offset) + 1


def _line_of_deepest(text: str) -> int:
    """The line with the most brackets: where values are nested in each other by the hundred."""
    lines = text.split("\n")
    return max(range(len(lines)), key=lambda index: lines[index].count("[") + lines[index].count("{")) + 1


def _too_deep(file: Path, line: int) -> ConfigErrors:
    message = "values are nested too deep; a few levels are enough for every key"
    return ConfigErrors([Fault(file, line, "", message)])


def _unreadable(file: Path, message: str) -> ConfigErrors:
    return ConfigErrors([Fault(file, 1, "", message)])
