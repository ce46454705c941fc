"""The page: both formats are good by the library's own parsers, and docs/metrics.md tells every metric."""

import gzip
import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import Metric
from prometheus_client.openmetrics.parser import text_string_to_metric_families as openmetrics
from prometheus_client.parser import text_string_to_metric_families as plain

from gateway.call.states import CallState
from gateway.desk.presence import Presence
from gateway.feed.board import IDLE, OFFLINE
from gateway.metrics import Metrics, Seen
from gateway.metrics.page import an_example, table, with_table
from gateway.metrics.seen import STATES

pytestmark = pytest.mark.unit

PAGE = Path(__file__).parents[3] / "docs" / "metrics.md"
RULES = Path(__file__).parents[3] / "deploy" / "prometheus-rules.yml"
OPENMETRICS = "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5,*/*;q=0.1"
SEEN = Seen(
    lines={"sip1": ("greeting", 2), "fxo1": ("offline", 0)},
    agents={presence.value: 1 for presence in Presence},
    customers_waiting=3,
    tickets_open=4,
    tickets_overdue=1,
    feed_queue=12,
    feed_dropped=2,
    broker_connected=False,
    spool=7,
    facts_lost=5,
    database_problems={"records": True, "tickets": False},
    recordings_stopped=True,
    asyncio_tasks=9,
)


def page_of(seen: Seen) -> Metrics:
    metrics = Metrics(seen.lines, lambda: seen, version="1.2.3", site="jinan")
    metrics.look()
    return metrics


def values(families: Iterable[Metric]) -> dict[tuple[str, tuple[str, ...]], float]:
    return {
        (sample.name, tuple(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in families
        for sample in family.samples
    }


@pytest.mark.parametrize(
    ("accept", "kind", "parse"),
    [
        ("", "text/plain; version=0.0.4; charset=utf-8", plain),
        (OPENMETRICS, "application/openmetrics-text", openmetrics),
    ],
)
def test_the_page_in_both_formats(accept: str, kind: str, parse: object) -> None:
    page = page_of(SEEN).render(accept=accept)
    assert dict(page.headers)["Content-Type"].startswith(kind)
    found = values(parse(page.body.decode()))  # type: ignore[operator]  # whichever parser the row names
    assert found["sansheng_line_state", ("sip1", "greeting")] == 1
    assert found["sansheng_line_state", ("fxo1", "offline")] == 1
    assert sum(value for (name, _), value in found.items() if name == "sansheng_line_state") == len(SEEN.lines)
    assert found["sansheng_calls_up", ("sip1",)] == 2
    assert found["sansheng_agents", ("after_call",)] == 1
    assert found["sansheng_database_problem", ("records",)] == 1
    assert found["sansheng_database_problem", ("tickets",)] == 0
    single = {
        "customers_waiting": 3,
        "tickets_open": 4,
        "tickets_overdue": 1,
        "feed_queue_messages": 12,
        "feed_dropped_messages_total": 2,
        "feed_connected": 0,
        "database_spool_facts": 7,
        "database_lost_facts_total": 5,
        "recordings_stopped": 1,
    }
    assert {name: found[f"sansheng_{name}", ()] for name in single} == single
    assert found["process_open_fds", ()] > 0
    assert not [name for name, _ in found if name.endswith("_created")]


def test_each_look_is_fresh() -> None:
    seen = SEEN
    metrics = Metrics(["sip1"], lambda: seen, version="1", site="jinan")
    metrics.look()
    seen = replace(SEEN, feed_queue=0)
    assert b"sansheng_feed_queue_messages 12.0" in metrics.render().body
    metrics.look()
    assert b"sansheng_feed_queue_messages 0.0" in metrics.render().body


def test_chosen_metrics_alone_and_packed() -> None:
    page = page_of(SEEN).render(query="name[]=sansheng_tickets_open", encoding="gzip")
    assert dict(page.headers)["Content-Encoding"] == "gzip"
    assert set(values(plain(gzip.decompress(page.body).decode()))) == {("sansheng_tickets_open", ())}


@given(st.text(), st.text(), st.text())
def test_whatever_is_asked_is_answered(query: str, accept: str, encoding: str) -> None:
    page = STANDING.render(query, accept, encoding)
    assert {name for name, _ in page.headers} <= {"Content-Type", "Content-Encoding"}


def test_a_format_in_a_version_that_is_none_is_answered_in_plain_text() -> None:
    page = STANDING.render(accept="application/openmetrics-text; version=x.y")
    assert dict(page.headers)["Content-Type"].startswith("text/plain")


def test_two_gateways_in_one_process_count_apart() -> None:
    assert page_of(SEEN).registry is not page_of(SEEN).registry


def test_a_lines_states_are_the_feeds() -> None:
    assert set(STATES) == {IDLE, OFFLINE, *(state.value for state in CallState)} - {CallState.RELEASED.value}


def test_the_page_of_the_docs_is_the_metrics_own() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert text == with_table(text, an_example()), "run: python -m gateway.metrics.page docs/metrics.md"


def test_the_example_rules_ask_for_metrics_that_there_are() -> None:
    known = set(re.findall(r"^\| `(sansheng_\w+)`", table(an_example()), re.MULTILINE))
    histograms = {f"{name}{suffix}" for name in known for suffix in ("_bucket", "_count", "_sum")}
    asked = set(re.findall(r"\bsansheng_\w+", RULES.read_text(encoding="utf-8")))
    assert asked
    assert asked <= known | histograms


def test_a_page_without_marks_is_refused() -> None:
    with pytest.raises(ValueError, match="<!-- metrics -->"):
        with_table("# Metrics\n", an_example())


STANDING = page_of(SEEN)
