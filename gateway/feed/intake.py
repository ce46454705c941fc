"""What has come from the broker and is not taken in yet: bounded in bytes, whoever sends how much."""

import asyncio

from aiomqtt import Message

MOST = 5000
"""Messages that may wait. All that an earlier run left of tickets comes at once: a busy week's. More requests at a
time are a flood."""
MOST_BYTES = 8_000_000
"""Bytes of payloads that may wait: three times what MOST tickets have."""


class Intake(asyncio.Queue[Message]):
    """aiomqtt's queue of what came. It drops what finds it full."""

    def _init(self, maxsize: int) -> None:
        super()._init(maxsize)
        self._bytes = 0

    def _put(self, item: Message) -> None:
        super()._put(item)
        self._bytes += _size(item)

    def _get(self) -> Message:
        item = super()._get()
        self._bytes -= _size(item)
        return item

    def full(self) -> bool:
        """Whether what comes next is dropped."""
        return super().full() or self._bytes >= MOST_BYTES


def _size(message: Message) -> int:
    return len(message.payload) if isinstance(message.payload, bytes) else 0
