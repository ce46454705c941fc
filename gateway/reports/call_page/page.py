"""One call as a page: its head, drawn, its clauses, its timeline in words. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from gateway.records import CallRecord, Judgement
from gateway.records.narrate import Step, narrate
from gateway.records.record import NotApplicable
from gateway.records.store import Event
from gateway.reports.call_page import words
from gateway.reports.call_page.chinese import in_chinese
from gateway.reports.call_page.drawing import Drawing, drawing
from gateway.reports.call_page.head import Fact, head
from gateway.reports.call_page.hidden import hidden
from gateway.reports.pages import Words, page


@dataclass(frozen=True, slots=True)
class Told:
    """A step as the page tells it: time of day, seconds since the first, words, judgements."""

    of_day: str
    since: str
    words: Words
    judgements: tuple[Judgement, ...]


@dataclass(frozen=True, slots=True)
class CallPage:
    """What the page shows. `hidden`: the customer's numbers are masked, and his name."""

    call: str
    head: tuple[Fact, ...]
    drawing: Drawing
    judgements: tuple[tuple[Judgement, Words], ...]
    """Each with the step that it judges in words."""
    not_applicable: tuple[tuple[str, tuple[str, ...]], ...]
    """Each reason with the clauses that did not apply for it; empty, too, where it was not noted."""
    steps: tuple[Told, ...]
    hidden: bool
    open: bool

    @property
    def broken(self) -> tuple[str, ...]:
        """Clauses that were broken in one step at least, each once."""
        return tuple(dict.fromkeys(found.clause for found, _ in self.judgements if not found.kept))

    @property
    def kept(self) -> tuple[str, ...]:
        """Clauses that were kept in every step, each once."""
        broken = self.broken
        return tuple(dict.fromkeys(found.clause for found, _ in self.judgements if found.clause not in broken))


def call_page(record: CallRecord, events: Iterable[Event], *, show_numbers: bool = False) -> CallPage:
    """What is to be shown of a call; `events` are all its facts in the order they came, where there are any."""
    known = list(events)
    if not show_numbers:
        record, known = hidden(record, known)
    steps = narrate(record, known)
    return CallPage(
        call=record.call,
        head=tuple(head(record, known)),
        drawing=drawing(record, known, steps),
        judgements=tuple((found, words.word(words.STEPS, found.step)) for found in record.compliance),
        not_applicable=_by_reason(record.not_applicable or ()),
        steps=tuple(_told(step, steps[0].at) for step in steps),
        hidden=not show_numbers,
        open=record.open,
    )


def call_html(
    record: CallRecord, events: Iterable[Event], *, show_numbers: bool = False, english: bool = False
) -> str:
    """As `call_page`, as one self-contained HTML file, which begins in Chinese, or else in English."""
    return page("call.html.j2", call=call_page(record, events, show_numbers=show_numbers), english=english)


def _by_reason(rest: Iterable[NotApplicable]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    reasons: dict[str, list[str]] = {}
    for found in rest:
        reasons.setdefault(found.evidence, []).append(found.clause)
    return tuple((reason, tuple(clauses)) for reason, clauses in reasons.items())


def _told(step: Step, start: datetime) -> Told:
    told = Words(in_chinese(step.event, step.words), step.words)
    return Told(f"{step.at:%H:%M:%S}", f"{(step.at - start).total_seconds():.2f}", told, step.judgements)
