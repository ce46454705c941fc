"""Lines of the spool that a run before this one left: a fact, or no fact; never a start that fails."""

import types
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from enum import Enum
from typing import Any, Union, get_args, get_origin, get_type_hints
from zlib import crc32

from gateway.call.facts import Notice
from gateway.records.entry import FACTS, Entry, EntryUnreadable, decoded, encoded
from tests.fuzz.target import Bits, Target, refused

AT = datetime(2026, 2, 17, 9, 30, tzinfo=UTC)


def attempt(data: bytes) -> None:
    bits = Bits(data)
    summed, text = bits.below(8), bits.rest()
    for line in text.split(b"\n"):
        # By chance no checksum is right, and what is behind it would never be tried.
        try:
            entry = decoded(b"%08x %b" % (crc32(line), line) if summed else line, UTC)
        except EntryUnreadable as error:
            refused(error)
            continue
        assert isinstance(entry.run, str)
        assert isinstance(entry.seq, int)
        again = decoded(encoded(Entry.of(entry.run, entry.seq, entry.notice)), UTC)
        assert again.notice.fact == entry.notice.fact, "what was read is written as it is read"
        assert (again.notice.line, again.notice.call) == (entry.notice.line, entry.notice.call)


def _some(hint: Any) -> Any:
    """A value of this type."""
    if get_origin(hint) in (Union, types.UnionType):
        return _some(get_args(hint)[0])
    if get_origin(hint) is tuple:
        return (_some(get_args(hint)[0]),)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return next(iter(hint))
    if is_dataclass(hint) and isinstance(hint, type):
        hints = get_type_hints(hint)
        return hint(**{field.name: _some(hints[field.name]) for field in fields(hint) if field.init})
    return {str: "x", int: 1, float: 0.5, bool: True, datetime: AT}.get(hint)


TARGET = Target(
    "spool",
    "lines of the records' spool",
    attempt,
    [
        b"\1" + encoded(Entry.of("run", number, Notice(AT, "fxo1", "c1", _some(kind))))[9:-1]
        for number, kind in enumerate(FACTS.values(), 1)
    ],
    (
        b"null",
        b'"at"',
        b"[]",
        b"{}",
        b"1" + b"0" * 400,
        b'"0001-01-01T00:00:00+14:00"',
        b"\\ud800",
        b"NaN",
        b"[" * 2000,
        b"1e999",
    ),
    longest=4096,
)
