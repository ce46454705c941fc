"""Who has subscribed to what at our own broker, so that a message finds them soon. Pure.

In place of amqtt's own books, which each message goes through from end to end, and which are written out for a
log at each subscription: 270 000 filters of one client made a call wait for a second.
"""

from collections import Counter
from collections.abc import Collection
from typing import TypeVar

from gateway.feed.own_broker.rights import Role

MOST_FILTERS, MOST_PATTERNS = 1000, 100
"""Filters of one client, and those among them with wildcards, which each message is compared with. Home Assistant
has some 60 patterns of its own (`homeassistant/<kind>/+/config` and the like), and the states of each device by
name."""
MOST_OF_A_ROLE, MOST_PATTERNS_OF_A_ROLE = 10_000, 1000
"""Of all readers together, and so on, so that readers leave room for the desk; a message is compared with 1000
patterns in 0.5 ms."""
LONGEST_FILTER = 512
"""Characters; ours have 200 at most."""


class Subscriptions:
    """Of all clients of one broker."""

    def __init__(self) -> None:
        self._by_name: dict[str, dict[str, int]] = {}
        """Filter without wildcards, and who has subscribed to it with which QoS."""
        self._by_pattern: dict[tuple[str, ...], dict[str, int]] = {}
        """The same for filters with wildcards, level by level."""
        self._of: dict[str, set[str]] = {}
        """The filters of a client."""
        self._roles: dict[str, Role] = {}
        self._count: Counter[tuple[str, bool]] = Counter()
        """Filters of a client or a role; True: those with wildcards among them."""

    def add(self, client: str, role: Role, topic_filter: str, qos: int) -> bool:
        """Note a subscription; one that is there already gets the new `qos`. False: the filter is none, or one too
        many."""
        pattern = _has_wildcards(topic_filter)
        if topic_filter not in self._of.get(client, ()):
            if not is_filter(topic_filter) or self._full(client, role, pattern):
                return False
            self._of.setdefault(client, set()).add(topic_filter)
            self._roles[client] = role
            self._counted(client, role, pattern, 1)
        if pattern:
            self._by_pattern.setdefault(tuple(topic_filter.split("/")), {})[client] = qos
        else:
            self._by_name.setdefault(topic_filter, {})[client] = qos
        return True

    def remove(self, client: str, topic_filter: str) -> bool:
        """Forget one; whether it was there."""
        if topic_filter not in self._of.get(client, ()):
            return False
        self._of[client].discard(topic_filter)
        pattern = _has_wildcards(topic_filter)
        self._counted(client, self._roles[client], pattern, -1)
        if pattern:
            _take_out(self._by_pattern, tuple(topic_filter.split("/")), client)
        else:
            _take_out(self._by_name, topic_filter, client)
        return True

    def gone(self, client: str) -> None:
        """Forget all of a client's."""
        for topic_filter in list(self._of.get(client, ())):
            self.remove(client, topic_filter)
        self._of.pop(client, None)
        self._roles.pop(client, None)

    def of(self, topic: str) -> dict[str, int]:
        """Who is to be given a message on a topic, once each, and with which QoS: the highest he has asked for
        (MQTT 3.1.1 §3.3.5)."""
        found = dict(self._by_name.get(topic, {}))
        levels = topic.split("/")
        for pattern, clients in self._by_pattern.items():
            if _matches(levels, pattern):
                for client, qos in clients.items():
                    found[client] = max(qos, found.get(client, 0))
        return found

    def __len__(self) -> int:
        """The filters, each counted for each client."""
        return sum(len(filters) for filters in self._of.values())

    def _full(self, client: str, role: Role, pattern: bool) -> bool:
        count = self._count
        return (
            count[client, False] >= MOST_FILTERS
            or count[role, False] >= MOST_OF_A_ROLE
            or (pattern and count[client, True] >= MOST_PATTERNS)
            or (pattern and count[role, True] >= MOST_PATTERNS_OF_A_ROLE)
        )

    def _counted(self, client: str, role: Role, pattern: bool, by: int) -> None:
        for whose in (client, str(role)):
            for kind in (False, True) if pattern else (False,):
                self._count[whose, kind] += by
                if not self._count[whose, kind]:
                    del self._count[whose, kind]


def is_filter(text: str) -> bool:
    """Whether this is a topic filter (MQTT 3.1.1 §4.7.1), and none too long."""
    *before, last = text.split("/")
    levels = [*before, "" if last == "#" else last]
    wrong = any("#" in level or ("+" in level and level != "+") for level in levels)
    return 0 < len(text) <= LONGEST_FILTER and not wrong


def matching(topics: Collection[str], topic_filter: str) -> list[str]:
    """Those topics that a filter stands for."""
    if not _has_wildcards(topic_filter):
        return [topic_filter] if topic_filter in topics else []
    pattern = tuple(topic_filter.split("/"))
    return [topic for topic in topics if _matches(topic.split("/"), pattern)]


def _has_wildcards(topic_filter: str) -> bool:
    return "+" in topic_filter or "#" in topic_filter


def _matches(levels: list[str], pattern: tuple[str, ...]) -> bool:
    """Whether a pattern stands for a topic (§4.7.1); none that begins with a wildcard does for `$…` (§4.7.2)."""
    if pattern[-1] == "#":
        pattern = pattern[:-1]
        if len(levels) < len(pattern):
            return False
    elif len(levels) != len(pattern):
        return False
    if levels[0].startswith("$") and pattern[:1] in ((), ("+",)):
        return False
    return all(wanted in ("+", level) for wanted, level in zip(pattern, levels, strict=False))


_Key = TypeVar("_Key")


def _take_out(books: dict[_Key, dict[str, int]], key: _Key, client: str) -> None:
    del books[key][client]
    if not books[key]:
        del books[key]
