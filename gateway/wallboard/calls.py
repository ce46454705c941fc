"""GET /call/<id>: one call's timeline from the database, its numbers masked."""

import asyncio
import logging
import re
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

from gateway.wallboard.settings import Settings

log = logging.getLogger(__name__)

CALL: Final = re.compile(r"[0-9]{8}-[0-9]{6}-[A-Za-z0-9_-]{1,64}-[0-9a-f]{6}", re.ASCII)
"""A whole id: when it was offered, the line's id, something by chance."""
AT_ONCE: Final = 2
"""Calls drawn at the same time; each takes the processor that the page's events need, too."""
LIMIT: Final = 10.0
"""Seconds for one; a call of an hour takes less than one."""


class NoSuchCall(Exception):
    """The database does not have it."""


class NotNow(Exception):
    """It could not be read; the message tells why, in words for whoever asked."""


Draw = Callable[[str, bool], str]


class CallPages:
    """Draws calls in threads of its own: a database that hangs holds those up, and nothing else."""

    def __init__(self, draw: Draw, *, limit: float = LIMIT) -> None:
        """`draw` gives a call's page, in English or else in Chinese. Raises NoSuchCall, NotNow."""
        self._draw = draw
        self._limit = limit
        self._threads = ThreadPoolExecutor(AT_ONCE, "call page")
        self._room = threading.BoundedSemaphore(AT_ONCE)

    async def page(self, call: str, *, english: bool) -> str:
        """The page of the call with exactly this id. Raises NoSuchCall, NotNow."""
        if not CALL.fullmatch(call):
            raise NoSuchCall
        if not self._room.acquire(blocking=False):
            raise NotNow("others look at calls just now; try again in a moment")
        drawing = self._threads.submit(self._draw, call, english)
        # Its place is free once it has ended or was never begun, were nobody to wait for it any more.
        drawing.add_done_callback(lambda _: self._room.release())
        try:
            async with asyncio.timeout(self._limit):
                return await asyncio.wrap_future(drawing)
        except TimeoutError:
            raise NotNow("the database does not answer") from None


def drawing(settings: Settings) -> Draw:
    """Draws from the gateway's database. What it needs is loaded with the first call that is looked at."""

    def draw(call: str, english: bool) -> str:
        from gateway.records import RecordsConfig, RecordsError, RecordsMissing, Store
        from gateway.records.errors import CallUnknown
        from gateway.reports.call_page import call_html

        config = RecordsConfig(
            site=settings.site,
            url=settings.database_url,
            data_dir=Path(settings.data_dir),
            timezone=settings.timezone,
        )
        try:
            with Store(config) as store:
                record = store.call(call)
                if record.call != call:
                    raise NoSuchCall
                return call_html(record, store.timeline(call), english=english)
        except (CallUnknown, RecordsMissing):
            raise NoSuchCall from None
        except RecordsError as error:
            log.warning("a call cannot be shown: %s", error)
            raise NotNow("the database cannot be read just now") from None

    return draw
