"""What a broker does not let the gateway publish, by the kinds of its topics. Pure.

MQTT 5 alone: with 3.1.1 a broker can but drop what it does not allow (3.1.1 §3.3.5.2).
"""

from gateway.feed.topics import Topics

REASONS = {0x87: "not authorized", 0x90: "topic name invalid", 0x97: "quota exceeded", 0x99: "format invalid"}
"""Of a PUBACK (MQTT 5 §3.4.2.1); of the others brokers tell nothing, or their log does."""
MOST = 1000
"""Topics that are remembered: those of 200 lines and agents, and some hundred tickets."""


class Refusals:
    """The topics that are refused at present."""

    def __init__(self, topics: Topics) -> None:
        self._topics = topics
        self._reasons: dict[str, int] = {}
        """By topic."""

    def __bool__(self) -> bool:
        return bool(self._reasons)

    @property
    def words(self) -> str | None:
        """What is refused and what to do, for people; None: nothing is."""
        if not self._reasons:
            return None
        kinds = sorted({(self._kind(topic), reason) for topic, reason in self._reasons.items()})
        told = ", ".join(f"{kind} ({REASONS.get(reason, f'reason 0x{reason:02x}')})" for kind, reason in kinds)
        return (
            f"the MQTT broker does not take {told}: let the gateway's account write there, docs/mqtt-security.md"
        )

    def judge(self, topic: str, reason: int | None) -> bool:
        """The broker has taken a message on this topic, or refused it for a `reason`; tells whether it is news."""
        if reason is None:
            return self._reasons.pop(topic, None) is not None
        if self._reasons.get(topic) == reason or len(self._reasons) >= MOST:
            return False
        self._reasons[topic] = reason
        return True

    def _kind(self, topic: str) -> str:
        """The topic with + for what names a line, an agent, a ticket or a code."""
        if not self._topics.has(topic):
            return f"{topic.partition('/')[0]}/#"
        match topic.removeprefix(f"{self._topics.root}/").split("/"):
            case [of, _, *rest] if of != "command":
                return "/".join([self._topics.root, of, "+", *rest[:1], *("+" for _ in rest[1:])])
        return topic
