"""The channels and messages of the feed's AsyncAPI document: what MQTT says of each beside its payload. Pure."""

from dataclasses import dataclass
from typing import Any

from gateway.feed.properties import CONNECTION, JSON, SESSION, TEXT
from gateway.feed.schemas.catalogue import KINDS, STATUS, TOPICS, schema
from gateway.feed.schemas.words import Schema

COMMAND, RESULT = "command", "command-result"
_STATUS_HEADERS = {
    "type": "object",
    "description": "User properties, of MQTT 5 alone.",
    "properties": {
        SESSION: {
            "type": "string",
            "pattern": "^[0-9]+$",
            "description": "The run's own number, as in `session`.",
        },
        CONNECTION: {
            "type": "string",
            "pattern": "^[0-9]+$",
            "description": "Which of the run's connections it is of, counted upwards; a last will of an older one "
            "tells nothing of this one.",
        },
    },
}


@dataclass(frozen=True, slots=True)
class Channel:
    """One topic: `suffix` stands below `<base>/<site>/`, `name` is its schema's."""

    suffix: str
    name: str

    @property
    def key(self) -> str:
        """Its name in the document: `lineState`."""
        return _camel(self.name)

    def kinds(self) -> dict[str, Schema]:
        """The schemas of its messages, by their names in the document."""
        whole = schema(self.name)
        if self.name not in KINDS:
            return {self.key: {key: value for key, value in whole.items() if not key.startswith("$")}}
        return {f"{self.key}.{kind}": described for kind, described in whole["$defs"].items()}


CHANNELS = tuple(Channel(suffix, name) for suffix, name in TOPICS.items())


def ref(*path: str) -> dict[str, str]:
    """A reference to another part of the document."""
    return {"$ref": "#/" + "/".join(path)}


def message_of(channel: Channel, name: str) -> dict[str, Any]:
    """One kind of message on a channel, by its name in the document."""
    made = channel.kinds()[name]
    content = TEXT if channel.name == STATUS else JSON
    binding: dict[str, Any] = {"payloadFormatIndicator": 1, "contentType": content, "bindingVersion": "0.2.0"}
    message = {
        "name": name,
        "title": made["title"],
        "summary": made["description"],
        "contentType": content,
        "payload": ref("components", "schemas", name),
        "bindings": {"mqtt": binding},
    }
    if channel.name == STATUS:
        message["headers"] = _STATUS_HEADERS
    if channel.name in (COMMAND, RESULT):
        message["correlationId"] = ref("components", "correlationIds", "request")
        binding["correlationData"] = {"type": "string", "description": "MQTT 5: the answer has the request's."}
    if channel.name == COMMAND:
        binding["responseTopic"] = {
            "type": "string",
            "description": "MQTT 5: a topic below `command/result/` where the answer is published, too.",
        }
    return message


def _camel(name: str) -> str:
    first, *others = name.split("-")
    return first + "".join(other.capitalize() for other in others)
