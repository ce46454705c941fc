"""What `sansheng check` finds in a dialplan that can be read: whatever breaks a clause of its standard.

The rules of words stand in `language`, those of values in `standards`, `feasts`, `promise` and
`calling_back`, idle tables in `unused`.
"""

from collections.abc import Iterator

from gateway.call.prompt import Part
from gateway.config.document import key_name
from gateway.config.faults import Fault
from gateway.config.toml_positions import KeyPath
from gateway.dialplan.calling_back import call_back_faults
from gateway.dialplan.feasts import missing_feasts
from gateway.dialplan.language import forbidden_in, impolite_in
from gateway.dialplan.models import Dialplan
from gateway.dialplan.phrases import Phrase, phrases_of, raw_text
from gateway.dialplan.placeholders import names_in, with_values
from gateway.dialplan.promise import promise_faults
from gateway.dialplan.standards import broken_clauses
from gateway.dialplan.unused import unused


def lint(dialplan: Dialplan) -> Iterator[Fault]:
    """A fault for each text or value that breaks its clause: what must not go live.

    Each on the line of its key: in the base's file, where the base says it; in the site's gateway.toml, where its
    `[parameters]` bring the words in.
    """
    for phrase in phrases_of(dialplan).values():
        yield from _words(dialplan, phrase)
    rules = (broken_clauses, missing_feasts, call_back_faults, promise_faults)
    for found in (rule(dialplan) for rule in rules):
        for finding in found:
            yield _fault(dialplan, dialplan.document.nearest(finding.keys), finding.message)


def idle(dialplan: Dialplan) -> Iterator[Fault]:
    """A fault for each prompt, flow, holiday and parameter of the dialplan's own file that no call ever hears."""
    for finding in unused(dialplan):
        yield dialplan.document.fault(finding.keys[0], finding.message)


def _words(dialplan: Dialplan, phrase: Phrase) -> Iterator[Fault]:
    """What is wrong with a phrase's words, each on the key that brought it in: the text, or a parameter."""
    raw = raw_text(dialplan, phrase.path)
    for message in _broken(dialplan, phrase, phrase.text):
        name = _brought_in_by(dialplan, phrase, raw, message)
        if name is None:
            yield dialplan.document.fault(phrase.path, message)
        else:
            where = f"in {key_name(phrase.path)}, {message}"
            yield _fault(dialplan, ("parameters", name), where)


def _fault(dialplan: Dialplan, path: KeyPath, message: str) -> Fault:
    """A fault of the key at `path`; of a parameter, in the file that gives its value."""
    given = path[0] == "parameters" and len(path) > 1
    document = dialplan.document_of_parameter(str(path[1])) if given else dialplan.document
    return document.fault(path, message)


def _broken(dialplan: Dialplan, phrase: Phrase, text: str) -> list[str]:
    language = dialplan.language
    found: list[str] = []
    if language.forbidden is not None:
        why = f"is forbidden by {language.forbidden}; allowed: any other wording"
        found += [f"「{words}」 {why}" for words in forbidden_in(text)]
    if language.polite is not None:
        opens = phrase.part is Part.GREETING
        asks = phrase.part is Part.QUESTION or phrase.path == ("call_back", "ask")
        found += [f"{words} ({language.polite})" for words in impolite_in(text, opens_call=opens, asks=asks)]
    return found


def _brought_in_by(dialplan: Dialplan, phrase: Phrase, raw: str, message: str) -> str | None:
    """The parameter without whose value the phrase would be good."""
    for name in names_in(raw):
        without = with_values(raw, {**dialplan.values, name: ""})
        if name in dialplan.values and message not in _broken(dialplan, phrase, without):
            return name
    return None
