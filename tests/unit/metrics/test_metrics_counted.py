"""Calls become counters and histograms, and nothing that a customer could choose becomes a label."""

from collections.abc import Iterable
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import CollectorRegistry

from drivers.line import CallerId, FaultCode, LineFault, LineRestored
from gateway.call import facts
from gateway.call.facts import CutReason, Notice, ReleasedBy
from gateway.call.prompt import Part, Prompt
from gateway.kpi.live import followed
from gateway.metrics.counted import Counted
from gateway.records.folding import fold

pytestmark = pytest.mark.unit

MORNING = datetime(2026, 2, 18, 9, 30, tzinfo=timezone(timedelta(hours=8)))
CALLER = "13812345678"
OFFERED = facts.Offered("jinan", "sip1", "sip", "jihua-gas", "801")
GREETING = Prompt("greeting", "您好", "JH-3", Part.GREETING, ("greeting.wav",), 3.0)


class Counting:
    """Counters of one line, and the values they come to."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.counted = Counted(self.registry, ["sip1"])

    def hear(self, told: Iterable[object], call: str | None = "c1", every: float = 1.0) -> None:
        for number, fact in enumerate(told):
            at = MORNING + timedelta(seconds=number * every)
            self.counted.receive(Notice(at, "sip1", call, fact))  # type: ignore[arg-type]  # hostile facts among them

    def value(self, name: str, **labels: str) -> float | None:
        return self.registry.get_sample_value(f"sansheng_{name}", labels)


@pytest.fixture
def counting() -> Counting:
    return Counting()


def test_an_answered_call(counting: Counting) -> None:
    counting.hear([OFFERED, facts.Rang(1)])
    assert counting.value("calls_offered_total", line="sip1", direction="in") == 1
    assert counting.counted.last_call == MORNING.timestamp()
    counting.hear([facts.Rang(2), facts.CallAnswered(2, 5.2), facts.Released(ReleasedBy.CUSTOMER, "bye")])
    assert counting.value("calls_total", line="sip1", direction="in", outcome="answered") == 1
    assert counting.value("calls_released_total", direction="in", released_by="customer") == 1
    buckets = [counting.value("answer_rings_bucket", le=f"{ring}.0") for ring in (1, 2, 3)]
    assert buckets == [0, 1, 1]
    assert counting.value("answer_delay_seconds_bucket", le="5.0") == 0
    assert counting.value("answer_delay_seconds_bucket", le="6.0") == 1
    assert counting.value("answer_delay_seconds_sum") == 5.2


def test_a_call_that_is_given_up_is_abandoned_and_no_answer(counting: Counting) -> None:
    counting.hear([OFFERED, facts.Rang(1), facts.Released(ReleasedBy.CUSTOMER, "cancel")])
    assert counting.value("calls_total", line="sip1", direction="in", outcome="abandoned") == 1
    assert counting.value("answer_rings_count") == 0


def test_a_call_of_ours_is_no_customers(counting: Counting) -> None:
    ended = [facts.CallAnswered(0, 7.0), facts.Released(ReleasedBy.UNREACHED, "busy")]
    counting.hear([OFFERED, facts.Dialled(7, CALLER), *ended])
    counting.hear([OFFERED, facts.Dialled(8, CALLER), facts.Released(ReleasedBy.UNREACHED, "busy")])
    assert counting.value("calls_offered_total", line="sip1", direction="out") == 2
    assert counting.value("calls_offered_total", line="sip1", direction="in") == 0
    assert counting.value("calls_total", line="sip1", direction="out", outcome="unreached") == 1
    assert counting.value("answer_delay_seconds_count") == 0
    assert counting.counted.last_call is None


@pytest.mark.parametrize(
    ("fact", "end", "waited"),
    [
        (facts.WaitEnded(17.0, overdue=False), "served", 17.0),
        (facts.WaitEnded(60.0, overdue=True), "overdue", 60.0),
        (facts.WaitEnded(9.0, overdue=False, chosen=True), "chosen", 9.0),
        (facts.Released(ReleasedBy.CUSTOMER, "bye"), "gone", 4.0),
    ],
)
def test_each_end_of_a_wait(counting: Counting, fact: facts.CallFact, end: str, waited: float) -> None:
    counting.hear([OFFERED, facts.WaitBegan(2), facts.WaitMoved(1), fact], every=2.0)
    assert counting.value("wait_seconds_count", end=end) == 1
    assert counting.value("wait_seconds_sum", end=end) == waited


def test_a_wait_that_has_ended_is_not_counted_again_at_the_hang_up(counting: Counting) -> None:
    ended = facts.WaitEnded(1.0, overdue=False)
    counting.hear([OFFERED, facts.WaitBegan(), ended, facts.Released(ReleasedBy.CUSTOMER, "bye")])
    assert counting.value("wait_seconds_count", end="gone") == 0


def test_a_clock_put_back_in_a_wait(counting: Counting) -> None:
    counting.hear([OFFERED, facts.WaitBegan()])
    gone = facts.Released(ReleasedBy.CUSTOMER, "bye")
    counting.counted.receive(Notice(MORNING - timedelta(hours=1), "sip1", "c1", gone))
    assert counting.value("wait_seconds_sum", end="gone") == 0


def test_a_wait_in_which_summer_time_ends_lasts_its_hour(counting: Counting) -> None:
    begins, ends = (datetime(2026, 10, 25, 2, 10, tzinfo=ZoneInfo("Europe/Berlin"), fold=fold) for fold in (0, 1))
    for at, fact in (
        (begins, OFFERED),
        (begins, facts.WaitBegan()),
        (ends, facts.Released(ReleasedBy.CUSTOMER, "bye")),
    ):
        counting.counted.receive(Notice(at, "sip1", "c1", fact))
    assert counting.value("wait_seconds_sum", end="gone") == 3600


def test_prompts_that_the_line_lost_are_play_errors_and_no_others(counting: Counting) -> None:
    cuts = [facts.PromptFinished(GREETING, cut) for cut in (None, *CutReason)]
    counting.hear([OFFERED, *cuts, facts.PromptFailed(GREETING)])
    assert counting.value("prompt_play_errors_total", line="sip1", error="cut") == 1
    assert counting.value("prompt_play_errors_total", line="sip1", error="not_begun") == 1
    results = ["complete", "not_begun", *(cut.value for cut in CutReason)]
    assert [counting.value("prompts_total", result=result) for result in results] == [1.0] * len(results)


def test_a_worker_is_restarted_when_its_line_is_back(counting: Counting) -> None:
    counting.hear([LineRestored()], call=None)
    assert counting.value("worker_restarts_total", line="sip1") == 0
    died, busy = LineFault(FaultCode.WORKER_DIED, "signal 9"), LineFault(FaultCode.PORT_BUSY, "5062")
    counting.hear([died, busy], call=None)
    assert counting.value("worker_restarts_total", line="sip1") == 0
    counting.hear([LineRestored(), busy, LineRestored()], call=None)
    assert counting.value("worker_restarts_total", line="sip1") == 1
    assert counting.value("line_restored_total", line="sip1") == 3
    assert counting.value("line_faults_total", line="sip1", code="worker_died") == 1
    assert counting.value("line_faults_total", line="sip1", code="port_busy") == 2


@pytest.mark.parametrize("answered", [True, False])
@pytest.mark.parametrize("by", list(ReleasedBy))
def test_an_outcome_is_the_records_and_the_feeds(by: ReleasedBy, answered: bool) -> None:
    told = [OFFERED, *([facts.CallAnswered(2, 5.0)] if answered else []), facts.Released(by, "x")]
    record, live, counting = None, None, Counting()
    for fact in told:
        notice = Notice(MORNING, "sip1", "c1", fact)
        record, live = fold(record, notice), followed(live, notice)
    counting.hear(told)
    assert record is not None
    assert live is not None
    assert record.outcome is not None
    assert record.outcome == live.outcome
    assert counting.value("calls_total", line="sip1", direction="in", outcome=record.outcome.value) == 1


HOSTILE = 'a"b\n{evil="1"} 1\\'
ANY_FACT = st.one_of(*(st.from_type(kind) for kind in facts.CallFact.__subclasses__()), st.from_type(LineFault))


@given(st.lists(ANY_FACT, max_size=12))
def test_no_fact_can_add_a_label_of_its_own(told: list[object]) -> None:
    """Callers, causes, details, digits and call ids are whatever the other end sends."""
    counting = Counting()
    counting.hear([OFFERED, facts.CallerIdentified(CallerId(HOSTILE, HOSTILE)), *told], call=HOSTILE)
    counting.hear([LineFault(FaultCode.INTERNAL, HOSTILE)], call=None)
    words = {
        *("sip1", "in", "out", "answered", "abandoned", "failed", "unreached", "complete", "not_begun", "cut"),
        *("served", "overdue", "chosen", "gone"),
        *(word.value for kind in (ReleasedBy, CutReason, FaultCode) for word in kind),
    }
    for family in counting.registry.collect():
        for sample in family.samples:
            assert {value for name, value in sample.labels.items() if name != "le"} <= words
