"""What has happened since the gateway started: counters and histograms, folded from the facts of the calls.

No label holds what a customer could choose: lines' ids are the config's, everything else is a word of ours.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Histogram

from drivers.line import FaultCode, LineFault, LineNews, LineRestored, LineTrouble
from gateway.call import facts
from gateway.call.facts import CutReason, Notice, ReleasedBy
from gateway.kpi.call import Direction, Outcome
from gateway.kpi.outcomes import outcome_of

COMPLETE, NOT_BEGUN = "complete", "not_begun"
SERVED, OVERDUE, CHOSEN, GONE = "served", "overdue", "chosen", "gone"

RINGS = (1, 2, 3, 4, 5, 6)
"""The standards allow two or three; a call that nobody answers ends after some."""
ANSWER_SECONDS = (0.5, 1, 2, 3, 4, 5, 6, 8, 10, 12.5, 15, 20, 30)
"""A ring comes every 5 s: the second ring's gap, where a call is answered, and the third's end each fall between
two bounds."""
WAIT_SECONDS = (1, 5, 10, 15, 30, 45, 60, 90, 120, 180, 300, 600)
"""Reassured every 15 s (JH-8), thanked from 30 s on (JH-9)."""


@dataclass(slots=True)
class _Live:
    """A call that has not ended yet."""

    line: str
    offered_at: datetime
    direction: Direction = Direction.IN
    counted: bool = False
    answered: bool = False
    waits_since: datetime | None = None


class Counted:
    """Folds notices. Belongs to the event loop; may be collected from any thread."""

    def __init__(self, registry: CollectorRegistry, lines: Iterable[str]) -> None:
        """`lines` are the ids of the customers' lines: what may never happen on them is told as 0."""
        self.last_call: float | None = None
        """When the last call came in, in seconds since 1970; None: none has."""
        self._live: dict[str, _Live] = {}
        self._died: set[str] = set()
        """Lines whose worker has died and which are not back."""
        self._of_calls(registry)
        self._of_speech(registry)
        self._of_lines(registry)
        self._begin_at_nought(lines)

    def _of_calls(self, registry: CollectorRegistry) -> None:
        self._offered = Counter(
            "sansheng_calls_offered_total",
            "Calls that have begun: those of customers (in) and those made to call one back (out).",
            ("line", "direction"),
            registry=registry,
        )
        self._ended = Counter(
            "sansheng_calls_total",
            "Calls that have ended, by outcome as in the call records: answered, abandoned, failed or unreached.",
            ("line", "direction", "outcome"),
            registry=registry,
        )
        self._released = Counter(
            "sansheng_calls_released_total",
            "Calls that have ended, by who ended them: customer, standard (a clause orders it), guard, handset, "
            "unreached, fault or shutdown.",
            ("direction", "released_by"),
            registry=registry,
        )
        self._rings = Histogram(
            "sansheng_answer_rings",
            "Rings that customers heard before the line answered.",
            buckets=RINGS,
            registry=registry,
        )
        self._delay = Histogram(
            "sansheng_answer_delay_seconds",
            "Time from a customer's call being offered to its being answered.",
            buckets=ANSWER_SECONDS,
            registry=registry,
        )
        self._waits = Histogram(
            "sansheng_wait_seconds",
            "How long customers waited for somebody, by how it ended: served, overdue (nobody came), chosen (he "
            "would rather be called back or leave a message) or gone (he hung up).",
            ("end",),
            buckets=WAIT_SECONDS,
            registry=registry,
        )

    def _of_speech(self, registry: CollectorRegistry) -> None:
        self._prompts = Counter(
            "sansheng_prompts_total",
            "Prompts, by how they ended: complete, not_begun, or why they were cut.",
            ("result",),
            registry=registry,
        )
        self._play_errors = Counter(
            "sansheng_prompt_play_errors_total",
            "Prompts that the line lost: not_begun (its recording is missing, or the line did not play) or cut.",
            ("line", "error"),
            registry=registry,
        )

    def _of_lines(self, registry: CollectorRegistry) -> None:
        self._faults = Counter(
            "sansheng_line_faults_total",
            "Times that a line went out of service, by fault code. The desk's lines are here too.",
            ("line", "code"),
            registry=registry,
        )
        self._troubles = Counter(
            "sansheng_line_troubles_total",
            "Times that something was found wrong with a line in service, by code: no_dial_tone, modem_stuck, "
            "not_answering, unknown_source or source_banned.",
            ("line", "code"),
            registry=registry,
        )
        self._restored = Counter(
            "sansheng_line_restored_total",
            "Times that a line came into service, at the start and after each fault.",
            ("line",),
            registry=registry,
        )
        self._restarts = Counter(
            "sansheng_worker_restarts_total",
            "Times that a softphone's process had died, or hung, and another one took its place.",
            ("line",),
            registry=registry,
        )

    def _begin_at_nought(self, lines: Iterable[str]) -> None:
        """A series that first appears with its first event has no increase that Prometheus could see."""
        for line in lines:
            self._offered.labels(line, Direction.IN)
            for outcome in (Outcome.ANSWERED, Outcome.ABANDONED, Outcome.FAILED):
                self._ended.labels(line, Direction.IN, outcome)
            for error in (NOT_BEGUN, "cut"):
                self._play_errors.labels(line, error)
            self._restored.labels(line)
            self._restarts.labels(line)
        for by in ReleasedBy:
            if by is not ReleasedBy.UNREACHED:
                self._released.labels(Direction.IN, by.value)
        for end in (SERVED, OVERDUE, CHOSEN, GONE):
            self._waits.labels(end)
        for result in (COMPLETE, NOT_BEGUN, *(reason.value for reason in CutReason)):
            self._prompts.labels(result)

    def line_event(self, line: str, event: LineNews) -> None:
        """A line went out of service, or came into it, or something is wrong with it."""
        if isinstance(event, LineFault):
            self._faults.labels(line, event.code.value).inc()
            if event.code is FaultCode.WORKER_DIED:
                self._died.add(line)
        elif isinstance(event, LineTrouble):
            self._troubles.labels(line, event.code.value).inc()
        elif isinstance(event, LineRestored):
            self._restored.labels(line).inc()
            self._restarts.labels(line).inc(line in self._died)
            self._died.discard(line)

    def receive(self, notice: Notice) -> None:
        """Count a fact."""
        fact = notice.fact
        if isinstance(fact, LineNews):
            self.line_event(notice.line, fact)
        elif notice.call is None:
            return
        elif isinstance(fact, facts.Offered):
            self._live[notice.call] = _Live(notice.line, notice.at)
        elif (live := self._live.get(notice.call)) is not None:
            if isinstance(fact, facts.Dialled):
                live.direction = Direction.OUT
            self._begun(live)
            self._count(live, notice.at, fact)
            if isinstance(fact, facts.Released):
                del self._live[notice.call]

    def _begun(self, live: _Live) -> None:
        """The fact after the offer tells who calls whom."""
        if live.counted:
            return
        live.counted = True
        self._offered.labels(live.line, live.direction).inc()
        if live.direction is Direction.IN:
            self.last_call = live.offered_at.timestamp()

    def _count(self, live: _Live, at: datetime, fact: object) -> None:
        match fact:
            case facts.CallAnswered(rings=rings, waited=waited):
                live.answered = True
                if live.direction is Direction.IN:
                    self._rings.observe(rings)
                    self._delay.observe(waited)
            case facts.WaitBegan():
                live.waits_since = at
            case facts.WaitEnded(waited=waited, overdue=overdue, chosen=chosen):
                live.waits_since = None
                self._waits.labels(CHOSEN if chosen else OVERDUE if overdue else SERVED).observe(waited)
            case facts.PromptFinished(cut=cut):
                self._prompts.labels(COMPLETE if cut is None else cut.value).inc()
                if cut is CutReason.LINE:
                    self._play_errors.labels(live.line, "cut").inc()
            case facts.PromptFailed():
                self._prompts.labels(NOT_BEGUN).inc()
                self._play_errors.labels(live.line, NOT_BEGUN).inc()
            case facts.Released(by=by):
                self._count_end(live, at, by)
            case _:
                pass

    def _count_end(self, live: _Live, at: datetime, by: ReleasedBy) -> None:
        self._ended.labels(live.line, live.direction, outcome_of(live.answered, by)).inc()
        self._released.labels(live.direction, by.value).inc()
        if live.waits_since is not None:  # the clock may have been put back meanwhile
            self._waits.labels(GONE).observe(max(0.0, at.timestamp() - live.waits_since.timestamp()))
