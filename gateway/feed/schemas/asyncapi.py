"""The feed as an AsyncAPI 3.0 document: channels, operations, messages, servers. Pure.

`python -m gateway.feed.schemas` writes it to docs/asyncapi.json. The document is the gateway's: it `send`s what
others subscribe to, and `receive`s what they publish.
"""

from collections.abc import Iterator
from typing import Any

from gateway.feed.connection import KEEPALIVE
from gateway.feed.incoming import ANSWER_EXPIRY
from gateway.feed.properties import EVENT_EXPIRY, JSON
from gateway.feed.schemas.catalogue import schema
from gateway.feed.schemas.messages import CHANNELS, COMMAND, RESULT, Channel, message_of, ref
from gateway.feed.sending import AT_LEAST_ONCE
from gateway.feed.session import HEARTBEAT_EXPIRY

VERSION = "1.0.0"
"""Of the feed. The first figure goes up when something is renamed or taken away, the second when more is told."""
ROOT = "{base}/{site}"
PASSING = frozenset({"line-state", "line-trouble", "trouble", "agent-state", "ticket-state"})
"""Retained topics that end with what they tell of, be it that a line is in the config no more."""
NOT_RETAINED = frozenset({"heartbeat", "line-event", "alert", COMMAND, RESULT})
EXPIRIES = {"heartbeat": HEARTBEAT_EXPIRY, RESULT: ANSWER_EXPIRY}
"""Seconds, where they are not EVENT_EXPIRY."""
GONE = " An empty retained message means that it is gone, and is not described by the schema."
PARAMETERS = {
    "base": "[mqtt] base_topic of gateway.toml, `sansheng` by default; it may have several levels.",
    "site": "`site` of gateway.toml, as `jinan`.",
    "line": "A line's id, as `sip1`.",
    "agent": "An agent's number, as `801`.",
    "ticket": "A ticket's number, as `7`.",
    "code": "What is wrong, for programs, as `answer_rate_day`.",
}
_ABOUT = (
    "Everything a Sansheng gateway does, over MQTT 3.1.1 or 5 as it happens. Payloads are UTF-8 JSON; times are "
    "RFC 3339 with the site's offset and milliseconds. Watch `status` first: while it says `offline`, what is "
    "retained is the last that was known."
)


def asyncapi() -> dict[str, Any]:
    """The document, as JSON holds it."""
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Sansheng line-status feed",
            "version": VERSION,
            "description": _ABOUT,
            "license": {"name": "GPL-2.0-or-later"},
        },
        "defaultContentType": JSON,
        "servers": _servers(),
        "channels": {channel.key: _channel(channel) for channel in CHANNELS},
        "operations": dict(_operations()),
        "components": {
            "messages": {name: message_of(channel, name) for channel in CHANNELS for name in channel.kinds()},
            "schemas": {name: made for channel in CHANNELS for name, made in channel.kinds().items()},
            "parameters": {name: {"description": tells} for name, tells in PARAMETERS.items()},
            "securitySchemes": _SECURITY,
            "correlationIds": {
                "request": {"description": "The request's `id`.", "location": "$message.payload#/id"},
            },
        },
    }


def _channel(channel: Channel) -> dict[str, Any]:
    whole = schema(channel.name)
    address = f"{ROOT}/{channel.suffix}"
    return {
        "address": address,
        "title": whole["title"],
        "description": whole["description"] + (GONE if channel.name in PASSING else ""),
        "messages": {name: ref("components", "messages", name) for name in channel.kinds()},
        "parameters": {
            name: ref("components", "parameters", name) for name in PARAMETERS if f"{{{name}}}" in address
        },
    }


def _operations() -> Iterator[tuple[str, dict[str, Any]]]:
    keys = {channel.name: channel.key for channel in CHANNELS}
    for channel in CHANNELS:
        receives = channel.name == COMMAND
        whole = schema(channel.name)
        binding: dict[str, Any] = {"qos": AT_LEAST_ONCE, "retain": channel.name not in NOT_RETAINED}
        if channel.name in NOT_RETAINED and not receives:
            binding["messageExpiryInterval"] = EXPIRIES.get(channel.name, EVENT_EXPIRY)
        operation = {
            "action": "receive" if receives else "send",
            "channel": ref("channels", channel.key),
            "title": whole["title"],
            "summary": whole["description"],
            "messages": [ref("channels", channel.key, "messages", name) for name in channel.kinds()],
            "bindings": {"mqtt": binding | {"bindingVersion": "0.2.0"}},
        }
        if receives:
            operation["reply"] = {"channel": ref("channels", keys[RESULT])}
        yield f"{'receive' if receives else 'send'}{channel.key[0].upper()}{channel.key[1:]}", operation


_SECURITY = {
    "password": {"type": "userPassword", "description": "[mqtt] username and password_file, or users_file."},
    "certificate": {"type": "X509", "description": "[mqtt] certificate_file and key_file."},
}


def _servers() -> dict[str, Any]:
    will = {"topic": f"{ROOT}/status", "qos": AT_LEAST_ONCE, "message": "offline", "retain": True}
    mqtt = {"mqtt": {"cleanSession": True, "keepAlive": KEEPALIVE, "lastWill": will, "bindingVersion": "0.2.0"}}
    host = {"description": "The broker's address, [mqtt] url."}
    known = [ref("components", "securitySchemes", name) for name in _SECURITY]
    return {
        "own": {
            "host": "127.0.0.1:1883",
            "protocol": "mqtt",
            "description": "The gateway's own broker, where [mqtt] names no url; not on this machine alone by "
            "[mqtt] broker_listen, with the passwords of users_file.",
            "bindings": mqtt,
        },
        "shared": {
            "host": "{host}:{port}",
            "protocol": "mqtt",
            "description": "A broker of the site's, mqtt://.",
            "variables": {"host": host, "port": {"default": "1883"}},
            "security": known[:1],
            "bindings": mqtt,
        },
        "sharedTls": {
            "host": "{host}:{port}",
            "protocol": "secure-mqtt",
            "description": "A broker of the site's over TLS, mqtts://.",
            "variables": {"host": host, "port": {"default": "8883"}},
            "security": known,
            "bindings": mqtt,
        },
    }
