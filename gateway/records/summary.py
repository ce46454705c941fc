"""What the figures need of an ended call, in columns of its row: a report over a month reads no JSON. Pure."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from gateway.records.exact import exact
from gateway.records.noted import WaitNoted
from gateway.records.record import CallRecord

COLUMNS = ("attended_by", "waited", "talked", "heard", "kept", "broken")


def summary_of(record: CallRecord) -> dict[str, Any]:
    """The columns `attended_by`, `waited`, `talked`, `heard`, `kept` and `broken`, with the meanings that
    gateway.kpi.CallFigures gives them; all None while the call is up."""
    if record.ended_at is None:
        return dict.fromkeys(COLUMNS)
    return _summed(exact(record), record.ended_at.astimezone(UTC))


def _summed(record: CallRecord, ended_at: datetime) -> dict[str, Any]:
    broken = {judgement.clause for judgement in record.compliance if not judgement.kept}
    clauses = [judgement.clause for judgement in record.compliance]
    return {
        "attended_by": next((agent.agent for agent in record.agents if agent.connected_at is not None), None),
        "waited": _waited(record, ended_at),
        "talked": _talked(record, ended_at),
        "heard": _words(verdict.verdict for verdict in record.verdicts),
        "kept": _words(clause for clause in clauses if clause not in broken),
        "broken": _words(clause for clause in clauses if clause in broken),
    }


def _words(words: Iterable[str]) -> str:
    """Each once, in the order they came."""
    return " ".join(dict.fromkeys(words))


def _waited(record: CallRecord, ended_at: datetime) -> float | None:
    """All waits together; one in which he hung up has lasted until then, his own holds left out."""
    if not record.waits:
        return None
    return round(sum(_lasted(record, wait, ended_at) for wait in record.waits), 3)


def _lasted(record: CallRecord, wait: WaitNoted, ended_at: datetime) -> float:
    if wait.waited is not None:
        return max(0.0, wait.waited)
    until = wait.ended_at or ended_at
    return max(0.0, (until - wait.began_at).total_seconds() - record.held(wait.began_at, until))


def _talked(record: CallRecord, ended_at: datetime) -> float | None:
    """From each agent's coming to his going; where two were there, the time counts once."""
    spans = sorted(
        (agent.connected_at, agent.left_at or ended_at)
        for agent in record.agents
        if agent.connected_at is not None
    )
    if not spans:
        return None
    talked, counted = 0.0, spans[0][0]
    for began, ended in spans:
        talked += max(0.0, (ended - max(began, counted)).total_seconds())
        counted = max(counted, ended)
    return round(talked, 3)
