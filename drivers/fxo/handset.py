"""Has somebody picked up a telephone parallel to the line? By what the modem says of it (pure).

A false yes would leave a customer alone, so a code is not enough by itself:

1. What comes with our own going off-hook is our own doing (a USR5637 reports itself as the local telephone).
2. It must stand for a moment: the code for putting down, or a ring burst, takes it back.
3. Families that are not known to tell the truth, and those that take prompts for codes while one plays, must say
   it twice.
4. Words leave no doubt: a modem that answers LINE IN USE says it of somebody else, and once is enough. It still
   must stand.
"""

from drivers.fxo.at import LINE_IN_USE
from drivers.fxo.profiles import Profile
from drivers.fxo.profiles.events import ModemEvent

CONFIRM = 1.0
"""Seconds a lifted handset stays up at the least; a line that only dips comes back (-TTE: 200 ms)."""
OWN_PICK_UP = 2.0
"""Seconds after our own off-hook in which a modem reports itself."""
APART = 0.2
"""Seconds between two reports that are two; sooner it is one, stuttered."""
WITHIN = 30.0
"""Seconds in which a second report confirms the first."""

_UP = {ModemEvent.EXTENSION_UP, ModemEvent.PHONE_UP}
_DOWN = {ModemEvent.EXTENSION_DOWN, ModemEvent.PHONE_DOWN, ModemEvent.LOOP_OR_PHONE_DOWN}


class HandsetWatch:
    """Told every code with its time in seconds, and every ring burst; one call's."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self._seen: list[tuple[float, bool]] = []
        """When it was said to be up, and whether while a prompt played."""
        self._since: float | None = None
        self._told = False

    @property
    def confirmed_at(self) -> float | None:
        """When it will be certain if nothing takes it back; None while nothing is suspected."""
        return None if self._since is None or self._told else self._since + CONFIRM

    def code(self, code: str, now: float, *, own: bool, playing: bool) -> None:
        """The modem reported an event code; `own` while it may be reporting our own going off-hook."""
        if code == LINE_IN_USE and self._since is None:
            self._since = now
        event = self._profile.events.get(code)
        if event in _DOWN:
            self.rang()
        elif event in _UP and not own:
            self._lifted(now, playing)

    def rang(self) -> None:
        """The line rings (on): nobody has lifted anything."""
        self._seen.clear()
        self._since = None

    def lifted(self, now: float) -> bool:
        """Whether it is certain; true once."""
        due = self.confirmed_at
        if due is None or now < due:
            return False
        self._told = True
        return True

    def _lifted(self, now: float, playing: bool) -> None:
        self._seen = [(at, beside) for at, beside in self._seen if now - at <= WITHIN]
        if self._seen and now - self._seen[-1][0] < APART:
            return
        self._seen.append((now, playing and self._profile.false_codes_while_playing))
        doubtful = all(beside for _, beside in self._seen)
        if self._since is None and len(self._seen) >= self._profile.handset_codes_needed + doubtful:
            self._since = now
