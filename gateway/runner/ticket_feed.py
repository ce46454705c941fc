"""Shows tickets in the feed: as they change, whoever changes them, and when people are called for one."""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from datetime import datetime

from gateway.feed import Feed
from gateway.runner.database_threads import InThread
from gateway.tickets import TicketBook, TicketNews, TicketsError

log = logging.getLogger(__name__)

LOOK_EVERY = 3.0
"""Seconds: a supervisor who closes a ticket at the terminal sees it go from his board as soon as he looks up."""


class TicketFeed:
    """Looks for news of tickets for as long as the gateway lives."""

    def __init__(
        self, book: TicketBook, feed: Feed, now: Callable[[], datetime], ask: InThread = asyncio.to_thread
    ) -> None:
        """`now` gives aware times; `ask` has the book's work done where it holds nobody up."""
        self._book = book
        self._feed = feed
        self._now = now
        self._ask = ask
        self._looking: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to look."""
        self._looking = asyncio.create_task(self._look(), name="tickets: feed")

    async def stop(self) -> None:
        """Look no more."""
        if self._looking is not None:
            self._looking.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._looking
            self._looking = None

    async def _look(self) -> None:
        while True:
            try:
                for news in await self._ask(self._book.due, self._now()):
                    self._show(news)
                self._feed.tickets_shown()
            except TicketsError as error:
                log.warning("tickets in the feed: %s", error)
            except Exception:  # a ticket that cannot be shown must not hide the others for good
                log.exception("tickets in the feed: looking for news failed")
            await asyncio.sleep(LOOK_EVERY)

    def _show(self, news: TicketNews) -> None:
        self._feed.ticket(news.shown)
        if news.alert is not None:
            self._feed.ticket_alert(news.shown, news.alert)
