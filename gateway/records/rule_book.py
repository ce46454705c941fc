"""What calls are judged by: each by what its standard asked for when it was offered."""

from collections.abc import Mapping
from datetime import UTC, datetime

from gateway.records.rules import JIHUA, Rules


class RuleBook:
    """Rules by the dialplan's name. Amended on one thread, read on any."""

    def __init__(self, rules: Mapping[str, Rules] | None = None) -> None:
        self._editions: tuple[tuple[datetime | None, Mapping[str, Rules]], ...] = ((None, dict(rules or {})),)
        """The newest first; of each the calls that were offered since."""

    def amend(self, rules: Mapping[str, Rules], since: datetime) -> None:
        """Judge calls of these dialplans that are offered at `since` (aware) or later by these rules; earlier
        ones, be they still up, by those of before."""
        if any(self._newest(dialplan) != rules[dialplan] for dialplan in rules):
            # In UTC: of two times of one zone Python compares the hands of the clock (gateway.records.exact).
            self._editions = ((since.astimezone(UTC), dict(rules)), *self._editions)

    def rules_of(self, dialplan: str, offered_at: datetime) -> Rules:
        """What a call of this dialplan is judged by; one of a dialplan that is unknown, by JIHUA."""
        offered = offered_at.astimezone(UTC)
        for since, rules in self._editions:
            if dialplan in rules and (since is None or offered >= since):
                return rules[dialplan]
        return JIHUA

    def _newest(self, dialplan: str) -> Rules | None:
        return next((rules[dialplan] for _, rules in self._editions if dialplan in rules), None)
