"""The parts of a dialplan's page that follow a call: what is said when, and how long is waited."""

from collections.abc import Iterator

from gateway.config.document import Document
from gateway.config.table import Table
from gateway.config.toml_positions import KeyPath
from gateway.dialplan.keeping import seconds
from gateway.dialplan.keys import keys_of
from gateway.dialplan.models import Dialplan
from gateway.dialplan.phrases import Phrase, dashed, phrases_of, raw_text
from gateway.dialplan.tables import LadderTable

Row = tuple[str, ...]


def source(dialplan: Dialplan, path: KeyPath) -> str:
    """Where the key stands: empty for the dialplan's own file, a base's name, or `default`."""
    document: Document | None = dialplan.document
    while document is not None:
        if path in document.positions:
            return "" if document is dialplan.document else document.file.absolute().parent.name
        document = document.base
    return "default"


def spoken_parts(dialplan: Dialplan) -> Iterator[tuple[str, list[Row]]]:
    """What a caller hears, in order: a heading, then (when, text, clause, prompt) for each prompt. Phrases, which
    only an agent brings up, are left out."""
    phrases = phrases_of(dialplan)

    def rows(found: Iterator[tuple[str, str]]) -> list[Row]:
        return [_spoken(dialplan, phrases[key], when) for when, key in found if key in phrases]

    yield "The greeting", rows(_greetings(dialplan))
    if dialplan.menu is not None:
        menu = dialplan.menu
        when = f"after the greeting, up to {menu.times} times; then {seconds(menu.wait)} for a key"
        yield "The menu", rows(iter([(when, "menu")]))
    yield "The customer is not heard, or not understood", rows(_troubles(dialplan))
    if dialplan.flows:
        yield "The case", rows(_cases(dialplan))
    if dialplan.waiting is not None:
        yield "While the customer waits", rows(_waiting(dialplan))
    if dialplan.call_back is not None:
        yield "The customer wants to be called back", rows(_call_back(dialplan))
    yield "The end", rows(_end(dialplan))


def waits(dialplan: Dialplan) -> Iterator[Row]:
    """Every wait of the dialplan: seconds, what for, key and where it stands."""
    yield from _waits(dialplan, dialplan, ())


def place(dialplan: Dialplan, path: KeyPath) -> str:
    """The key as the page names it, with the dialplan that it comes from."""
    name = ".".join(str(part) for part in path if not isinstance(part, int))
    found = source(dialplan, path)
    if found == "default":
        return f"`{name}` (left out)"
    return f"`{name}` (from {found})" if found else f"`{name}`"


def _spoken(dialplan: Dialplan, phrase: Phrase, when: str) -> Row:
    return when, raw_text(dialplan, phrase.path), phrase.clause, f"`{phrase.key}`"


def _greetings(dialplan: Dialplan) -> Iterator[tuple[str, str]]:
    own = [name for name, holiday in dialplan.holidays.items() if holiday.greeting is not None]
    if dialplan.holidays:
        rest = ", and where two holidays fall on one day" if own else ""
        which = "a holiday without words of its own" if own else "a holiday"
        yield f"first, on {which}{rest}", "holiday-greeting"
    for name in own:
        yield f"first, on the holiday `{name}`", f"holiday-greeting-{dashed(name)}"
    yield "then; on any other day first" if dialplan.holidays else "first", "greeting"
    yield "in its place, when the agent is a trainee", "trainee-greeting"
    yield "alone, when more customers call than agents are there", "overflow-greeting"
    yield "after it, in every call", "notice"
    if dialplan.warning_phrase is not None:
        yield "after it, to a number on the list", f"phrase-{dashed(dialplan.warning_phrase)}"


