"""Hosts outside `allow` that knock, told once each, and when there are too many of them. Pure.

The address is what whoever sets up a PBX needs to see: without an answer the PBX cannot tell him why.
"""

from collections import OrderedDict
from typing import Final

from drivers.line import LineEvent, LineTrouble, LineTroubleOver, TroubleCode
from drivers.sip.token_bucket import TokenBucket

_AGAIN: Final = 3600.0
"""Seconds after which a host is told anew."""
_REMEMBERED: Final = 1024
_TOLD: Final = 20
"""Hosts told an hour: the whole Internet may be knocking."""
_QUIET: Final = 600.0
"""Seconds without any, after which the trouble is over."""
_PRESSING: Final = 50.0
"""Requests a second beyond which they are not even read: half a per cent of a core."""


class Strangers:
    """Takes note of who knocks."""

    def __init__(self, now: float) -> None:
        self._told: OrderedDict[str, float] = OrderedDict()
        self._lines = TokenBucket(_TOLD / 3600.0, _TOLD, now)
        self._pressure = TokenBucket(_PRESSING, _PRESSING, now)
        self._pressed_until = now
        self._last: float | None = None
        """When somebody knocked; None: nobody has, or not for a while."""
        self._news: list[LineEvent] = []

    def came(self, host: str, what: str, now: float) -> None:
        """`what` he sent, for people: the method."""
        if not self._pressure.take(now):
            self._pressed_until = now + 1.0
        first, self._last = self._last is None, now
        if not first and now - self._told.get(host, -_AGAIN) < _AGAIN:
            return
        self._told[host] = now
        self._told.move_to_end(host)
        if len(self._told) > _REMEMBERED:
            self._told.popitem(last=False)
        detail = f"{host} is not in allow and got no answer ({what}); if it is your PBX or telephone, add it there"
        if self._lines.take(now) or first:
            self._news.append(LineTrouble(TroubleCode.UNKNOWN_SOURCE, detail))

    def answered(self, now: float) -> bool:
        """An answer, which tells nothing of who he is; whether it is to be read."""
        if self._pressure.take(now):
            return True
        self._pressed_until = now + 1.0
        return False

    def pressing(self, now: float) -> bool:
        """Whether there were too many within the last second."""
        return now < self._pressed_until

    def news(self, now: float) -> list[LineEvent]:
        """What is to be told since the last time."""
        if self._last is not None and now - self._last >= _QUIET:
            self._last = None
            detail = f"nobody outside allow has tried for {_QUIET / 60:.0f} minutes"
            self._news.append(LineTroubleOver(TroubleCode.UNKNOWN_SOURCE, detail))
        told, self._news = self._news, []
        return told
