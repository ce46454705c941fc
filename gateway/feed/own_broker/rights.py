"""What a client of our own broker may do: everybody reads, the gateway alone tells what is. Pure."""

from enum import StrEnum

from gateway.feed.topics import Topics


class Role(StrEnum):
    """Who a client is."""

    GATEWAY = "gateway"
    """We ourselves."""
    LOCAL = "local"
    """A program on this machine, where nobody is asked who he is."""
    DESK = "desk"
    """A user who may ask for something."""
    READER = "reader"
    """A user who may not."""


class Rights:
    """Of the topics of one gateway, and around them."""

    def __init__(self, topics: Topics, discovery_prefix: str) -> None:
        """`discovery_prefix` is Home Assistant's; empty: it is told nothing."""
        self._topics = topics
        self._prefix = discovery_prefix

    def may_publish(self, role: Role, topic: str) -> bool:
        """Whether a message, or a last will, of such a client is passed on."""
        if role is Role.GATEWAY:
            return True
        if topic == self._topics.command:
            return role in (Role.LOCAL, Role.DESK)
        if self._prefix and topic == f"{self._prefix}/status":  # Home Assistant tells that it has started
            return role in (Role.LOCAL, Role.DESK)
        ours = [self._topics.root, *([self._prefix] if self._prefix else [])]
        return role is Role.LOCAL and not any(topic == root or topic.startswith(f"{root}/") for root in ours)

    def may_receive(self, role: Role, topic: str) -> bool:
        """Whether such a client is given what comes on a topic: requests and their answers name customers (WD-11),
        and are for those who may ask."""
        return role is not Role.READER or self.may_stay(topic)

    def may_stay(self, topic: str) -> bool:
        """Whether a message there may be kept for those who come later: a request is over once it is answered."""
        return topic != self._topics.command and not topic.startswith(f"{self._topics.command}/")
