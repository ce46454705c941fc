"""What the five standards' clauses demand of a dialplan's values. Pure.

A clause speaks by its id: `JH-8` allows no interval but 15 s. What no clause states is the dialplan's own affair,
and so is everything under letters that are none of the five: a standard of one's own.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from gateway.config.toml_positions import KeyPath
from gateway.dialplan.clauses import CLAUSES, standard_of
from gateway.dialplan.language import spoken_characters
from gateway.dialplan.models import Dialplan
from gateway.dialplan.phrases import phrases_of, raw_text
from gateway.dialplan.placeholders import names_in
from gateway.dialplan.tables import LadderTable

RINGS = {"JH": ("JH-1", 3), "WD": ("WD-1", 2), "JS": ("JS-1", 3)}
"""The standards that limit the rings: by which clause, to which."""
RELEASE_AFTER_FAREWELL = "WD-2"
"""The one clause by which the line hangs up before the customer."""
GOODBYE = "再见"
INTERVAL = ("JH-8", 15.0)
"""The one clause that states how often a waiting customer is reassured, in seconds."""
DEADLINE = ("JH-19", 24.0)
"""The one clause that states in how many hours a customer has his answer."""
NAMED = {"ET-1": "who is called", "ET-3": "the promised time"}
"""The clauses of the template that name something a site must fill in, and what."""
ALERTED = ("3", "4")
"""The kinds of TT-1 that call in people at once; 1 to 4 are its kinds."""
_KINDS = ("1", "2", *ALERTED)


@dataclass(frozen=True, slots=True)
class Finding:
    """What breaks a clause: the keys that together do, the one that says it first, and why."""

    keys: tuple[KeyPath, ...]
    message: str


@dataclass(frozen=True, slots=True)
class LadderDemand:
    """A clause that orders a release."""

    steps: int
    release_wait: float | None = None
    """Seconds after the last words; None: the clause states none."""


LADDERS = {"JH-6": LadderDemand(2), "JH-7": LadderDemand(2, release_wait=3.0), "WD-8": LadderDemand(2)}


def broken_clauses(dialplan: Dialplan) -> Iterator[Finding]:
    """Every value that breaks the clause it stands under."""
    yield from _unknown_clauses(dialplan.document.data, ())
    yield from _rings(dialplan)
    yield from _ladder("silent_line", dialplan.silent_line)
    yield from _ladder("noisy_line", dialplan.noisy_line)
    yield from _waiting(dialplan)
    yield from _menu(dialplan)
    yield from _farewells(dialplan)
    yield from _hang_up(dialplan)
    yield from _blanks(dialplan)


def letters(clause: str) -> str:
    """The standard's letters: JH of JH-6."""
    return clause.partition("-")[0]


def ring_limit_of(clause: str, claimed: int) -> tuple[str, int]:
    """Which clause limits the rings where `clause` is kept, and to how many.

    `claimed` is what the dialplan says, for a standard that states none.
    """
    return RINGS.get(letters(clause), (clause, claimed))


def _unknown_clauses(table: dict[str, Any], path: KeyPath) -> Iterator[Finding]:
    """A clause that its standard lacks keeps nothing, and no other finding would tell."""
    for key, value in table.items():
        here = (*path, key)
        if isinstance(value, dict):
            if here != ("parameters",):  # their names are anybody's
                yield from _unknown_clauses(value, here)
        elif (key in ("clause", "patience_clause") or path == ("language",)) and not _exists(value):
            known = [clause for clause in CLAUSES if letters(clause) == letters(value)]
            message = (
                f"{value} is no clause of its standard; allowed: {known[0]} to {known[-1]}, "
                "or other letters for a standard of one's own"
            )
            yield Finding((here,), message)


def _exists(clause: str) -> bool:
    return clause in CLAUSES or standard_of(clause) is None


def _rings(dialplan: Dialplan) -> Iterator[Finding]:
    answer = dialplan.answer
    clause, limit = ring_limit_of(answer.clause, answer.ring_limit)
    if letters(answer.clause) not in RINGS:
        return
    keys = ["ring_limit"] if answer.on_ring > answer.ring_limit else ["on_ring", "ring_limit"]
    for key in keys:  # an on_ring beyond ring_limit is told already
        value = getattr(answer, key)
        if value > limit:
            message = f"{key} is {value}, but {clause} demands an answer by ring {limit}; allowed: 1 to {limit}"
            yield Finding((("answer", key), ("answer", "clause")), message)


