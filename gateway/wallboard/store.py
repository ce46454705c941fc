"""The newest of each topic, as the wallboard shows it. Pure.

Numbers are masked here once more, whatever the feed is allowed to show: a screen on a wall is seen by visitors
(WD-11).
"""

from collections.abc import Mapping
from typing import Any, Final

from drivers.line.masking import keyed, masked, without_numbers

Payload = dict[str, Any]

NUMBERS: Final = frozenset({"caller", "number"})
"""Fields that hold a customer's number and nothing else."""
KEYS: Final = frozenset({"digits", "digit"})
"""Fields that hold what he keyed in."""
WORDS: Final = frozenset({"detail", "cause", "text", "why"})
"""Fields that hold what people, telephones or libraries wrote."""
MOST: Final = 20_000
"""Topics: a hundred times those of a large site; what comes on top is a mistake, and is left out."""


class Store:
    """What is shown now. Topics are without `<base>/<site>/`."""

    def __init__(self) -> None:
        self._shown: dict[str, Payload] = {}

    def take(self, messages: Mapping[str, Any]) -> dict[str, Payload | None]:
        """Take the newest of some topics, None for one that is gone; gives what has changed by it, masked."""
        changed: dict[str, Payload | None] = {}
        for topic, payload in messages.items():
            if not isinstance(payload, dict):
                if self._shown.pop(topic, None) is not None:
                    changed[topic] = None
                continue
            hidden = {name: _hidden(name, value) for name, value in payload.items()}
            known = self._shown.get(topic)
            if known != hidden and (known is not None or len(self._shown) < MOST):
                self._shown[topic] = changed[topic] = hidden
        return changed

    def shown(self) -> Mapping[str, Payload]:
        """All of it."""
        return self._shown


def _hidden(name: str, value: Any) -> Any:
    """A field's value without numbers, however deep they are."""
    if isinstance(value, str):
        if name in NUMBERS:
            return masked(value)
        if name in KEYS:
            return keyed(value, False)
        return without_numbers(value) if name in WORDS else value
    if isinstance(value, dict):
        return {inner: _hidden(inner, each) for inner, each in value.items()}
    if isinstance(value, list):
        return [_hidden(name, each) for each in value]
    return masked(str(value)) if name in NUMBERS and isinstance(value, int) else value
