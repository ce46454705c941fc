"""What a dialplan can say, and the recordings that each saying is played from.

A text with `{agent}` is one recording before the number, one for each digit, one after: so every number can be
greeted with, and the number comes digit by digit.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from gateway.call.prompt import Part
from gateway.config.toml_positions import KeyPath
from gateway.dialplan.models import Dialplan
from gateway.dialplan.placeholders import AGENT, filled, with_values
from gateway.dialplan.tables import CorrectionTable, LadderTable

SPOKEN_DIGITS = dict(zip("0123456789", "零幺二三四五六七八九", strict=True))
"""Digits as Chinese operators say them: 1 is yāo, as yī is too easily heard as 7 (qī)."""


@dataclass(frozen=True, slots=True)
class Segment:
    """One recording's worth of speech."""

    key: str
    """Its file's name in the dialplan's `prompts/`, without `.wav`: `greeting-part1`, `digit-0`, `further`."""
    spoken: str
    """What is spoken in it."""
    phrase: str
    """The whole phrase it is part of; a voice keeps one pace through a phrase."""


@dataclass(frozen=True, slots=True)
class Recording:
    """A WAV file, 8000 Hz mono 16-bit, and its length in seconds."""

    path: str
    duration: float


@dataclass(frozen=True, slots=True)
class Phrase:
    """One text of the dialplan, its `{name}`s filled. `path` is its key in the file."""

    key: str
    text: str
    clause: str
    barge_in: bool
    path: KeyPath
    part: Part

    def segments(self, agent: str) -> tuple[Segment, ...]:
        """What is played, in order, when `agent` (digits) is on duty."""
        before, *rest = self.text.split(AGENT)
        if not rest:
            return (Segment(self.key, self.text, self.text),)
        parts = [*self._part(1, before)]
        for number, after in enumerate(rest, start=2):
            parts += [DIGITS[digit] for digit in agent]
            parts += self._part(number, after)
        return tuple(parts)

    def whole(self, agent: str) -> Segment | None:
        """The recording in which `agent` says all of it, `greeting-801`; None where no number is said."""
        if AGENT not in self.text:
            return None
        spoken = filled(self.text, "".join(SPOKEN_DIGITS[digit] for digit in agent))
        return Segment(f"{self.key}-{agent}", spoken, spoken)

    def _part(self, number: int, spoken: str) -> Iterator[Segment]:
        if any(character.isalnum() for character in spoken):
            yield Segment(f"{self.key}-part{number}", spoken, self.text.replace(AGENT, ""))


_ALL_DIGITS = "".join(SPOKEN_DIGITS.values())
DIGITS = {digit: Segment(f"digit-{digit}", spoken, _ALL_DIGITS) for digit, spoken in SPOKEN_DIGITS.items()}
"""The recording of each digit."""


def phrases_of(dialplan: Dialplan) -> dict[str, Phrase]:
    """Every phrase by key, in the order a call could hear them. Ladders give `silent-1` … `silent-final`."""
    values = dialplan.values
    phrases: dict[str, Phrase] = {}
    for key, text, clause, barge_in, path, part in _texts(dialplan):
        phrases[key] = Phrase(key, with_values(text, values), clause, barge_in, path, part)
    return phrases


def raw_text(dialplan: Dialplan, path: KeyPath) -> str:
    """The text at `path` as the file has it: its `{name}`s are not filled."""
    value: Any = dialplan.document.data
    for part in path:
        value = value[part]
    return str(value)


def segments_of(dialplan: Dialplan) -> tuple[Segment, ...]:
    """Every recording the dialplan can need for any agent, each once: all ten digits if any text has a number, or
    a customer's number is read back."""
    every_digit = "".join(SPOKEN_DIGITS)
    segments = [segment for phrase in phrases_of(dialplan).values() for segment in phrase.segments(every_digit)]
    return tuple(dict.fromkeys([*segments, *(DIGITS.values() if dialplan.call_back else ())]))


def dashed(name: str) -> str:
    """A key's name as part of a prompt's key and of a file's name: `spring_festival` → `spring-festival`."""
    return name.replace("_", "-")


_Text = tuple[str, str, str, bool, KeyPath, Part]
"""Key, text as in the file, clause, whether the customer may cut it, its place, its part."""


