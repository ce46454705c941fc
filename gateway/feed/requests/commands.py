"""Requests that come in on the topic `command`: what they must look like, and what does them. Pure."""

import json
import math
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, NoReturn

LARGEST = 16_384
"""Bytes of the largest request that is read; every real one is under 1 kB."""
LONGEST_ID = 128
"""Characters of an id: every kind in use is shorter (a UUID has 36), and each is kept for minutes."""

Done = Mapping[str, Any] | None
"""Fields of its own for the answer."""
Command = Callable[[Mapping[str, Any]], Done | Awaitable[Done]]
"""Does a request, given its fields: at once, or, where it must wait for a disk, by what is awaited. Raises
CommandError to refuse."""


class CommandError(Exception):
    """The request is refused; the message tells the one who sent it why."""


def request_of(payload: bytes) -> dict[str, Any]:
    """The request that a payload holds: a flat JSON object in UTF-8, each name once. Raises CommandError for what
    is none."""
    if len(payload) > LARGEST:
        raise CommandError(f"a request may have {LARGEST} bytes, this one has {len(payload)}")
    try:
        request = json.loads(payload.decode(), object_pairs_hook=_each_once, parse_constant=_no_number)
        json.dumps(request, ensure_ascii=False).encode()  # an escaped half of a character cannot be written down
    except (ValueError, RecursionError):
        raise CommandError('a request is a JSON object: {"id": "1", "do": "refresh"}') from None
    if not isinstance(request, dict):
        raise CommandError(f"a request is a JSON object, not {_kind(request)}")
    for value in request.values():
        if isinstance(value, dict | list) or (isinstance(value, float) and not math.isfinite(value)):
            raise CommandError("a request's fields hold strings, numbers, truth values or null")
    return request


def id_of(request: Mapping[str, Any]) -> str | int:
    """The request's own name. Raises CommandError where it has none."""
    request_id = request.get("id")
    if isinstance(request_id, bool) or not isinstance(request_id, str | int):
        raise CommandError("id: a string or a whole number is needed, to tell the answers apart")
    if len(str(request_id)) > LONGEST_ID:
        raise CommandError(f"id: it may have {LONGEST_ID} characters")
    return request_id


def name_of(request: Mapping[str, Any], commands: Mapping[str, Command]) -> str:
    """The command that is asked for. Raises CommandError where there is no such."""
    name = request.get("do")
    if not isinstance(name, str) or name not in commands:
        raise CommandError(f"do: unknown; allowed: {', '.join(sorted(commands))}")
    return name


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Readers differ in which of two values of one name they take: what was signed must be what is done."""
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise CommandError("a request names each field once")
    return fields


def _no_number(_: str) -> NoReturn:
    raise ValueError  # NaN and Infinity are no JSON (RFC 8259 §6)


def _kind(value: object) -> str:
    names = {list: "an array", str: "a string", bool: "a truth value", type(None): "null"}
    return names.get(type(value), "a number")
