"""What waits to be published: bounded, so that a broker that stays away costs no memory. Pure.

Rules: the newest retained message of each topic is always kept; while the broker is away only the newest, since
all are published anew when it is back. An empty one gives its topic up: it is kept until the broker has it. Events
wait in order; beyond the limit the oldest is dropped and counted.
"""

from collections import deque

from gateway.feed.encoding import Message


class Outbox:
    """Messages on their way to the broker. `limit` is how many events may wait."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._retained: dict[str, Message] = {}
        self._waiting: deque[Message] = deque()
        self._taken: list[Message] = []
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

    def put(self, message: Message) -> None:
        """Add a message at the end."""
        if message.retained:
            self._retained[message.topic] = message
            if not self._connected:
                return
        self._waiting.append(message)
        self._bound()

    def connected(self) -> None:
        """The broker is there: everything retained goes first, then what waited."""
        self._connected = True
        self.refresh()

    def refresh(self) -> None:
        """Publish everything retained anew, before what waits."""
        waiting = [message for message in self._waiting if not message.retained]
        self._waiting = deque([*self._retained.values(), *waiting])

    def disconnected(self) -> None:
        """The broker has gone: what it did not acknowledge waits again, but for what is retained."""
        self._connected = False
        waiting = [*self._taken, *self._waiting]
        self._taken = []
        self._waiting = deque(message for message in waiting if not message.retained)
        self._bound()

    def take(self) -> Message | None:
        """The next message to be sent, None if nothing waits; it counts as waiting until `acknowledged`."""
        if not self._waiting:
            return None
        message = self._waiting.popleft()
        self._taken.append(message)
        return message

    def acknowledged(self, message: Message) -> None:
        """The broker has this message, one that was taken."""
        self._taken.remove(message)
        if message.retained and not message.payload and self._retained.get(message.topic) is message:
            del self._retained[message.topic]

    def _bound(self) -> None:
        if not self._connected:
            while len(self._waiting) > self._limit:  # events alone wait for an absent broker
                self._waiting.popleft()
                self.dropped += 1
            return
        if len(self._waiting) <= self._limit:
            return
        newest = {id(message) for message in self._retained.values()}
        kept = deque(m for m in self._waiting if not m.retained or id(m) in newest)
        while len(kept) > self._limit and (oldest := next((m for m in kept if not m.retained), None)):
            kept.remove(oldest)
            self.dropped += 1
        self._waiting = kept
