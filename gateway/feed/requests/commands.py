"""Requests that come in on the topic `command`: what they must look like, and what does them. Pure."""

import json
import math
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any

LARGEST = 16_384
"""Bytes of the largest request that is read; every real one is under 1 kB."""
LONGEST_ID = 128
"""Characters of an id: every kind in use is shorter (a UUID has 36), and each is kept for minutes."""

_EXAMPLE = 'a request is a flat JSON object in UTF-8: {"id": "1", "do": "refresh"}'

Done = Mapping[str, Any] | None
"""Fields of its own for the answer."""
Command = Callable[[Mapping[str, Any]], Done | Awaitable[Done]]
"""Does a request, given its fields: at once, or, where it must wait for a disk, by what is awaited. Raises
CommandError to refuse."""


class CommandError(Exception):
    """The request is refused; the message tells the one who sent it why."""


class Malformed(CommandError):
    """It is no request. `request_id` is its id all the same, where that can be read."""

    def __init__(self, words: str, request_id: str | int | None = None) -> None:
        super().__init__(words)
        self.request_id = request_id


def request_of(payload: bytes) -> dict[str, Any]:
    """The request that a payload holds: a flat JSON object in UTF-8, each name once. Raises Malformed for what is
    none."""
    if len(payload) > LARGEST:
        raise Malformed(f"a request may have {LARGEST} bytes, this one has {len(payload)}")
    twice: set[str] = set()
    try:
        request = json.loads(_text(payload), object_pairs_hook=partial(_fields, twice))
    except json.JSONDecodeError as error:
        raise Malformed(f"this is not JSON: {error.msg}, at character {error.pos + 1}; {_EXAMPLE}") from None
    except RecursionError:
        raise Malformed(f"what is nested is no request; {_EXAMPLE}") from None
    except ValueError:  # Python's own limit, of 4300 digits
        raise Malformed("a number in it has too many digits") from None
    if not isinstance(request, dict):
        raise Malformed(f"a request is a JSON object, not {_kind(request)}; {_EXAMPLE}")
    wrong = _wrong(request, twice)
    if wrong is not None:
        raise Malformed(wrong, None if "id" in twice else _readable_id(request))
    return request


def id_of(request: Mapping[str, Any]) -> str | int:
    """The request's own name. Raises Malformed where it has none."""
    request_id = request.get("id")
    if isinstance(request_id, bool) or not isinstance(request_id, str | int):
        raise Malformed("id: a string or a whole number is needed, to tell the answers apart")
    if not 0 < len(str(request_id)) <= LONGEST_ID:
        raise Malformed(f"id: it must have 1 to {LONGEST_ID} characters, to tell the answers apart")
    return request_id


def name_of(request: Mapping[str, Any], commands: Mapping[str, Command]) -> str:
    """The command that is asked for. Raises CommandError where there is no such."""
    name = request.get("do")
    if not isinstance(name, str) or name not in commands:
        raise CommandError(f"do: unknown; allowed: {', '.join(sorted(commands))}")
    return name


def _text(payload: bytes) -> str:
    try:
        text = payload.decode()
    except UnicodeDecodeError:
        raise Malformed(f"this is not UTF-8; {_EXAMPLE}") from None
    if text.startswith("\ufeff"):
        raise Malformed("it begins with a byte order mark, which JSON has none of (RFC 8259 §8.1); leave it out")
    return text


def _fields(twice: set[str], pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object, and which of its names came twice."""
    fields = dict(pairs)
    if len(fields) != len(pairs):
        twice.update(name for name, times in Counter(name for name, _ in pairs).items() if times > 1)
    return fields


def _wrong(request: Mapping[str, Any], twice: set[str]) -> str | None:
    """Why an object is no request, in words; None: it may be one."""
    if not all(_has_no_halves(text) for text in (*request, *request.values()) if isinstance(text, str)):
        return "half of a character is escaped in it, which is no text (RFC 8259 §8.2)"
    for name, value in request.items():
        if isinstance(value, dict | list):
            return f"{_named(name)}: a request is flat: its fields hold strings, numbers, truth values or null"
        if isinstance(value, float) and not math.isfinite(value):
            return f"{_named(name)}: NaN and Infinity are no JSON (RFC 8259 §6), and no number is as large"
    # Readers differ in which of two values of one name they take: what was signed must be what is done.
    return f"{_named(min(twice))}: a request names each field once" if twice else None


def _readable_id(request: Mapping[str, Any]) -> str | int | None:
    try:
        request_id = id_of(request)
    except Malformed:
        return None
    return None if isinstance(request_id, str) and not _has_no_halves(request_id) else request_id


def _has_no_halves(text: str) -> bool:
    """Whether a text can be written down: an escaped half of a character cannot."""
    return not any("\ud800" <= character <= "\udfff" for character in text)


def _named(name: str) -> str:
    return name if len(name) <= LONGEST_ID else f"{name[:LONGEST_ID]}…"


def _kind(value: object) -> str:
    names = {list: "an array", str: "a string", bool: "a truth value", type(None): "null"}
    return names.get(type(value), "a number")
