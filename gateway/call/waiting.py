"""The customer waits and is reassured: at once, then every 15 s from beginning to beginning (JH-8)."""

from gateway.call.plan import Prompt, WaitRule


class Waiting:
    """One wait. Its clock goes by orders to speak: a line's delay before each is the same, so the beginnings keep
    their distance on the line."""

    def __init__(self, rule: WaitRule, now: float) -> None:
        self._rule = rule
        self._began = now
        self._spoke_at = now
        self._speaking = True
        self.ended = False
        """Somebody has time for him; only the prompt that is being said keeps him."""

    @property
    def deadline(self) -> float | None:
        """When it is our turn; None while we speak."""
        return None if self._speaking else min(self._spoke_at + self._rule.every, self._limit_at)

    def overdue(self, now: float) -> bool:
        """Whether nobody may be kept waiting any longer."""
        return now >= self._limit_at

    def waited(self, now: float) -> float:
        """Seconds since the wait began, to the millisecond: so exact are records, and they judge by `long` too."""
        return round(now - self._began, 3)

    def again(self, now: float) -> Prompt:
        """The next reassurance is due."""
        self._spoke_at, self._speaking = now, True
        return self._rule.again

    def spoken(self, speaking: bool) -> None:
        """A prompt has begun or ended."""
        self._speaking = speaking

    def last_words(self, now: float) -> Prompt | None:
        """What ends the wait (JH-9): the apology for one that nobody ended, thanks for a long one."""
        if not self.ended:
            return self._rule.sorry
        return self._rule.thanks if self.waited(now) >= self._rule.long else None

    def resume(self, held: float, now: float) -> None:
        """The customer had put us on hold for `held` seconds, in which he heard nothing and waited for nothing."""
        self._began += min(held, now - self._began)  # the wait may have begun in mid-hold
        self._spoke_at += min(held, now - self._spoke_at)

    @property
    def _limit_at(self) -> float:
        return self._began + self._rule.limit
