"""What waits to be published: bounded, so that a broker that stays away costs no memory. Pure.

Rules: the newest retained message of each topic is always kept; while the broker is away only the newest, since
all are published anew when it is back, and the same while it is slow and many wait. An empty one gives its topic
up: it is kept until the broker has it. Events wait in order; beyond the limit the oldest is dropped and counted.
Nothing here takes longer the more waits, but for an outage's beginning and its end.
"""

from collections import OrderedDict, deque
from collections.abc import Iterable

from gateway.feed.encoding import Message

MANY = 500
"""Messages that wait while a broker that keeps up is not behind: about a tenth of a second of 200 busy lines. With
more the states between are left out."""


class Outbox:
    """Messages on their way to the broker. `limit` is how many may wait, and more only if all are retained."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._many = min(MANY, limit // 2)
        self._retained: dict[str, Message] = {}
        self._waiting: OrderedDict[int, Message] = OrderedDict()
        """By a number that counts up."""
        self._next = 0
        self._newest: dict[str, int] = {}
        """Of each topic the retained message that waits: its number."""
        self._events: deque[int] = deque()
        """The numbers of those that are not retained, oldest first."""
        self._taken: deque[Message] = deque()
        self._connected = False
        self.dropped = 0

    def __len__(self) -> int:
        return len(self._waiting) + len(self._taken)

    def keeps(self, topic: str) -> bool:
        """Whether something retained is known of this topic, be it that it is given up."""
        return topic in self._retained

    def retained(self) -> list[Message]:
        """The newest retained message of each topic, but for those that are given up."""
        return [message for message in self._retained.values() if message.payload]

    def topics(self) -> set[str]:
        """Those of which something retained is known."""
        return set(self._retained)

    def put(self, message: Message) -> None:
        """Add a message at the end."""
        if message.retained:
            self._retained[message.topic] = message
            if not self._connected:
                return
            if len(self._waiting) >= self._many and (older := self._newest.get(message.topic)) is not None:
                del self._waiting[older]
        self._add(message)
        self._bound()

    def connected(self) -> None:
        """The broker is there: everything retained goes first, then what waited."""
        self._connected = True
        self.refresh()

    def refresh(self) -> None:
        """Publish everything retained anew, before what waits."""
        events = [message for message in self._waiting.values() if not message.retained]
        self._renew([*self._retained.values(), *events])

    def disconnected(self) -> None:
        """The broker has gone: what it did not acknowledge waits again, but for what is retained."""
        self._connected = False
        waiting = [*self._taken, *self._waiting.values()]
        self._taken.clear()
        self._renew(message for message in waiting if not message.retained)
        self._bound()

    def take(self) -> Message | None:
        """The next message to be sent, None if nothing waits; it counts as waiting until `acknowledged`."""
        if not self._waiting:
            return None
        number, message = self._waiting.popitem(last=False)
        if not message.retained:
            self._events.popleft()
        elif self._newest[message.topic] == number:
            del self._newest[message.topic]
        self._taken.append(message)
        return message

    def acknowledged(self, message: Message) -> None:
        """The broker has this message, one that was taken."""
        if self._taken[0] is message:  # brokers acknowledge in order (MQTT 3.1.1 §4.6)
            self._taken.popleft()
        else:
            self._taken.remove(message)
        if message.retained and not message.payload and self._retained.get(message.topic) is message:
            del self._retained[message.topic]

    def _renew(self, waiting: Iterable[Message]) -> None:
        """These wait, and nothing else."""
        self._waiting.clear()
        self._newest.clear()
        self._events.clear()
        for message in waiting:
            self._add(message)

    def _add(self, message: Message) -> None:
        number = self._next
        self._next += 1
        self._waiting[number] = message
        if message.retained:
            self._newest[message.topic] = number
        else:
            self._events.append(number)

    def _bound(self) -> None:
        while len(self._waiting) > self._limit and self._events:
            del self._waiting[self._events.popleft()]
            self.dropped += 1
