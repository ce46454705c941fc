"""A file of people who may log in: `name:hash` a line, with `:right` after it where there are rights."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from gateway.config.passwords import is_hash

ANYBODY: Final = ""
"""The name of a hash that stands alone."""
MAY_COMMAND: Final = "command"
"""The right to ask for something, at the gateway's own broker."""
BROKER_RIGHTS: Final = (MAY_COMMAND,)
_LARGEST: Final = 1_000_000
"""Bytes: thousands of people; what is larger is another file, named by mistake."""
_LONGEST_NAME: Final = 64


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who may log in."""

    kept: str
    """The hash of his password."""
    right: str | None = None
    """What he may do besides."""


class PasswordFileWrong(Exception):
    """The file cannot be used; `line` counts from 1, None: all of it. The message repeats nothing of the file."""

    def __init__(self, line: int | None, message: str) -> None:
        super().__init__(message)
        self.line = line

    def __str__(self) -> str:
        where = f"its line {self.line} " if self.line is not None else ""
        return where + self.message

    @property
    def message(self) -> str:
        """What is wrong with the file, or with the line, and what is allowed."""
        return str(self.args[0])


def read_people(file: Path, *, rights: Collection[str] = (), alone: bool = False) -> dict[str, Person]:
    """The people by name, one at least; `alone`: a hash may stand alone, too, for whoever knows its password.
    Empty lines and those that begin with `#` are nobody. Raises PasswordFileWrong."""
    people: dict[str, Person] = {}
    for number, line in enumerate(text_of(file).split("\n"), 1):
        line = line.strip()
        if line and not line.startswith("#"):
            name, person = (ANYBODY, Person(line)) if alone and is_hash(line) else _person(number, line, rights)
            if name in people:
                raise PasswordFileWrong(number, "names somebody who is there already; allowed: each once")
            people[name] = person
    if not people:
        raise PasswordFileWrong(
            None, "names nobody; allowed: lines of name:hash, the hash from `sansheng password`"
        )
    return people


def text_of(file: Path) -> str:
    """What a file of people holds. Raises PasswordFileWrong."""
    try:
        if file.exists() and not file.is_file():
            raise PasswordFileWrong(None, "is no file; allowed: a readable file")
        with file.open("rb") as stream:
            content = stream.read(_LARGEST + 1)
        if len(content) > _LARGEST:
            raise PasswordFileWrong(
                None, f"has more than {_LARGEST} bytes; allowed: a line for each who may log in"
            )
        return content.decode("utf-8-sig")
    except OSError as error:
        raise PasswordFileWrong(None, f"cannot be read ({error.strerror}); allowed: a readable file") from None
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise PasswordFileWrong(line, "is not UTF-8 text; allowed: lines of name:hash") from None


def _person(number: int, line: str, rights: Collection[str]) -> tuple[str, Person]:
    name, _, rest = line.partition(":")
    kept, _, right = rest.partition(":")
    if not name or len(name) > _LONGEST_NAME or not name.isprintable() or name != name.strip():
        raise PasswordFileWrong(number, f"begins with no name; allowed: 1 to {_LONGEST_NAME} characters, then :")
    if not is_hash(kept):
        raise PasswordFileWrong(number, "holds no hash after the name; allowed: what `sansheng password` prints")
    if right and right not in rights:
        allowed = ", or ".join(["nothing", *(f":{known}" for known in rights)])
        raise PasswordFileWrong(number, f"has something else after the hash; allowed: {allowed}")
    return name, Person(kept, right or None)
