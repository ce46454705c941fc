"""The troubles with its broker that the feed tells as alerts: what is refused, and what is lost."""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from datetime import datetime

from gateway.feed.refusals import Refusals
from gateway.feed.topics import Topics

log = logging.getLogger(__name__)

Alert = Callable[[str, str, bool], None]
"""Told a trouble's code, the words for people, and whether it begins or lasts, or is over."""

PUBLISHING_REFUSED = "publishing_refused"
EVENTS_LOST = "events_lost"
TOGETHER = 1.0
"""Seconds in which what comes is told together: a broker refuses one kind of topic after the other."""
OVER_AFTER = 3600.0
"""Seconds without a loss after which nobody needs to look any more."""


class Troubles:
    """Tells both, each at most once in TOGETHER seconds, and when they are over."""

    def __init__(self, topics: Topics, alert: Alert, now: Callable[[], datetime]) -> None:
        """`now` gives aware times in the site's zone."""
        self.refusals = Refusals(topics)
        self._alert = alert
        self._now = now
        self._timers: dict[Callable[[], None], asyncio.TimerHandle] = {}
        self._told: str | None = None
        self._lost = 0
        self._since: datetime | None = None

    def judge(self, topic: str, reason: int | None) -> None:
        """The broker has taken a message on this topic, or refused it for a `reason`."""
        if self.refusals.judge(topic, reason):
            self._soon(TOGETHER, self._tell_refusals)

    def lost(self, count: int) -> None:
        """So many events more were lost."""
        self._lost += count
        self._since = self._since or self._now()
        # Not at once: the alert is put where there is no room.
        self._soon(TOGETHER, self._tell_lost)

    def stop(self) -> None:
        """Tell nothing more."""
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()

    def _soon(self, seconds: float, tell: Callable[[], None]) -> None:
        if tell in self._timers:
            return
        with contextlib.suppress(RuntimeError):  # no event loop yet: with the next one
            self._timers[tell] = asyncio.get_running_loop().call_later(seconds, self._due, tell)

    def _due(self, tell: Callable[[], None]) -> None:
        del self._timers[tell]
        tell()

    def _tell_refusals(self) -> None:
        words = self.refusals.words
        if words == self._told:
            return
        self._told = words
        if words is not None:
            log.error("feed: %s", words)
        self._alert(PUBLISHING_REFUSED, words or "the MQTT broker takes all that is published", words is not None)

    def _tell_lost(self) -> None:
        assert self._since is not None
        since = self._since.strftime("%Y-%m-%d %H:%M")
        words = (
            f"{self._lost} events were not published since {since}: the broker was away, or too slow, for too long"
        )
        self._alert(EVENTS_LOST, words, True)
        over = self._timers.pop(self._over, None)
        if over is not None:
            over.cancel()
        self._soon(OVER_AFTER, self._over)

    def _over(self) -> None:
        self._lost, self._since = 0, None
        self._alert(EVENTS_LOST, "no event was lost for an hour", False)
