"""What Home Assistant has been told of a gateway, and what it is told when lines or phrases change. Pure."""

from collections.abc import Collection
from dataclasses import replace

from gateway.feed.config import FeedConfig
from gateway.feed.discovery.devices import discovery_messages
from gateway.feed.encoding import Message
from gateway.feed.standing import NO_MORE
from gateway.feed.topics import Topics


class DevicesTold:
    """The newest message of each device."""

    def __init__(self, config: FeedConfig, topics: Topics, version: str) -> None:
        """Nothing is told yet. `version` is the product's."""
        self._config = config
        self._topics = topics
        self._version = version
        self._told: dict[str, Message] = {}

    def line_added(self, line: str, driver: str) -> None:
        """There is one line more, or one has become another."""
        others = self._without(line)
        self._config = replace(self._config, lines=(*others, (line, driver)))

    def line_removed(self, line: str) -> None:
        """A line is no more."""
        self._config = replace(self._config, lines=self._without(line))

    def agent_added(self, number: str) -> None:
        """There is one agent more."""
        self.agent_removed(number)
        self._config = replace(self._config, agents=(*self._config.agents, number))

    def agent_removed(self, number: str) -> None:
        """An agent is no more."""
        others = tuple(known for known in self._config.agents if known != number)
        self._config = replace(self._config, agents=others)

    def renew(self, phrases: Collection[str]) -> None:
        """Other phrases can be asked for: their keys."""
        self._config = replace(self._config, phrases=tuple(phrases))

    def changes(self) -> list[Message]:
        """What is to be told now, retained; of a device that is no more, that it has gone. Raises FeedError for a
        prefix that can be no topic."""
        now = {message.topic: message for message in discovery_messages(self._config, self._topics, self._version)}
        gone = [Message(topic, NO_MORE, retained=True) for topic in self._told if topic not in now]
        news = [message for topic, message in now.items() if self._told.get(topic) != message]
        self._told = now
        return [*gone, *news]

    def _without(self, line: str) -> tuple[tuple[str, str], ...]:
        return tuple(known for known in self._config.lines if known[0] != line)
