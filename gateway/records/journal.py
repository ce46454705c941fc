"""Facts as JSON for the events table, and records as rows and back. Pure."""

import re
from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime, tzinfo
from enum import Enum
from functools import cache, lru_cache
from math import isfinite
from types import SimpleNamespace
from typing import Any

from gateway.call.prompt import Prompt
from gateway.call.zoned import zoned
from gateway.kpi.call import Direction, Outcome
from gateway.records.named_fields import NAMES
from gateway.records.noted import (
    AgentNoted,
    AlertNoted,
    AnswerNoted,
    CallBackNoted,
    HoldNoted,
    LossesCounted,
    LossNoted,
    PromptNoted,
    VerdictNoted,
    WaitNoted,
)
from gateway.records.record import CallRecord, Judgement, NotApplicable
from gateway.records.schema import CALLS, CallRow
from gateway.records.summary import summary_of

_NOTHING = dict.fromkeys(column.name for column in CALLS.columns)
_AS_IT_IS = frozenset({int, bool, type(None)})
_WORD = re.compile(r"(?<!^)(?=[A-Z])")


def fact_name(fact: object) -> str:
    """A fact's name in the events table: its class's, in lower case (`prompt_started`)."""
    return kind_name(type(fact))


def kind_name(kind: type) -> str:
    """The name of a kind of facts in the events table."""
    return _words(kind.__name__)


@cache
def _words(name: str) -> str:
    return _WORD.sub("_", name).lower()


def fact_data(fact: object) -> dict[str, Any]:
    """Everything a fact says, as JSON."""
    data = _plain(fact)
    assert isinstance(data, dict)
    return data


def _plain(value: object) -> Any:
    kind = type(value)
    if kind in _AS_IT_IS:
        return value
    if kind is Prompt:
        return _prompt(value)
    if (names := NAMES[kind]) is not None:
        return {name: _plain(getattr(value, name)) for name in names}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if isinstance(value, float) and not isfinite(value):
        return None  # JSON has no infinity: the level of digital silence
    if isinstance(value, str):
        return _text(value)
    return value


@lru_cache(maxsize=1024)
def _prompt(prompt: Prompt) -> dict[str, Any]:
    """A prompt's fields. Half of all facts name one, and a site has some hundred of them; nobody changes these."""
    return {name: _plain(getattr(prompt, name)) for name in NAMES[Prompt] or ()}


def _text(value: str) -> str:
    """Text every database takes: without NUL (PostgreSQL) and without lone surrogates (a peer's broken UTF-8)."""
    if value.isprintable():  # neither of them is
        return value
    return value.replace("\0", "").encode(errors="replace").decode()


def row_values(record: CallRecord) -> dict[str, Any]:
    """The columns of a record, and those that sum it up."""
    unjudged = record.not_applicable
    values = {field.name: getattr(record, field.name) for field in fields(record)}
    values = {name: _text(value) if isinstance(value, str) else value for name, value in values.items()}
    return values | {
        "outcome": record.outcome.value if record.outcome else None,
        "verdicts": [verdict.fields() for verdict in record.verdicts],
        "prompts": [prompt.fields() for prompt in record.prompts],
        "alerts": [alert.fields() for alert in record.alerts],
        "answers": [answer.fields() for answer in record.answers],
        "waits": [wait.fields() for wait in record.waits],
        "holds": [hold.fields() for hold in record.holds],
        "losses": [loss.fields() for loss in record.losses],
        "losses_between": record.losses_between.fields(),
        "direction": record.direction.value,
        "agents": [agent.fields() for agent in record.agents],
        "call_backs": [asked.fields() for asked in record.call_backs],
        "compliance": [judgement.fields() for judgement in record.compliance],
        "not_applicable": None if unjudged is None else [one.fields() for one in unjudged],
        **summary_of(record),
    }


def record_from(columns: Mapping[Any, Any], zone: tzinfo) -> CallRecord:
    """As `record_of`, of a row's columns, those that an earlier version lacks left out: to make a CallRow of
    each takes as long as all the rest."""
    return record_of(SimpleNamespace(**_NOTHING | dict(columns)), zone)


def record_of(row: CallRow | SimpleNamespace, zone: tzinfo) -> CallRecord:
    """The record a row holds, its times in `zone`. What a row of an earlier version lacks is left empty."""
    unjudged = row.not_applicable
    return CallRecord(
        call=row.call,
        site=row.site,
        line=row.line,
        driver=row.driver,
        dialplan=row.dialplan,
        agent=row.agent,
        caller=row.caller,
        caller_name=row.caller_name,
        offered_at=zoned(row.offered_at, zone),
        answered_at=_in_zone(row.answered_at, zone),
        ended_at=_in_zone(row.ended_at, zone),
        rings=row.rings,
        outcome=Outcome(row.outcome) if row.outcome else None,
        released_by=row.released_by,
        cause=row.cause,
        verdicts=tuple(VerdictNoted(**_timed(verdict)) for verdict in row.verdicts),
        prompts=tuple(PromptNoted(**_timed(prompt)) for prompt in row.prompts),
        digits=row.digits,
        kind=row.kind,
        kind_digit=row.kind_digit,
        kind_at=_in_zone(row.kind_at, zone),
        alerts=tuple(AlertNoted(**_timed(alert)) for alert in row.alerts or ()),
        answers=tuple(AnswerNoted(**_timed(answer)) for answer in row.answers or ()),
        waits=tuple(_wait(wait) for wait in row.waits or ()),
        holds=tuple(HoldNoted(**_timed(hold)) for hold in row.holds or ()),
        losses=tuple(LossNoted(**_timed(loss)) for loss in row.losses or ()),
        losses_between=LossesCounted(**(row.losses_between or {})),
        direction=Direction(row.direction or Direction.IN),
        ticket=row.ticket,
        owner=row.owner,
        agents=tuple(AgentNoted(**_timed(agent)) for agent in row.agents or ()),
        call_backs=tuple(CallBackNoted(**_timed(asked)) for asked in row.call_backs or ()),
        message_at=_in_zone(row.message_at, zone),
        recording=row.recording,
        compliance=tuple(Judgement(**judgement) for judgement in row.compliance),
        not_applicable=None if unjudged is None else tuple(NotApplicable(**one) for one in unjudged),
    )


def _in_zone(at: datetime | None, zone: tzinfo) -> datetime | None:
    return None if at is None else zoned(at, zone)


def _timed(noted: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of something noted, its times (`at`, `…_at`) read."""
    return {
        name: datetime.fromisoformat(value) if value is not None and name.endswith("at") else value
        for name, value in noted.items()
    }


def _wait(noted: Mapping[str, Any]) -> WaitNoted:
    """A wait; one of an earlier version has no positions."""
    return WaitNoted(**_timed(noted) | {"positions": tuple(noted.get("positions", ()))})