def _texts(dialplan: Dialplan) -> Iterator[_Text]:
    yield from _greetings(dialplan)
    if dialplan.notice is not None:
        yield "notice", dialplan.notice.text, dialplan.notice.clause, False, ("notice", "text"), Part.NOTICE
    if dialplan.menu is not None:
        yield "menu", dialplan.menu.text, dialplan.menu.clause, True, ("menu", "text"), Part.MENU
    yield from _ladder("silent", dialplan.silent_line, "silent_line")
    yield from _ladder("noisy", dialplan.noisy_line, "noisy_line")
    yield from _correction("faint", dialplan.faint_line, "faint_line")
    yield from _correction("loud", dialplan.loud_line, "loud_line")
    yield from _flows(dialplan)
    yield from _waiting(dialplan)
    yield from _call_back(dialplan)
    for name, phrase in dialplan.phrases.items():
        path: KeyPath = ("phrases", name, "text")
        part = Part.LAST_WORDS if phrase.closes else Part.PHRASE
        yield f"phrase-{dashed(name)}", phrase.text, phrase.clause, False, path, part
    yield from _closing(dialplan)


def _greetings(dialplan: Dialplan) -> Iterator[_Text]:
    for name in ("greeting", "trainee_greeting", "overflow_greeting", "holiday_greeting"):
        table = getattr(dialplan, name)
        if table is not None:
            yield dashed(name), table.text, table.clause, False, (name, "text"), Part.GREETING
    clause = dialplan.holiday_greeting.clause if dialplan.holiday_greeting else dialplan.greeting.clause
    for name, holiday in dialplan.holidays.items():
        if holiday.greeting is not None:
            key = f"holiday-greeting-{dashed(name)}"
            yield key, holiday.greeting, clause, False, ("holidays", name, "greeting"), Part.GREETING


def _ladder(name: str, table: LadderTable, key: str) -> Iterator[_Text]:
    for index, text in enumerate(table.steps):
        yield f"{name}-{index + 1}", text, table.clause, table.barge_in, (key, "steps", index), Part.LADDER
    if table.final is not None:
        yield f"{name}-final", table.final, table.clause, table.barge_in, (key, "final"), Part.LADDER


def _correction(name: str, table: CorrectionTable | None, key: str) -> Iterator[_Text]:
    for index, text in enumerate(table.steps if table else ()):
        assert table is not None
        # A faint voice that is understood stops the prompt; a loud one is what the prompt is about.
        yield f"{name}-{index + 1}", text, table.clause, name == "faint", (key, "steps", index), Part.CORRECTION


def _flows(dialplan: Dialplan) -> Iterator[_Text]:
    for name, question in dialplan.questions.items():
        key, path = f"question-{dashed(name)}", ("questions", name, "text")
        yield key, question.text, question.clause, question.barge_in, path, Part.QUESTION
    openings = {flow.open for flow in dialplan.flows.values()}
    for name, table in dialplan.texts.items():
        opens = name in openings
        part = Part.OPENING if opens else Part.REPLY
        yield f"text-{dashed(name)}", table.text, table.clause, opens, ("texts", name, "text"), part


def _waiting(dialplan: Dialplan) -> Iterator[_Text]:
    table = dialplan.waiting
    if table is not None:
        yield "waiting-first", table.first, table.clause, False, ("waiting", "first"), Part.WAITING
        yield "waiting-again", table.again, table.clause, False, ("waiting", "again"), Part.WAITING
        yield "waiting-thanks", table.thanks, table.patience_clause, False, ("waiting", "thanks"), Part.WAITING
        yield "waiting-sorry", table.sorry, table.patience_clause, False, ("waiting", "sorry"), Part.WAITING


def _call_back(dialplan: Dialplan) -> Iterator[_Text]:
    table = dialplan.call_back
    if table is None:
        return
    for name in ("offer", "ask", "read_back", "confirm", "noted", "speak"):
        text = getattr(table, name)
        if text is None:
            continue
        # Who keys in at once need not hear the rest of what asks for it.
        barge_in = name in ("ask", "confirm")
        key, path = f"call-back-{dashed(name)}", ("call_back", name)
        yield key, text, table.clause, barge_in, path, Part.CALL_BACK


def _closing(dialplan: Dialplan) -> Iterator[_Text]:
    further, farewell = dialplan.further, dialplan.farewell
    yield "further", further.text, further.clause, further.barge_in, ("further", "text"), Part.CLOSING
    yield "farewell", farewell.text, farewell.clause, False, ("farewell", "text"), Part.CLOSING
    for kind, text in (("holiday", farewell.holiday), ("weekend", farewell.weekend)):
        if text is not None:
            yield f"farewell-{kind}", text, farewell.clause, False, ("farewell", kind), Part.CLOSING
