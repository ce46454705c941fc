"""The menu (TT-1): what sort of request it is, by key; who presses nothing is served all the same."""

from gateway.call.plan import Choice, Menu


class Choosing:
    """The choice, until it is made. A key pressed before the menu was said counts: who knows it need not hear it
    again."""

    def __init__(self, menu: Menu) -> None:
        self._menu = menu
        self._said = 0
        self._word_at: float | None = None
        self.choice: Choice | None = None
        """What the customer has chosen."""

    @property
    def deadline(self) -> float | None:
        """When our turn comes: at once after a choice; None while the customer does not have the word."""
        if self._word_at is None or self.choice is not None:
            return self._word_at
        return self._word_at + self._menu.wait

    @property
    def word_at(self) -> float | None:
        """Since when the customer has had the word."""
        return self._word_at

    def key(self, digit: str) -> bool:
        """A key; True when it is the choice."""
        if self.choice is not None or digit not in self._menu.choices:
            return False
        self.choice = self._menu.choices[digit]
        return True

    def give_word(self, now: float) -> None:
        """A prompt has ended; the customer may choose."""
        self._word_at = now

    def take_word(self) -> None:
        """It is our turn."""
        self._word_at = None

    def asks(self) -> bool:
        """Whether the menu must be said, once more or at first; if so, it counts as said."""
        if self.choice is not None or self._said == self._menu.times:
            return False
        self._said += 1
        return True
