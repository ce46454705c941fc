"""What the broker has from before us: an earlier run's, or another gateway's that is alive. Pure."""

from collections.abc import Callable


class LeftBehind:
    """Topics that we have not told. They are given up at once; while another gateway may be alive, whose they are,
    once it is not. Times are seconds of any clock that never goes back."""

    def __init__(self, give_up: Callable[[str], None]) -> None:
        self._give_up = give_up
        self._until = float("-inf")
        self._others = False
        self._held: dict[str, None] = {}

    def hold(self, until: float) -> None:
        """Somebody may be there: nothing is given up before then."""
        self._until = until

    def found(self, topic: str, now: float) -> None:
        """The broker has something retained on this topic."""
        self._held[topic] = None
        self.look(now, others=self._others)

    def look(self, now: float, *, others: bool) -> None:
        """Whether others are there `now`; give up what nobody else can have told."""
        self._others = others
        if others or now < self._until:
            return
        held, self._held = self._held, {}
        for topic in held:
            self._give_up(topic)
