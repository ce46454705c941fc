"""Whether recordings can go live (JH-15): each measured and judged, sentences with a number as they are joined."""

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from gateway.config.faults import Fault, readable
from gateway.dialplan.language import spoken_characters
from gateway.dialplan.models import Dialplan
from gateway.dialplan.phrases import SPOKEN_DIGITS, Segment
from gateway.prompts.book import Gathered
from gateway.prompts.files import read_recording
from gateway.prompts.folders import FOLDER, OwnRecordings
from gateway.prompts.judge import Flaw, rate_flaws, sound_flaws, unusable
from gateway.prompts.level import Measure, measured
from gateway.prompts.names import Names
from gateway.prompts.rate import allowed_rates

EXAMPLE_AGENT = "801"
"""Whose number is put into sentences where no agents are known."""


@dataclass(frozen=True, slots=True)
class Row:
    """One recording, or one sentence joined from several."""

    prompt: str
    said: str
    origin: str
    """`own`, `synthesised`, `missing`, `joined`, or `stray`: a file that fits no prompt."""
    file: Path | None = None
    measure: Measure | None = None
    """Of a recording that can be used; of a joined sentence None."""
    seconds: float = 0.0
    """From the first sound to the last."""
    rated: bool = False
    """Whether the speaking rate is held to the standard: parts of a sentence are, joined, in its own row."""
    flaws: tuple[str, ...] = ()
    """What is wrong, in a word or two each."""
    faults: tuple[Fault, ...] = ()
    """The same in sentences, with what is allowed."""

    @property
    def rate(self) -> float | None:
        """Characters a minute; None where it is not judged."""
        return spoken_characters(self.said) / self.seconds * 60 if self.rated and self.seconds > 0 else None

    def fields(self, wanted: int) -> dict[str, object]:
        """The row as `sansheng prompts check --json` prints it; `wanted` is the dialplan's speaking_rate."""
        count = spoken_characters(self.said)
        allowed = [_rounded(rate, 1) for rate in allowed_rates(count, wanted)] if self.rated and count else None
        measure = self.measure
        return {
            "prompt": self.prompt,
            "said": self.said,
            "origin": self.origin,
            "file": None if self.file is None else readable(self.file),
            "characters": count,
            "seconds": round(measure.seconds if measure else self.seconds, 3),
            "rate": None if self.rate is None else _rounded(self.rate, 1),
            "rate_allowed": allowed,
            "level_dbfs": None if measure is None else _rounded(measure.level, 1),
            "peak_dbfs": None if measure is None else _rounded(measure.peak, 1),
            "clipped": None if measure is None else round(measure.clipped, 5),
            "silence_before": None if measure is None else round(measure.before, 3),
            "silence_after": None if measure is None else round(measure.after, 3),
            "dc": None if measure is None else round(measure.dc, 5),
            "good": not self.faults,
            "faults": [fault.message for fault in self.faults],
        }


def check_recordings(dialplan: Dialplan, gathered: Gathered, agents: Iterable[str] = ()) -> list[Row]:
    """A row for each recording, each sentence with a number, the digits, and each file that fits nothing.

    `gathered` as PromptBook.gather gave it, with the same `agents`.
    """
    agents = tuple(agents)
    check = _Check(dialplan, agents)
    for segment, recording in gathered.recordings.items():
        check.add(segment, Path(recording.path), check.own.file(segment) is not None)
    for segment, faults in gathered.faults.items():
        check.add_faulty(segment, check.own.file(segment), faults)
    return [*check.rows.values(), *check.sentences(), *stray_files(dialplan, agents)]


def check_imported(dialplan: Dialplan, folder: Path, segments: Iterable[Segment]) -> list[Row]:
    """A row for each of `segments` recorded in `folder`, and each sentence that is whole there and has one."""
    check = _Check(dialplan, ())
    imported = dict.fromkeys(segments)
    for segment in imported:
        check.add(segment, folder / f"{segment.key}.wav", own=True)
    for segment in check.own.segments:
        file = folder / f"{segment.key}.wav"
        if segment not in imported and not any(unusable(file)):
            check.add(segment, file, own=True)
    rows = [row for segment, row in check.rows.items() if segment in imported]
    return [*rows, *check.sentences(imported)]


