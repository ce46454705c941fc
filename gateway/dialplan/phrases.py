"""What a dialplan can say, and the recordings that each saying is played from.

A text with `{agent}` is one recording before the number, one for each digit, one after: so every number can be
greeted with, and the number comes digit by digit.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from gateway.config.toml_positions import KeyPath
from gateway.dialplan.models import Dialplan, LadderTable
from gateway.dialplan.placeholders import AGENT, filled

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
    """One text of the dialplan. `path` is its key in the file."""

    key: str
    text: str
    clause: str
    barge_in: bool
    path: KeyPath

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
    phrases = [
        Phrase("greeting", dialplan.greeting.text, dialplan.greeting.clause, False, ("greeting", "text")),
        *_trainee_greeting(dialplan),
        *_ladder("silent", dialplan.silent_line, "silent_line"),
        *_ladder("noisy", dialplan.noisy_line, "noisy_line"),
    ]
    further, farewell = dialplan.further, dialplan.farewell
    phrases.append(Phrase("further", further.text, further.clause, further.barge_in, ("further", "text")))
    phrases.append(Phrase("farewell", farewell.text, farewell.clause, False, ("farewell", "text")))
    return {phrase.key: phrase for phrase in phrases}


def segments_of(dialplan: Dialplan) -> tuple[Segment, ...]:
    """Every recording the dialplan can need for any agent, each once: all ten digits if any text has a number."""
    every_digit = "".join(SPOKEN_DIGITS)
    segments = (segment for phrase in phrases_of(dialplan).values() for segment in phrase.segments(every_digit))
    return tuple(dict.fromkeys(segments))


def _trainee_greeting(dialplan: Dialplan) -> Iterator[Phrase]:
    table = dialplan.trainee_greeting
    if table is not None:
        yield Phrase("trainee-greeting", table.text, table.clause, False, ("trainee_greeting", "text"))


def _ladder(name: str, table: LadderTable, key: str) -> Iterator[Phrase]:
    for index, text in enumerate(table.steps):
        yield Phrase(f"{name}-{index + 1}", text, table.clause, table.barge_in, (key, "steps", index))
    yield Phrase(f"{name}-final", table.final, table.clause, table.barge_in, (key, "final"))
