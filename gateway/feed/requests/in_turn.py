"""Requests that wait to be answered, one after the other: a slow one holds up the next ones, and nothing else."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any

from gateway.feed.requests.answering import BURST, Answering

log = logging.getLogger(__name__)

Reply = Callable[[Mapping[str, Any]], None]
"""Told a request's answer."""

MOST = BURST
"""Requests that may wait: as many as are done at once."""
MOST_BYTES = 4_000_000
"""Bytes of requests that may wait; 300 of a real one's size have a tenth of it."""


class InTurn:
    """Takes requests at any time, and answers them in the order in which they came."""

    def __init__(self, answering: Answering) -> None:
        self._answering = answering
        self._waiting: deque[tuple[bytes, Reply]] = deque()
        self._bytes = 0
        self._news = asyncio.Event()

    def take(self, payload: bytes, reply: Reply) -> None:
        """A request that has come. `reply` is called once, later, or never where it is one of a flood."""
        if len(self._waiting) >= MOST or self._bytes + len(payload) > MOST_BYTES:
            refused = self._answering.too_many(payload)
            if refused is not None:
                reply(refused)
            return
        self._waiting.append((payload, reply))
        self._bytes += len(payload)
        self._news.set()

    async def run(self) -> None:
        """Answer what comes, until cancelled."""
        while True:
            await self._news.wait()
            self._news.clear()
            while self._waiting:
                payload, reply = self._waiting.popleft()
                self._bytes -= len(payload)
                try:
                    answer = await self._answering.answer(payload)
                    if answer is not None:
                        reply(answer)
                except Exception:  # one request must not leave all the next ones without an answer
                    log.exception("feed: a request was not answered")
