"""What single values of a dialplan cannot tell: names that lead nowhere, and keys that contradict each other."""

from collections.abc import Iterable, Iterator

from gateway.config.document import key_name
from gateway.config.faults import Fault
from gateway.config.toml_positions import KeyPath
from gateway.dialplan.models import Dialplan
from gateway.dialplan.phrases import phrases_of
from gateway.dialplan.placeholders import names_in


def cross_faults(dialplan: Dialplan) -> Iterator[Fault]:
    """Every contradiction in `dialplan`."""
    yield from _ring_faults(dialplan)
    yield from _reference_faults(dialplan)
    yield from _code_faults(dialplan)
    yield from _placeholder_faults(dialplan)
    yield from _recording_faults(dialplan)


def _ring_faults(dialplan: Dialplan) -> Iterator[Fault]:
    answer = dialplan.answer
    if answer.on_ring > answer.ring_limit:
        yield dialplan.document.fault(
            dialplan.document.nearest((("answer", "on_ring"), ("answer", "ring_limit"))),
            f"on_ring is {answer.on_ring}, but ring_limit is {answer.ring_limit} ({answer.clause}); "
            f"allowed: on_ring from 1 to {answer.ring_limit}",
        )


def references(dialplan: Dialplan) -> Iterator[tuple[KeyPath, str, str]]:
    """Every name that means a table: its place, the table of tables it is looked for in, the name."""
    if dialplan.flow is not None:
        yield ("flow",), "flows", dialplan.flow
    for name, flow in dialplan.flows.items():
        if flow.open is not None:
            yield ("flows", name, "open"), "texts", flow.open
        yield from ((("flows", name, "ask", index), "questions", key) for index, key in enumerate(flow.ask))
        yield from ((("flows", name, "say", index), "texts", key) for index, key in enumerate(flow.say))
    path: KeyPath = ("warning", "phrase")
    if dialplan.warning is not None and path in dialplan.document.positions:
        # A base's falls silent with its phrase: who does without the phrase need not know of the list.
        yield path, "phrases", dialplan.warning.phrase
    if dialplan.menu is not None:
        yield ("menu", "otherwise"), "menu.choices", dialplan.menu.otherwise
        for digit, choice in dialplan.menu.choices.items():
            if choice.flow is not None:
                yield ("menu", "choices", digit, "flow"), "flows", choice.flow


def _reference_faults(dialplan: Dialplan) -> Iterator[Fault]:
    known: dict[str, Iterable[str]] = {
        "flows": dialplan.flows,
        "texts": dialplan.texts,
        "questions": dialplan.questions,
        "phrases": dialplan.phrases,
        "menu.choices": dialplan.menu.choices if dialplan.menu else (),
    }
    for path, tables, name in references(dialplan):
        if name not in known[tables]:
            allowed = ", ".join(known[tables]) or f"none, as there is no [{tables}]"
            yield dialplan.document.fault(path, f"{name!r} is not defined in [{tables}]; allowed: {allowed}")


def _code_faults(dialplan: Dialplan) -> Iterator[Fault]:
    """A code that another begins with would be done before the other could be dialled to its end."""
    blamed: dict[KeyPath, Fault] = {}  # one clash tells what is wrong with a code
    complete: dict[str, str] = {}
    begun: dict[str, str] = {}
    for name, phrase in dialplan.phrases.items():
        if phrase.code is None:
            continue
        beginnings = [phrase.code[:length] for length in range(1, len(phrase.code) + 1)]
        clashes = [complete[code] for code in beginnings if code in complete] + [
            *filter(None, [begun.get(phrase.code)])
        ]
        if clashes:
            path, fault = _clash(dialplan, name, clashes[0])
            blamed.setdefault(path, fault)
        complete.setdefault(phrase.code, name)
        for code in beginnings:
            begun.setdefault(code, name)
    yield from blamed.values()


def _clash(dialplan: Dialplan, later: str, earlier: str) -> tuple[KeyPath, Fault]:
    keys = tuple(("phrases", name, "code") for name in (later, earlier))
    path = dialplan.document.nearest(keys)
    name, other = (later, earlier) if path == keys[0] else (earlier, later)
    code, taken = dialplan.phrases[name].code, dialplan.phrases[other].code
    what = f"is phrases.{other}'s already" if code == taken else f"cannot be told from {taken} of phrases.{other}"
    return path, dialplan.document.fault(path, f"{code} {what}; allowed: another code")


def _placeholder_faults(dialplan: Dialplan) -> Iterator[Fault]:
    for phrase in phrases_of(dialplan).values():
        if not any(character.isalnum() for character in phrase.text):
            message = "has nothing to say once its parameters are filled in; allowed: a text with words of its own"
            yield dialplan.document.fault(phrase.path, message)
        for name in names_in(phrase.text):  # those that have a value are filled by now
            known = ", ".join(["{agent}", *(f"{{{known}}}" for known in dialplan.parameters)])
            message = f"'{{{name}}}' is not in [parameters]; allowed: {known}"
            yield dialplan.document.fault(phrase.path, message)
    for name in dialplan.parameters:
        if name == "agent":
            message = "'agent' is the agent's number always; allowed: another name"
            yield dialplan.document.fault(("parameters", name), message)


def _recording_faults(dialplan: Dialplan) -> Iterator[Fault]:
    """Two texts whose recordings have one name: a person's would be played for both."""
    said_in: dict[str, KeyPath] = {}
    for phrase in phrases_of(dialplan).values():
        for segment in phrase.segments(""):  # its own words; digits belong to all
            other = said_in.setdefault(segment.key, phrase.path)
            if other != phrase.path:
                path = dialplan.document.nearest((phrase.path, other))
                as_of = key_name(other if path == phrase.path else phrase.path)
                message = f"its recording would be {segment.key}.wav, as of {as_of}; allowed: another name"
                yield dialplan.document.fault(path, message)
