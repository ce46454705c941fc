"""The devices of a gateway as Home Assistant's MQTT discovery takes them: a retained message each. Pure.

A device for the gateway, and one for each line and agent that says by `via_device` whose it is: told in one, 200
lines would be a message of a megabyte, which some brokers refuse.
"""

from collections.abc import Iterator
from typing import Any

from gateway.feed.config import FeedConfig
from gateway.feed.discovery.entities import Entities, of_agent, of_gateway, of_line
from gateway.feed.discovery.names import GATEWAY, Names
from gateway.feed.encoding import Message, encode
from gateway.feed.topics import Topics

PRODUCT = "Sansheng"
AT_LEAST_ONCE = 1


def discovery_messages(config: FeedConfig, topics: Topics, version: str) -> list[Message]:
    """What Home Assistant is told of this gateway, the gateway first; nothing where `discovery_prefix` is empty.

    `version` is the product's. There are buttons where the gateway does what clients that the broker knows ask:
    not where requests must be signed, which Home Assistant cannot. Raises FeedError for a prefix that can be no
    topic.
    """
    if not config.discovery_prefix:
        return []
    names = Names(topics, config.discovery_prefix)
    return [
        Message(names.config(device), encode(fields), retained=True)
        for device, fields in _Devices(config, topics, names, version).all()
    ]


class _Devices:
    """The devices of one gateway."""

    def __init__(self, config: FeedConfig, topics: Topics, names: Names, version: str) -> None:
        self._config = config
        self._topics = topics
        self._names = names
        self._version = version
        self._buttons = config.command_key is None and config.known_to_broker

    def all(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Each by its name in the topic, the gateway first: it is to be known before what belongs to it."""
        config, topics, names = self._config, self._topics, self._names
        yield GATEWAY, self._gateway()
        for line, driver in config.lines:
            entities = of_line(line, topics, config.phrases, buttons=self._buttons)
            model = f"{driver.upper()} line"
            yield names.line(line), self._below(names.line(line), line, model, topics.line_state(line), entities)
        for number in config.agents:
            entities = of_agent(number, topics, buttons=self._buttons)
            device = names.agent(number)
            yield device, self._below(device, f"agent {number}", "Agent", topics.agent_state(number), entities)

    def _gateway(self) -> dict[str, Any]:
        config, topics = self._config, self._topics
        entities = of_gateway(topics, config.alarm_from_calls, buttons=self._buttons)
        about = {"mdl": "Hotline gateway", "sw": self._version}
        if config.wallboard_url is not None:
            about["cu"] = config.wallboard_url
        return self._device(GATEWAY, f"{PRODUCT} {config.site}", about, topics.kpi, entities)

    def _below(self, device: str, name: str, model: str, state: str, entities: Entities) -> dict[str, Any]:
        about = {"mdl": model, "via_device": self._names.identifier(GATEWAY)}
        return self._device(device, f"{PRODUCT} {self._config.site} {name}", about, state, entities)

    def _device(
        self, device: str, name: str, about: dict[str, str], state: str, entities: Entities
    ) -> dict[str, Any]:
        identifier = self._names.identifier(device)
        there = {"t": self._topics.status, "pl_avail": "online", "pl_not_avail": "offline"}
        return {
            "dev": {"ids": [identifier], "name": name, "mf": PRODUCT, **about},
            "o": {"name": PRODUCT, "sw": self._version},
            "avty": [there],
            "stat_t": state,
            "cmd_t": self._topics.command,
            "cmps": {key: _named(identifier, key, entity) for key, entity in entities.items()},
        }


def _named(identifier: str, key: str, entity: dict[str, Any]) -> dict[str, Any]:
    """An entity with what each has of its own; the quality of service is not among what a device shares."""
    if len(entity) == 1:  # nothing but its kind: it is taken away
        return entity
    return {**entity, "uniq_id": f"{identifier}__{key}", "qos": AT_LEAST_ONCE}
