"""What stands at the moment of a scrape: gauges, and the counters that others keep."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from gateway.call.states import CallState

STATES = ("idle", "offline", *(state.value for state in CallState if state is not CallState.RELEASED))
"""A line's, as the feed shows them."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One look at the gateway, taken on its event loop."""

    lines: Mapping[str, tuple[str, int]]
    """Each customers' line: its state, and how many calls are up on it."""
    agents: Mapping[str, int]
    """How many agents stand where, by presence; each presence there is."""
    customers_waiting: int
    tickets_open: int
    tickets_overdue: int
    feed_queue: int
    """Messages that wait for the broker."""
    feed_dropped: int
    broker_connected: bool
    spool: int
    """Facts that are not in the database yet."""
    facts_lost: int
    database_problems: Mapping[str, bool]
    """Whether it cannot be written at present, by what is written: `records`, `tickets`."""
    recordings_stopped: bool
    asyncio_tasks: int
    """Of the event loop's thread."""
    last_call: float | None = None
    """Seconds since 1970."""


@dataclass(frozen=True, slots=True)
class _Gauge:
    name: str
    value: str
    """Of Seen."""
    help: str
    counts: bool = False
    """It only ever grows."""


_SINGLE = (
    _Gauge(
        "sansheng_customers_waiting",
        "customers_waiting",
        "Customers in the queue for whom no agent is rung yet.",
    ),
    _Gauge("sansheng_tickets_open", "tickets_open", "Tickets that nobody has answered yet."),
    _Gauge("sansheng_tickets_overdue", "tickets_overdue", "Open tickets whose deadline has passed."),
    _Gauge(
        "sansheng_feed_queue_messages",
        "feed_queue",
        "Messages of the feed that wait for the broker, or for its acknowledgement.",
    ),
    _Gauge(
        "sansheng_feed_dropped_messages_total",
        "feed_dropped",
        "Events that were lost because the broker stayed away for too long.",
        counts=True,
    ),
    _Gauge(
        "sansheng_feed_connected",
        "broker_connected",
        "1 while the broker is reached and has the state of every line, else 0.",
    ),
    _Gauge(
        "sansheng_database_spool_facts",
        "spool",
        "Facts of calls that are not in the database yet.",
    ),
    _Gauge(
        "sansheng_database_lost_facts_total",
        "facts_lost",
        "Facts of calls that are in no record, as neither the database nor its spool could take them.",
        counts=True,
    ),
    _Gauge(
        "sansheng_recordings_stopped",
        "recordings_stopped",
        "1 while no recording is begun, as the disk is full, else 0.",
    ),
    _Gauge(
        "sansheng_asyncio_tasks",
        "asyncio_tasks",
        "Tasks of the gateway's event loop: some for each line and connection, as many whenever it is quiet.",
    ),
)


class Standing(Collector):
    """Tells `seen`, which whoever scrapes sets before."""

    def __init__(self, seen: Seen | None = None) -> None:
        self.seen = seen

    def describe(self) -> Iterator[Metric]:
        """Without values: what this collector has to tell."""
        yield from self._families()

    def collect(self) -> Iterator[Metric]:
        """All of them."""
        seen = self.seen
        if seen is None:
            return
        state, up, agents, problem, last, *single = self._families()
        for line, (now, calls) in seen.lines.items():
            for each in STATES:
                state.add_sample(state.name, {"line": line, "state": each}, float(each == now))
            up.add_sample(up.name, {"line": line}, calls)
        for presence, number in seen.agents.items():
            agents.add_sample(agents.name, {"presence": presence}, number)
        for room, there in seen.database_problems.items():
            problem.add_sample(problem.name, {"room": room}, float(there))
        if seen.last_call is not None:
            last.add_sample(last.name, {}, seen.last_call)
        for family, gauge in zip(single, _SINGLE, strict=True):
            family.add_sample(gauge.name, {}, float(getattr(seen, gauge.value)))
        yield from (state, up, agents, problem, last, *single)

    def _families(self) -> list[Metric]:
        return [
            GaugeMetricFamily(
                "sansheng_line_state",
                "1 for the state that a line is in, 0 for the others; with several calls it is its first's.",
                labels=("line", "state"),
            ),
            GaugeMetricFamily("sansheng_calls_up", "Calls that are up at present.", labels=("line",)),
            GaugeMetricFamily(
                "sansheng_agents", "Agents with a telephone, by where they stand at present.", labels=("presence",)
            ),
            GaugeMetricFamily(
                "sansheng_database_problem",
                "1 while the database cannot be written, else 0, by what is written there: records or tickets.",
                labels=("room",),
            ),
            GaugeMetricFamily(
                "sansheng_last_call_timestamp_seconds",
                "When a customer last called, in seconds since 1970; absent before the first.",
            ),
            *(
                (CounterMetricFamily if gauge.counts else GaugeMetricFamily)(gauge.name, gauge.help)
                for gauge in _SINGLE
            ),
        ]