def _ladder(name: str, ladder: LadderTable) -> Iterator[Finding]:
    clause = ladder.clause
    if ladder.final is None:
        message = (
            f"is missing, the ladder has no end: {clause} needs last words before the release; allowed: a text"
        )
        yield Finding(((name, "final"),), message)
    demand = LADDERS.get(clause)
    if demand is None:
        if standard_of(clause) is not None:
            message = f"{clause} orders no release; allowed: {', '.join(LADDERS)}, or a clause of one's own"
            yield Finding(((name, "clause"),), message)
        return
    if len(ladder.steps) != demand.steps:
        message = f"asks {_times(len(ladder.steps))}, but {clause} asks {_times(demand.steps)}; allowed: as often"
        yield Finding(((name, "steps"), (name, "clause")), message)
    if demand.release_wait is not None and ladder.release_wait != demand.release_wait:
        message = (
            f"release_wait is {ladder.release_wait:g} s, but {clause} waits {demand.release_wait:g} s before the "
            f"release; allowed: {demand.release_wait}"
        )
        yield Finding(((name, "release_wait"), (name, "clause")), message)
    if ladder.final is not None and GOODBYE not in ladder.final:
        message = f"the release that {clause} orders comes without 「{GOODBYE}」; allowed: last words with it"
        yield Finding(((name, "final"), (name, "clause")), message)


def _times(count: int) -> str:
    return "once" if count == 1 else "twice" if count == 2 else f"{count} times"


def _waiting(dialplan: Dialplan) -> Iterator[Finding]:
    waiting = dialplan.waiting
    if waiting is None:
        return
    stated_by, interval = INTERVAL
    keys: tuple[KeyPath, ...] = (("waiting", "every"), ("waiting", "clause"))
    allowed = f"{stated_by} reassures every {interval:g} s; allowed: {interval}"
    if standard_of(waiting.clause) is not None and waiting.every < interval:
        yield Finding(keys, f"every {waiting.every:g} s is more often than {allowed}")
    elif letters(waiting.clause) == letters(stated_by) and waiting.every > interval:
        yield Finding(keys, f"every {waiting.every:g} s is a longer gap than {allowed}")
    phrases = phrases_of(dialplan)
    for key in ("first", "again"):
        seconds = spoken_characters(phrases[f"waiting-{key}"].text) * 60 / dialplan.speaking_rate
        if seconds > waiting.every:
            message = (
                f"takes about {seconds:.0f} s to say, longer than every = {waiting.every:g} ({waiting.clause}); "
                f"allowed: up to {int(waiting.every * dialplan.speaking_rate / 60)} characters"
            )
            yield Finding((("waiting", key), ("waiting", "every"), ("speaking_rate",)), message)


def _menu(dialplan: Dialplan) -> Iterator[Finding]:
    menu = dialplan.menu
    if menu is None or menu.clause != "TT-1":
        return
    for digit in _KINDS:
        choice = menu.choices.get(digit)
        if choice is None:
            message = f"has no kind {digit}; TT-1 has four; allowed: {', '.join(_KINDS)}, and others"
            yield Finding((("menu", "choices", digit),), message)
        elif digit in ALERTED and not choice.alert:
            message = f"kind {digit} raises no alert, but TT-1 calls people in at once; allowed: alert = true"
            yield Finding((("menu", "choices", digit, "alert"), ("menu", "clause")), message)


def _farewells(dialplan: Dialplan) -> Iterator[Finding]:
    farewell = dialplan.farewell
    if farewell.clause != "WD-5":
        return
    for day in ("holiday", "weekend"):
        if getattr(farewell, day) is None:
            message = f"is missing: WD-5 has a farewell of its own for a {day}; allowed: a text"
            yield Finding((("farewell", day),), message)


def _hang_up(dialplan: Dialplan) -> Iterator[Finding]:
    hang_up, farewell = dialplan.hang_up, dialplan.farewell
    if hang_up.after_farewell != "release":
        return
    if hang_up.clause != RELEASE_AFTER_FAREWELL:
        message = (
            f'after_farewell is "release", which {RELEASE_AFTER_FAREWELL} alone orders, and not {hang_up.clause}; '
            'allowed: "wait": the customer hangs up first'
        )
        yield Finding((("hang_up", "after_farewell"), ("hang_up", "clause")), message)
        return
    last_words: dict[KeyPath, str | None] = {
        ("farewell", key): getattr(farewell, key) for key in ("text", "holiday", "weekend")
    }
    last_words |= {
        ("phrases", name, "text"): phrase.text for name, phrase in dialplan.phrases.items() if phrase.closes
    }
    for path, text in last_words.items():
        if text is not None and GOODBYE not in text:
            message = (
                f"the line hangs up after it, but {RELEASE_AFTER_FAREWELL} wants 「{GOODBYE}」 said before; "
                "allowed: a farewell with it"
            )
            yield Finding((path, (*path[:-1], "closes"), ("hang_up", "after_farewell")), message)


def _blanks(dialplan: Dialplan) -> Iterator[Finding]:
    """A greeting of nobody, a promise without its time: every parameter of the text is empty."""
    yield from dict.fromkeys(_empty_blanks(dialplan))  # a parameter may be in several texts


def _empty_blanks(dialplan: Dialplan) -> Iterator[Finding]:
    for phrase in phrases_of(dialplan).values():
        names = names_in(raw_text(dialplan, phrase.path))
        if phrase.clause in NAMED and names and not any(dialplan.values.get(name, name) for name in names):
            keys = tuple(("parameters", name) for name in names)
            missing = f"is empty, but {phrase.clause} names {NAMED[phrase.clause]}"
            yield Finding(keys, f"{missing}; allowed: a text for {' or '.join(names)}")
