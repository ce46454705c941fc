"""Codes an agent dials on his telephone: `*` and digits, for a phrase of the dialplan or a wish of his own."""

from collections.abc import Mapping
from dataclasses import dataclass

from gateway.call.inquiring import INTER_DIGIT
from gateway.call.requests import Wanted

BEGINS = "*"


@dataclass(frozen=True, slots=True)
class UnknownCode:
    """What was dialled after `*` is no code, or was not dialled to its end in time."""

    dialled: str


class Dialling:
    """Collects keys. A code is done at its last digit, as no code is the beginning of another: the dialplan's load
    sees to that. `*` begins anew; a key before any `*` means nothing."""

    def __init__(self, codes: Mapping[str, Wanted]) -> None:
        """`codes`: what each stands for, by its digits."""
        self._codes = codes
        self._dialled: str | None = None
        self._keyed_at = 0.0

    @property
    def deadline(self) -> float | None:
        """Until when the next key is waited for; None while no code is being dialled."""
        return None if self._dialled is None else self._keyed_at + INTER_DIGIT

    def key(self, digit: str, now: float) -> Wanted | UnknownCode | None:
        """A key; what it completes or spoils, if anything."""
        if digit == BEGINS:
            self._dialled, self._keyed_at = "", now
            return None
        if self._dialled is None:
            return None
        self._dialled, self._keyed_at = self._dialled + digit, now
        if self._dialled in self._codes:
            return self._codes[self._taken()]
        if any(code.startswith(self._dialled) for code in self._codes):
            return None
        return UnknownCode(self._taken())

    def expire(self) -> UnknownCode:
        """The deadline has passed."""
        return UnknownCode(self._taken())

    def _taken(self) -> str:
        dialled, self._dialled = self._dialled, None
        assert dialled is not None, "no code is being dialled"
        return dialled