def _troubles(dialplan: Dialplan) -> Iterator[tuple[str, str]]:
    noise = "noise" if dialplan.faint_line else "noise, or a faint voice,"
    yield from _ladder("silent", "nothing is heard", dialplan.silent_line)
    yield from _ladder("noisy", noise, dialplan.noisy_line)
    for name, table in (("faint", dialplan.faint_line), ("loud", dialplan.loud_line)):
        for number in range(1, len(table.steps) + 1 if table else 1):
            assert table is not None
            still = "" if number == 1 else "still "
            yield f"the voice is {still}too {name} for {seconds(table.wait)}", f"{name}-{number}"


def _ladder(name: str, what: str, table: LadderTable) -> Iterator[tuple[str, str]]:
    for number in range(1, len(table.steps) + 1):
        when = f"{what} for {seconds(table.wait)}" if number == 1 else f"still so {seconds(table.wait)} later"
        yield when, f"{name}-{number}"
    release = "the line is released" + (f" after {seconds(table.release_wait)}" if table.release_wait else "")
    yield f"still so {seconds(table.wait)} later; then {release}", f"{name}-final"


def _cases(dialplan: Dialplan) -> Iterator[tuple[str, str]]:
    for name, flow in dialplan.flows.items():
        pause = seconds(flow.pause or dialplan.message.pause)
        told = f"when the case was told and nothing is said for {pause}"
        if flow.open is not None:
            yield f"`{name}`: first", f"text-{dashed(flow.open)}"
        steps = [*(f"question-{dashed(key)}" for key in flow.ask), *(f"text-{dashed(key)}" for key in flow.say)]
        for number, key in enumerate(steps):
            yield f"`{name}`: {'then' if number else told}", key


def _waiting(dialplan: Dialplan) -> Iterator[tuple[str, str]]:
    table = dialplan.waiting
    assert table is not None
    yield "at once", "waiting-first"
    yield f"every {seconds(table.every)} after it", "waiting-again"
    yield f"when the wait ends, if it lasted {seconds(table.long)} or more", "waiting-thanks"
    yield f"after {seconds(table.limit)}, if nobody came: the customer may speak again", "waiting-sorry"


def _call_back(dialplan: Dialplan) -> Iterator[tuple[str, str]]:
    table = dialplan.call_back
    assert table is not None
    after = f"the first reassurance after {seconds(table.offer_after)}"
    yield f"while he waits, once, behind {after}", "call-back-offer"
    yield f"his number is not known, or is not the one; then {seconds(table.wait)} to begin", "call-back-ask"
    yield "then; his number follows, digit by digit", "call-back-read-back"
    yield f"then; {seconds(table.wait)} for {table.right} or {table.wrong}", "call-back-confirm"
    yield "when the number is taken", "call-back-noted"
    yield f"after {table.message_key} instead", "call-back-speak"


def _end(dialplan: Dialplan) -> Iterator[tuple[str, str]]:
    further, hang_up = dialplan.further, dialplan.hang_up
    yield "when all was said and answered", "further"
    then = "then the line waits until the customer has hung up"
    if hang_up.after_farewell == "release":
        then = f"{seconds(hang_up.release_wait)} after it the line is released"
    yield f"no more is wanted, or nothing is said for {seconds(further.wait)}; {then}", "farewell"
    yield "in its place on holidays", "farewell-holiday"
    yield "in its place at weekends", "farewell-weekend"


def _waits(dialplan: Dialplan, table: Table, path: KeyPath) -> Iterator[Row]:
    for key in keys_of(type(table)):
        value = getattr(table, key.name)
        here = (*path, key.name)
        if isinstance(value, Table):
            yield from _waits(dialplan, value, here)
        elif key.named and key.table is not None:
            for name, inner in value.items():
                yield from _waits(dialplan, inner, (*here, name))
        elif isinstance(value, float) and not _idle(dialplan, here):
            yield seconds(value), key.meaning.partition("; left out")[0], place(dialplan, here)


def _idle(dialplan: Dialplan, path: KeyPath) -> bool:
    """Whether the wait does nothing: the one before a release, where the line is not released."""
    return path == ("hang_up", "release_wait") and dialplan.hang_up.after_farewell == "wait"
