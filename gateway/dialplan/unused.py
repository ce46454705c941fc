"""What a dialplan's file defines and no call ever hears. Pure.

Only what the file itself says counts: of its base it may leave unused whatever it likes.
"""

from collections.abc import Iterator

from gateway.config.toml_positions import KeyPath
from gateway.dialplan.models import Dialplan
from gateway.dialplan.placeholders import names_in
from gateway.dialplan.standards import Finding

_Idle = tuple[tuple[KeyPath, ...], str]
"""The keys that make something idle, of which the file's own first one is blamed, and what to say of it."""
_IN_A_FLOW = "allowed: name it in a flow, or leave it out"
_HOLIDAYS = "allowed: tables [holidays.NAME], or leave it out"


def unused(dialplan: Dialplan) -> Iterator[Finding]:
    """A finding for each prompt, flow, holiday and parameter that can never come into play."""
    own = dialplan.document.positions
    for keys, message in _idle(dialplan):
        mine = tuple(key for key in keys if key in own)
        if mine:
            yield Finding(mine, message)


def texts_in(data: object) -> Iterator[str]:
    """Every text in a dialplan's data, however deep."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict | list):
        for value in data.values() if isinstance(data, dict) else data:
            yield from texts_in(value)


def _idle(dialplan: Dialplan) -> Iterator[_Idle]:
    yield from _flows(dialplan)
    yield from _holidays(dialplan)
    yield from _waiting(dialplan)
    yield from _call_back(dialplan)
    used = {name for text in texts_in(dialplan.document.data) for name in names_in(text)}
    for name in dialplan.parameters:
        if name not in used:
            yield (
                (("parameters", name),),
                f"no text says {{{name}}}; allowed: a text with it, or no such parameter",
            )


def _flows(dialplan: Dialplan) -> Iterator[_Idle]:
    taken = _taken(dialplan)
    flows = [flow for name, flow in dialplan.flows.items() if name in taken]
    said = {name for flow in flows for name in (flow.open, *flow.say)}
    asked = {name for flow in flows for name in flow.ask}
    for name in dialplan.flows:
        if name not in taken:
            message = "is never taken; allowed: name it in flow or in a choice of the menu, or leave it out"
            yield (("flows", name),), message
    for name, text in dialplan.texts.items():
        if name not in said:
            yield (("texts", name),), f"is never said, so it keeps {text.clause} in no call; {_IN_A_FLOW}"
    for name, question in dialplan.questions.items():
        if name not in asked:
            yield (("questions", name),), f"is never asked, so it keeps {question.clause} in no call; {_IN_A_FLOW}"


def _taken(dialplan: Dialplan) -> set[str | None]:
    """The flows that calls can take: with a menu, what its choices name; `flow` for the others."""
    if dialplan.menu is None:
        return {dialplan.flow}
    return {choice.flow or dialplan.flow for choice in dialplan.menu.choices.values()}


def _holidays(dialplan: Dialplan) -> Iterator[_Idle]:
    named = set(dialplan.calendar.values())
    dated = {name for name, table in dialplan.holidays.items() if table.date or table.lunar}
    for name in dialplan.holidays:
        if name not in dated and name not in named:
            message = 'never comes; allowed: date = "MM-DD", lunar = "MM-DD", or a date in [calendar]'
            yield (("holidays", name),), message
    if not dated and not named & set(dialplan.holidays):
        greeting, farewell = dialplan.holiday_greeting, dialplan.farewell
        if greeting is not None:
            yield (
                (("holiday_greeting",),),
                f"is never said: there are no holidays ({greeting.clause}); {_HOLIDAYS}",
            )
        if farewell.holiday is not None:
            yield (
                (("farewell", "holiday"),),
                f"is never said: there are no holidays ({farewell.clause}); {_HOLIDAYS}",
            )


def _waiting(dialplan: Dialplan) -> Iterator[_Idle]:
    waiting = dialplan.waiting
    if waiting is None:
        return
    if waiting.limit <= waiting.every:
        keys = (("waiting", "limit"), ("waiting", "every"), ("waiting", "again"))
        ends = f"the wait ends after limit = {waiting.limit:g} s ({waiting.clause})"
        yield keys, f"again is never said: {ends}; allowed: a longer limit"
    if waiting.long > waiting.limit:
        keys = (("waiting", "long"), ("waiting", "limit"), ("waiting", "thanks"))
        ends = f"no wait gets as long as long = {waiting.long:g} s ({waiting.patience_clause})"
        yield keys, f"thanks is never said: {ends}; allowed: long up to limit"


def _call_back(dialplan: Dialplan) -> Iterator[_Idle]:
    table, waiting = dialplan.call_back, dialplan.waiting
    if table is None:
        return
    if waiting is None:
        message = f"is never offered, as nobody can be kept waiting ({table.clause}); allowed: a table [waiting]"
        yield (("call_back",), ("waiting",)), message
    elif table.offer_after > waiting.limit:
        keys = (("call_back", "offer_after"), ("waiting", "limit"), ("call_back", "offer"))
        ends = f"no wait gets as long as offer_after = {table.offer_after:g} s ({table.clause})"
        yield keys, f"offer is never said: {ends}; allowed: offer_after up to limit"
