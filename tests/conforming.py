"""Messages of the feed by the schemas it is published with: what does not conform is told with where and why."""

import contextlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import fastjsonschema
from fastjsonschema import JsonSchemaException
from jsonschema import Draft202012Validator

from gateway.call.facts import Notice
from gateway.feed.board import Board
from gateway.feed.encoding import Message
from gateway.feed.schemas import KINDS, schema, schema_of
from gateway.feed.schemas.asyncapi import NOT_RETAINED, PASSING
from gateway.feed.schemas.catalogue import STATUS


@cache
def validator(name: str, kind: str | None = None) -> Draft202012Validator:
    """Of a schema, or of one of its kinds: it tells what is wrong, which `oneOf` cannot."""
    return Draft202012Validator(schema(name) if kind is None else schema(name)["$defs"][kind])


@cache
def fast(name: str, kind: str | None = None) -> Callable[[object], object]:
    """The same made into Python code: twenty times as fast; what it makes raises JsonSchemaException. It knows
    draft 7, whose words the schemas keep to."""
    described = validator(name, kind).schema
    return fastjsonschema.compile({key: value for key, value in described.items() if not key.startswith("$")})


def complaint(name: str, payload: object) -> str | None:
    """What is wrong with a payload that is read already, by the schema of this name; None: nothing."""
    kind = None
    if name in KINDS:
        kind = _kind(name, payload)
        if kind not in schema(name)["$defs"]:
            return f"{name}: no schema for {KINDS[name]} {kind!r} in {payload}"
    try:
        fast(name, kind)(payload)
        return None
    except JsonSchemaException as error:
        first = f"  {error}"
    errors = validator(name, kind).iter_errors(payload)
    found = [f"  {error.json_path}: {error.message} ({_path(error.absolute_schema_path)})" for error in errors]
    described = name if kind is None else f"{name}#/$defs/{kind}"
    head = f"{described} does not describe {json.dumps(payload, ensure_ascii=False)}:"
    return "\n".join([head, *(found or [first])])


def told_wrong(topic: str, payload: bytes, *, retained: bool | None) -> str | None:
    """What is wrong with a message as it was published; None: nothing, or it is not of the feed. `retained`: the
    flag it was published with, where that is known."""
    base, _, below = topic.partition("/")
    suffix = below.partition("/")[2]
    if base != "sansheng":
        return None
    name = schema_of(suffix)
    if name is None:
        return f"{topic}: no schema describes this topic"
    if retained is not None and retained is (name in NOT_RETAINED):
        return f"{topic}: published {'' if retained else 'not '}to be retained: {payload!r}"
    if not payload:
        return None if name in PASSING else f"{topic}: empty, and it does not pass"
    try:
        return complaint(name, payload.decode() if name == STATUS else json.loads(payload))
    except ValueError as error:
        return f"{topic}: {error}: {payload!r}"


def conforms(message: Message) -> Message:
    """The same message; AssertionError where it does not conform."""
    wrong = told_wrong(message.topic, message.payload, retained=message.retained)
    assert wrong is None, wrong
    return message


def conforming_answer(request: Mapping[str, Any], answer: Mapping[str, Any] | None) -> dict[str, Any]:
    """The same answer; AssertionError where there is none, or it does not conform, or the request did not and was
    done all the same."""
    assert answer is not None, "no answer"
    wrong = complaint("command-result", answer)
    if answer["ok"]:
        known = schema("command")["$defs"][request["do"]]["properties"]  # the gateway does not look at others
        wrong = wrong or complaint("command", {name: request[name] for name in request if name in known})
    assert wrong is None, wrong
    return dict(answer)


LEFT_BEHIND = b'{"left": true}'
"""What a test retains in the place of an earlier run, whatever that may have published."""


@dataclass
class Inspector:
    """Looks at what a subscriber hears: all that gateways publish, and each request that one of them has done."""

    wrong: list[str] = field(default_factory=list)
    _asked: dict[str, list[object]] = field(default_factory=dict)

    def look_at(self, topic: str, payload: bytes, replayed: bool) -> None:
        """A message; `replayed`: the broker had retained it."""
        if payload == LEFT_BEHIND:
            return
        if topic.endswith("/command"):  # anybody may publish anything there
            request = _read(payload)
            self._asked.setdefault(_name(request), []).append(request)
            return
        found = told_wrong(topic, payload, retained=replayed or None)
        answer = _read(payload) if topic.endswith("/command/result") else None
        if answer is not None and answer.get("ok") is True:
            complaints = [complaint("command", asked) for asked in self._asked.get(_name(answer), [])]
            found = found or (None if None in complaints else "\n".join(filter(None, complaints)))
        self.wrong += [found] if found else []


def _read(payload: bytes) -> dict[str, object] | None:
    with contextlib.suppress(ValueError, RecursionError):
        found = json.loads(payload)
        return found if isinstance(found, dict) else None
    return None


def _name(request: dict[str, object] | None) -> str:
    return repr((request or {}).get("id"))


class ConformingBoard(Board):
    """A board all of whose messages conform."""

    def states(self) -> list[Message]:
        return [conforms(message) for message in super().states()]

    def receive(self, notice: Notice) -> list[Message]:
        return [conforms(message) for message in super().receive(notice)]

    def changes(self) -> list[Message]:
        return [conforms(message) for message in super().changes()]


def _kind(name: str, payload: object) -> object:
    if not isinstance(payload, dict):
        return None
    if payload.get("ok") is False:
        return "refused"
    return payload.get(KINDS[name])


def _path(path: object) -> str:
    return "/".join(str(step) for step in path)  # type: ignore[attr-defined]  # jsonschema's deque is not typed