class _Check:
    def __init__(self, dialplan: Dialplan, agents: tuple[str, ...]) -> None:
        self.own = OwnRecordings(dialplan)
        self.rows: dict[Segment, Row] = {}
        self._dialplan = dialplan
        self._agent = agents[0] if agents else EXAMPLE_AGENT
        for _ in self.own.wholes(agents):
            pass  # makes them known

    def add_faulty(self, segment: Segment, file: Path | None, faults: tuple[Fault, ...]) -> None:
        """A recording that is not there, or cannot be used."""
        origin, flaw = ("missing", "missing") if file is None else ("own", "unusable")
        self.rows[segment] = Row(segment.key, segment.spoken, origin, file, flaws=(flaw,), faults=faults)

    def add(self, segment: Segment, file: Path, own: bool) -> None:
        """A recording that can be used."""
        measure = measured(read_recording(file))
        seconds = measure.seconds - measure.before - measure.after
        rated = segment.spoken == segment.phrase
        flaws = [*sound_flaws(measure), *(self._rate(segment.spoken, seconds) if rated else ())]
        self.rows[segment] = Row(
            segment.key,
            segment.spoken,
            "own" if own else "synthesised",
            file,
            measure,
            seconds,
            rated,
            tuple(flaw.short for flaw in flaws),
            tuple(self._fault(segment, file if own else None, flaw) for flaw in flaws),
        )

    def sentences(self, having: Container[Segment] | None = None) -> Iterator[Row]:
        """Each sentence with a number and the row of digits, whose recordings are all there, one in `having`."""
        for phrase in self.own.phrases.values():
            segments = phrase.segments(self._agent)
            if len(segments) > 1:
                yield from self._sentence(f"{phrase.key} ({self._agent})", segments, having)
        digits = tuple(segment for segment in self.own.segments if segment.key.startswith("digit-"))
        if len(digits) == len(SPOKEN_DIGITS):
            yield from self._sentence("digits", digits, having)

    def _sentence(
        self, name: str, segments: tuple[Segment, ...], having: Container[Segment] | None
    ) -> Iterator[Row]:
        """One after the other as on a call; the silence before the first and after the last is left out."""
        measures = [row.measure for segment in segments if (row := self.rows.get(segment)) and row.measure]
        if len(measures) < len(segments):
            return
        if having is not None and not any(segment in having for segment in segments):
            return
        said = "".join(segment.spoken for segment in segments)
        seconds = sum(measure.seconds for measure in measures) - measures[0].before - measures[-1].after
        flaws = list(self._rate(said, seconds))
        path = self.own.place(segments[0])
        faults = tuple(self._dialplan.document.fault(path, flaw.message) for flaw in flaws)
        yield Row(name, said, "joined", None, None, seconds, True, tuple(flaw.short for flaw in flaws), faults)

    def _rate(self, said: str, seconds: float) -> Iterator[Flaw]:
        return rate_flaws(spoken_characters(said), seconds, self._dialplan.speaking_rate)

    def _fault(self, segment: Segment, file: Path | None, flaw: Flaw) -> Fault:
        """At the recording, if people made it; a synthesised one's file name tells nothing, so at its text."""
        if file is not None:
            return Fault(file, 1, "", flaw.message)
        return self._dialplan.document.fault(self.own.place(segment), flaw.message)


def stray_files(dialplan: Dialplan, agents: Iterable[str] = ()) -> Iterator[Row]:
    """A row for each WAV in the dialplan's own `prompts/` that no prompt is named like."""
    names = Names(dialplan, agents)
    for file in sorted((dialplan.folder / FOLDER).glob("*.wav")):
        if names.segment(file.stem) is None:
            fault = Fault(file, 1, "", names.unknown(file.stem))
            yield Row(readable(file.stem), "", "stray", file, flaws=("fits no prompt",), faults=(fault,))


def _rounded(value: float, digits: int) -> float | None:
    """None for what JSON has no number for."""
    return round(value, digits) if abs(value) != float("inf") else None
