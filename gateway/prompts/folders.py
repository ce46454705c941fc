"""Where the recordings of a site's own lie, and which of them may be spoken."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from gateway.config.faults import Fault
from gateway.config.toml_positions import KeyPath
from gateway.dialplan.models import Dialplan
from gateway.dialplan.phrases import SPOKEN_DIGITS, Phrase, Segment, phrases_of
from gateway.dialplan.placeholders import AGENT, with_values
from gateway.prompts.voice import RECORDED

FOLDER = "prompts"
"""Beside dialplan.toml."""


class OwnRecordings:
    """The recordings that people made for one dialplan, by the names of its prompts."""

    def __init__(self, dialplan: Dialplan) -> None:
        self._dialplan = dialplan
        self.phrases = phrases_of(dialplan)
        self._phrase_of: dict[Segment, Phrase] = {}
        every_digit = "".join(SPOKEN_DIGITS)
        for phrase in self.phrases.values():
            for segment in phrase.segments(every_digit):
                self._phrase_of.setdefault(segment, phrase)
        self.segments = tuple(self._phrase_of)
        """Every recording that any agent's calls can need, each once."""

    def wholes(self, agents: Iterable[str]) -> Iterator[Segment]:
        """The whole phrases that `agents` recorded in their own voices."""
        agents = tuple(agents)
        for phrase in self.phrases.values():
            for agent in agents:
                whole = phrase.whole(agent)
                if whole is not None:
                    self._phrase_of.setdefault(whole, phrase)
                    if self.file(whole) is not None:
                        yield whole

    def place(self, segment: Segment) -> KeyPath:
        """The key of the text that needs `segment`; for a digit, of the first text with a number."""
        return self._phrase_of[segment].path

    def file(self, segment: Segment) -> Path | None:
        """The recording of `segment` that goes before a synthesised one, if there is any."""
        phrase = None if segment.key.startswith("digit-") else self._phrase_of[segment]
        for folder in recording_folders(self._dialplan, phrase):
            file = folder / FOLDER / f"{segment.key}.wav"
            if _is_there(file):
                return file
        return None

    def missing(self, segment: Segment) -> Fault:
        """What to tell about `segment`, where nobody recorded it and no voice speaks."""
        cure = f"record {segment.spoken!r} as {FOLDER}/{segment.key}.wav, or name a voice that speaks it"
        clause = self._phrase_of[segment].clause
        message = f"recording {segment.key}.wav is missing ({clause}), and the voice is {RECORDED!r}; {cure}"
        return self._dialplan.document.fault(self.place(segment), message)


def missing_recordings(dialplan: Dialplan) -> list[Fault]:
    """Each recording that nobody made, at its text's line, where the dialplan's voice is `recorded`; else none."""
    if dialplan.voice != RECORDED:
        return []
    own = OwnRecordings(dialplan)
    return [own.missing(segment) for segment in own.segments if own.file(segment) is None]


def recording_folders(dialplan: Dialplan, phrase: Phrase | None) -> tuple[Path, ...]:
    """The dialplans' folders in which `phrase` may be recorded, the nearest first; None: a digit, the same in all.

    The dialplan's own folder always is one. A base's is only where the base says the same words: its recording of
    a text that was changed since, or whose parameters were, would speak the old ones.
    """
    folders = [dialplan.folder]
    below = dialplan.document.base
    while below is not None:
        if phrase is None or _text_at(below.data, phrase.path) == phrase.text:
            folders.append(below.file.resolve().parent)
        below = below.base
    return tuple(folders)


def _text_at(data: dict[str, Any], path: KeyPath) -> str | None:
    """The text at `path`, filled with what the same file says its parameters are."""
    value: Any = data
    for part in path:
        try:
            value = value[part]
        except (KeyError, IndexError, TypeError):
            return None
    parameters = data.get("parameters", {})
    texts = {name: text for name, text in parameters.items() if isinstance(text, str) and f"{{{name}}}" != AGENT}
    return with_values(value, texts) if isinstance(value, str) else None


def _is_there(file: Path) -> bool:
    try:
        return file.exists()
    except OSError:
        return True  # but hidden from this user: reading it will say so
