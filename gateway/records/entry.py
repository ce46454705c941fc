"""One fact on its way into the database, and the line of the spool that holds it. Pure."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import cache
from inspect import isclass
from math import isfinite
from typing import Any, get_args, get_type_hints
from zlib import crc32

from pydantic import TypeAdapter, ValidationError

from drivers.line import LineNews
from gateway.call import facts
from gateway.call.facts import CallFact, Notice
from gateway.records.journal import fact_data, fact_name, kind_name

Fact = CallFact | LineNews

FACTS: Mapping[str, type[Fact]] = {
    kind_name(kind): kind
    for kind in (*vars(facts).values(), *get_args(LineNews))
    if isclass(kind) and issubclass(kind, Fact) and kind is not CallFact
}
"""Every kind of fact by its name in the journal."""


class EntryUnreadable(ValueError):
    """A line of the spool, or a row of the journal, that holds no fact this version knows."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A notice with what names it for ever: the gateway's run and the fact's number in it, from 1. `data` is the
    fact as JSON, as the journal holds it."""

    run: str
    seq: int
    notice: Notice
    data: Mapping[str, Any]

    @classmethod
    def of(cls, run: str, seq: int, notice: Notice) -> "Entry":
        """The entry of a notice. Raises TypeError where it holds what is no JSON."""
        return cls(run, seq, notice, fact_data(notice.fact))

    @property
    def fact(self) -> str:
        """The fact's name in the journal."""
        return fact_name(self.notice.fact)


def encoded(entry: Entry) -> bytes:
    """The entry as one line: checksum, JSON, newline. Raises TypeError or ValueError where it holds what is no
    JSON."""
    notice = entry.notice
    told = [entry.run, entry.seq, notice.at.isoformat(), notice.line, notice.call, entry.fact, entry.data]
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
    return b"%08x %b\n" % (crc32(text), text)


def decoded(line: bytes, zone: tzinfo) -> Entry:
    """The entry of a line, newline or not, its time in `zone`. Raises EntryUnreadable."""
    checksum, _, text = line.rstrip(b"\n").partition(b" ")
    if checksum != b"%08x" % crc32(text):
        raise EntryUnreadable("a line of the spool is damaged")
    try:
        run, seq, at, where, call, name, data = _JSON.decode(_whole_text(text))
        if not (isinstance(run, str) and type(seq) is int and isinstance(where, str) and isinstance(data, dict)):
            raise TypeError
        if not isinstance(call, str | None):
            raise TypeError
        when = datetime.fromisoformat(at).astimezone(zone)
        return Entry(run, seq, Notice(when, where, call, fact_of(name, data)), data)
    except (ValueError, TypeError, OverflowError, RecursionError) as error:
        raise EntryUnreadable(f"a line of the spool cannot be read: {type(error).__name__}") from error


def _whole_text(line: bytes) -> str:
    """The line as text that every database takes; ours are such. Raises ValueError."""
    if _NO_TEXT.search(line):
        raise ValueError("half of a character, or a NUL")
    return line.decode()


def _finite(number: str) -> float:
    if not isfinite(value := float(number)):
        raise ValueError(f"{number} is no JSON that a database takes")
    return value


_NO_TEXT = re.compile(rb"(?<!\\)(?:\\\\)*\\u(?:d[89a-f]|0000)", re.IGNORECASE)
"""Escapes that we never write: half of a character, NUL."""
_JSON = json.JSONDecoder(parse_float=_finite, parse_constant=_finite)
"""A row with a number that no JSON has would be refused by the database, and each start would fail on it."""


def fact_of(name: str, data: Mapping[str, Any]) -> Fact:
    """The fact that the journal holds under this name. Raises EntryUnreadable, also for one of a newer version."""
    if name not in FACTS:
        raise EntryUnreadable(f"no fact is named {name!r}")
    numbers = _numbers(name)
    # JSON has no infinity: the level of digital silence is null there.
    whole = {key: float("-inf") if value is None and key in numbers else value for key, value in data.items()}
    try:
        fact: Fact = _adapter(name).validate_python(whole)
    except ValidationError as error:
        raise EntryUnreadable(f"a fact {name!r} cannot be read: {error.error_count()} fields are wrong") from None
    return fact


@cache
def _adapter(name: str) -> TypeAdapter[Any]:
    return TypeAdapter(FACTS[name])


@cache
def _numbers(name: str) -> frozenset[str]:
    """The fields of a kind of facts that are always numbers."""
    return frozenset(field for field, hint in get_type_hints(FACTS[name]).items() if hint is float)
