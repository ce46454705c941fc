"""Other gateways that publish as the same site on the same broker, known by their sessions' numbers. Pure."""

from gateway.feed.session import HEARTBEAT

SILENCE = 3.5 * HEARTBEAT
"""Seconds without a sign of life after which a gateway has gone: three heartbeats and one that is late."""


class Rivals:
    """Who else is there. Times are seconds of any clock that never goes back."""

    def __init__(self) -> None:
        self._heard: dict[int, float] = {}
        self.largest = 0
        """Number of any that was ever heard."""

    def heard(self, number: int, now: float) -> None:
        """A sign of life of this session, which is not our own."""
        self._heard[number] = now
        self.largest = max(self.largest, number)
        if len(self._heard) > 100:  # whoever makes up so many is no gateway
            del self._heard[next(iter(self._heard))]

    def left(self, number: int) -> None:
        """This session has said that it ends, or the broker in its stead."""
        self._heard.pop(number, None)

    def listening(self, now: float) -> None:
        """They are heard again from now on: nobody was silent while we could not hear him."""
        self._heard = dict.fromkeys(self._heard, now)

    def there(self, now: float) -> bool:
        """Whether any of them is alive."""
        self._heard = {number: at for number, at in self._heard.items() if now - at < SILENCE}
        return bool(self._heard)
