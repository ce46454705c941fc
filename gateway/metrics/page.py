"""The table of all metrics in docs/metrics.md, from the metrics themselves.

`python -m gateway.metrics.page docs/metrics.md` writes it there.
"""

import sys
from pathlib import Path

from prometheus_client import Metric

from drivers.line import FaultCode, LineFault, LineTrouble, TroubleCode
from gateway.metrics.metrics import Metrics
from gateway.metrics.seen import Seen

BEGIN, END = "<!-- metrics -->\n", "<!-- /metrics -->"
_SUFFIXES = {"counter": "_total", "info": "_info"}


SEEN = Seen(
    lines={"sip1": ("idle", 0)},
    agents={"free": 1},
    customers_waiting=0,
    tickets_open=0,
    tickets_overdue=0,
    feed_queue=0,
    feed_dropped=0,
    broker_connected=True,
    spool=0,
    facts_lost=0,
    database_problems={"records": False},
    recordings_stopped=False,
    asyncio_tasks=1,
)


def an_example() -> Metrics:
    """Metrics that have something to tell everywhere."""
    metrics = Metrics(["sip1"], lambda: SEEN, version="0", site="jinan")
    metrics.line_event("sip1", LineFault(FaultCode.INTERNAL, ""))
    metrics.line_event("sip1", LineTrouble(TroubleCode.NO_DIAL_TONE, ""))
    metrics.look()
    return metrics


def table(metrics: Metrics) -> str:
    """One row for each metric of ours; those that are of any process are not listed."""
    rows = (
        f"| `{family.name}{_SUFFIXES.get(family.type, '')}` | {_kind(family)} | {_labels(family)} "
        f"| {family.documentation} |"
        for family in metrics.registry.collect()
        if family.name.startswith("sansheng_")
    )
    return "\n".join(["| metric | type | labels | what it tells |", "| --- | --- | --- | --- |", *rows, ""])


def with_table(text: str, metrics: Metrics) -> str:
    """The page `text` with its table as it must be. Raises ValueError for one without marks."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"no {BEGIN.strip()} … {END} in the page")
    return before + BEGIN + table(metrics) + END + after


def _kind(family: Metric) -> str:
    return "gauge" if family.type == "info" else family.type


def _labels(family: Metric) -> str:
    known = dict.fromkeys(label for sample in family.samples for label in sample.labels if label != "le")
    return " ".join(f"`{label}`" for label in known)


if __name__ == "__main__":
    page = Path(sys.argv[1])
    page.write_text(with_table(page.read_text(encoding="utf-8"), an_example()), encoding="utf-8")
