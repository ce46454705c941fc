"""Messages of the feed by the schemas it is published with: what does not conform is told with where and why."""

import json
from functools import cache

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


def complaint(name: str, payload: object) -> str | None:
    """What is wrong with a payload that is read already, by the schema of this name; None: nothing."""
    kind = None
    if name in KINDS:
        kind = _kind(name, payload)
        if kind not in schema(name)["$defs"]:
            return f"{name}: no schema for {KINDS[name]} {kind!r} in {payload}"
    checked = validator(name, kind)
    if checked.is_valid(payload):
        return None
    found = [
        f"  {error.json_path}: {error.message} ({_path(error.absolute_schema_path)})"
        for error in checked.iter_errors(payload)
    ]
    where = name if kind is None else f"{name}#/$defs/{kind}"
    return "\n".join([f"{where} does not describe {json.dumps(payload, ensure_ascii=False)}:", *found])


def told_wrong(topic: str, payload: bytes, *, retained: bool) -> str | None:
    """What is wrong with a message as it was published; None: nothing, or it is not of the feed. `retained`: the
    flag it was published with."""
    base, _, below = topic.partition("/")
    suffix = below.partition("/")[2]
    if base != "sansheng":
        return None
    name = schema_of(suffix)
    if name is None:
        return f"{topic}: no schema describes this topic"
    if retained is (name in NOT_RETAINED):
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


class ConformingBoard(Board):
    """A board all of whose messages conform."""

    def states(self) -> list[Message]:
        return [conforms(message) for message in super().states()]

    def receive(self, notice: Notice) -> list[Message]:
        return [conforms(message) for message in super().receive(notice)]


def _kind(name: str, payload: object) -> object:
    if not isinstance(payload, dict):
        return None
    if payload.get("ok") is False:
        return "refused"
    return payload.get(KINDS[name])


def _path(path: object) -> str:
    return "/".join(str(step) for step in path)  # type: ignore[attr-defined]  # jsonschema's deque is not typed
