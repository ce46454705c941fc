"""What would let `[call_back]` fail its customer: keys that nobody is told, an offer that delays a reassurance.

Pure.
"""

import re
from collections.abc import Iterator

from gateway.config.toml_positions import KeyPath
from gateway.dialplan.clauses import standard_of
from gateway.dialplan.desk_tables import CallBackTable
from gateway.dialplan.language import spoken_characters
from gateway.dialplan.models import Dialplan
from gateway.dialplan.phrases import phrases_of
from gateway.dialplan.standards import INTERVAL, Finding

_SPOKEN_KEYS = {
    names[0]: names
    for names in ("0零", "1一幺", "2二", "3三", "4四", "5五", "6六", "7七", "8八", "9九", "*星米", "#井")
}
"""The characters by which a text can name a key: 星号键, 井号键."""
_IDEOGRAPH = re.compile(r"[\u4e00-\u9fff]")


def call_back_faults(dialplan: Dialplan) -> Iterator[Finding]:
    """A finding for each key of `[call_back]` with two meanings, or that its text does not name; and for an offer
    that lasts until after the next reassurance is due (JH-8)."""
    table = dialplan.call_back
    if table is None:
        return
    for first, second in (("key", "message_key"), ("right", "wrong")):
        if getattr(table, first) == getattr(table, second):
            message = f"{first} and {second} are both {getattr(table, first)}; allowed: two keys"
            yield Finding((("call_back", second), ("call_back", first)), message)
    for key, told_in in (("key", "offer"), ("message_key", "offer"), ("right", "confirm"), ("wrong", "confirm")):
        pressed, text = getattr(table, key), getattr(table, told_in)
        if _IDEOGRAPH.search(text) and not any(name in text for name in _SPOKEN_KEYS[pressed]):
            message = f"{told_in} does not tell that {key} is {pressed}; allowed: a text with 「请按{pressed}」"
            yield Finding((("call_back", key), ("call_back", told_in)), message)
    yield from _delays(dialplan, table)


def _delays(dialplan: Dialplan, table: CallBackTable) -> Iterator[Finding]:
    waiting = dialplan.waiting
    if waiting is None or (waiting.every < INTERVAL[1] and standard_of(waiting.clause) is not None):
        return  # an interval that breaks its clause is told already
    phrases, of_a_character = phrases_of(dialplan), 60 / dialplan.speaking_rate
    most = int(waiting.every / of_a_character)
    offer = spoken_characters(phrases["call-back-offer"].text)
    for key in ("first", "again"):
        before = spoken_characters(phrases[f"waiting-{key}"].text)
        if key == "first" and table.offer_after > before * of_a_character:
            continue  # it ends before he has waited long enough for the offer
        if before <= most < before + offer:  # one that is too long by itself is told already
            message = (
                f"offer follows waiting.{key}: together about {(before + offer) * of_a_character:.0f} s, but the "
                f"next reassurance is due after {waiting.every:g} s ({waiting.clause}); "
                f"allowed: up to {most} characters for both"
            )
            paths: tuple[KeyPath, ...] = (("call_back", "offer"), ("waiting", key), ("waiting", "every"))
            yield Finding((*paths, ("call_back", "offer_after"), ("speaking_rate",)), message)
            return
