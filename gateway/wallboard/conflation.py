"""The newest of each topic that the wallboard's process does not have yet. Pure.

A topic that changes a hundred times before the pipe takes the next frame is sent once. Payloads are JSON already,
and go into the frame as they are.
"""

import json
from collections.abc import Iterable
from typing import Final

from gateway.feed.encoding import Message

SHOWN: Final = ("line/", "agent/", "alert/", "ticket/", "kpi", "calls", "session")
"""What the retained topics that a page shows begin with. `status` is no JSON; the stream itself tells it."""
AT_ONCE: Final = 256
"""Topics of one frame, so that none is too long: some 200 KB when all lines are new."""
GONE: Final = b""
"""The payload of a retained topic that is no more (MQTT 3.1.1 §3.3.1.3)."""


class Conflation:
    """Messages in, frames out."""

    def __init__(self, root: str) -> None:
        """`root` is what the topics of the gateway begin with, without the last slash."""
        self._root = f"{root}/"
        self._known: dict[str, bytes] = {}
        self._dirty: dict[str, None] = {}
        """In the order in which they changed first: none waits for ever."""

    @property
    def dirty(self) -> bool:
        """Whether there is anything to be sent."""
        return bool(self._dirty)

    def put(self, message: Message) -> bool:
        """Take a message; tells whether it is to be sent."""
        topic = message.topic.removeprefix(self._root)
        if not message.retained or topic == message.topic or not topic.startswith(SHOWN):
            return False
        if self._known.get(topic, GONE) == message.payload:
            return False
        self._known[topic] = message.payload
        self._dirty[topic] = None
        return True

    def begin(self, retained: Iterable[Message]) -> None:
        """Take all that is retained."""
        for message in retained:
            self.put(message)

    def anew(self) -> None:
        """A new process, which knows nothing: everything is to be sent."""
        self._known = {topic: payload for topic, payload in self._known.items() if payload != GONE}
        self._dirty = dict.fromkeys(self._known)

    def frame(self, at: str) -> bytes:
        """What is to be sent next, AT_ONCE topics at most, as a line, and whether there is `more`; `at` is the
        time as it is told. With nothing to send it is a sign of life."""
        topics = list(self._dirty)[:AT_ONCE]
        parts = []
        for topic in topics:
            payload = self._known[topic]
            if payload == GONE:
                del self._known[topic]
            del self._dirty[topic]
            parts.append(json.dumps(topic).encode() + b":" + (payload if payload != GONE else b"null"))
        head = json.dumps({"at": at, "more": self.dirty}).encode()[:-1]
        return head + b', "messages": {' + b",".join(parts) + b"}}\n"
