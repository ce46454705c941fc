"""Keys that the customer pressed and that meant nothing."""

from collections.abc import Sequence
from dataclasses import dataclass

from gateway.call.facts import DigitDialled, KindChosen, QuestionAnswered
from gateway.call.plan import Menu
from gateway.walk.walk import Walk


@dataclass(frozen=True, slots=True)
class IgnoredKey:
    """A key that changed nothing. `seconds` as a Moment's."""

    seconds: float
    key: str
    why: str


def ignored_keys(walk: Walk) -> list[IgnoredKey]:
    """The keys that were neither a choice of the menu nor part of an answer, in order."""
    menu = walk.plan.menu
    ignored: list[IgnoredKey] = []
    pending: list[IgnoredKey] = []
    for moment, following in zip(walk.moments, [*walk.moments[1:], None], strict=True):
        fact = moment.fact
        if isinstance(fact, KindChosen):
            menu = None
        elif isinstance(fact, QuestionAnswered):
            ignored += _not_in_answer(pending, fact.digits or "")
            pending = []
        elif isinstance(fact, DigitDialled) and not (following and isinstance(following.fact, KindChosen)):
            pending.append(IgnoredKey(moment.seconds, fact.digit, _why(menu)))
    return ignored + pending


def _not_in_answer(pressed: Sequence[IgnoredKey], digits: str) -> list[IgnoredKey]:
    """Those pressed before the answer's first key: the answer is what was pressed last, less its # at the end."""
    left = len(digits)
    for number in reversed(range(len(pressed))):
        if left == 0:
            # A # after the answer's last key was passed on the way.
            return list(pressed[: number + 1])
        left -= pressed[number].key != "#"
    return [] if digits else list(pressed)


def _why(menu: Menu | None) -> str:
    return "nothing was asked that it answers" if menu is None else f"the menu has {', '.join(menu.choices)}"
