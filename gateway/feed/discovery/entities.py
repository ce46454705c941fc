"""The entities of each device, in the short words of Home Assistant's MQTT discovery. Pure.

`stat_t`, `cmd_t` and `avty` are the device's, where an entity has none of its own.
"""

from collections.abc import Iterable
from typing import Any

from drivers.line import Verdict
from gateway.call.states import CallState
from gateway.desk.presence import Presence
from gateway.feed.board import IDLE, OFFLINE
from gateway.feed.discovery import templates
from gateway.feed.requests.desk_commands import WISHES
from gateway.feed.topics import Topics

Entity = dict[str, Any]
Entities = dict[str, Entity]
"""By the key that names them, in this device, for ever: their history hangs on it."""

HEARTBEATS_MISSED = 30
"""Seconds without a heartbeat, of which one comes every ten, until what it told is no longer believed."""
NO_BUTTON: Entity = {"p": "button"}
"""Takes away a button of an earlier run."""

LINE_STATES = [IDLE, OFFLINE, *(state.value for state in CallState)]
AGENT_STATES = [state.value for state in Presence]


def of_line(line: str, topics: Topics, phrases: Iterable[str], *, buttons: bool) -> Entities:
    """What a line shows, and its requests. Without `buttons` those are taken away."""
    sensors = {
        "state": _sensor(
            "State",
            templates.field("state"),
            ic="mdi:phone",
            dev_cla="enum",
            ops=LINE_STATES,
            json_attr_t=topics.line_state(line),
            json_attr_tpl=templates.LINE_ATTRIBUTES,
        ),
        "since": _sensor("Since", templates.field("since"), dev_cla="timestamp"),
        "rings": _sensor("Rings", templates.RINGS, ic="mdi:bell-ring"),
        "caller": _sensor("Caller", templates.of_first_call("caller"), ic="mdi:phone-incoming"),
        "agent": _sensor("Agent", templates.of_first_call("agent"), ic="mdi:face-agent"),
        "verdict": _sensor(
            "Verdict",
            templates.of_first_call("verdict"),
            dev_cla="enum",
            ops=[verdict.value for verdict in Verdict],
        ),
        "prompt": _sensor("Prompt", templates.of_first_call("prompt"), ic="mdi:bullhorn"),
        "calls": _sensor("Calls", templates.HOW_MANY_CALLS, ic="mdi:phone-in-talk"),
        "problem": _binary("Problem", templates.LINE_PROBLEM, dev_cla="problem"),
    }
    asked = {
        "wait": ("Wait", {"do": "wait"}),
        "resume": ("End of wait", {"do": "resume"}),
        **{f"phrase_{key}": (f"Say {_words(key)}", {"do": "phrase", "phrase": key}) for key in phrases},
    }
    return sensors | {
        key: _button(name, {**fields, "line": line}) if buttons else NO_BUTTON
        for key, (name, fields) in asked.items()
    }


def of_agent(number: str, topics: Topics, *, buttons: bool) -> Entities:
    """What an agent does, and what he may wish."""
    state = _sensor(
        "State",
        templates.field("state"),
        ic="mdi:face-agent",
        dev_cla="enum",
        ops=AGENT_STATES,
        json_attr_t=topics.agent_state(number),
    )
    since = _sensor("Since", templates.field("since"), dev_cla="timestamp")
    wishes = {
        wish: _button(_words(wish).capitalize(), {"do": "agent", "agent": number, "state": wish})
        if buttons
        else NO_BUTTON
        for wish in WISHES
    }
    return {"state": state, "since": since, **wishes}


def of_gateway(topics: Topics, from_calls: int, *, buttons: bool) -> Entities:
    """Whether the gateway is there, and today's figures. `from_calls`: of how many the answer rate is judged."""
    of_today = {
        key: _sensor(
            f"{_words(key).capitalize()} today", templates.field(key), stat_cla="total_increasing", unit="calls"
        )
        for key in ("offered", "answered", "abandoned", "failed")
    }
    return {
        "connectivity": _binary(
            "Connection",
            None,
            stat_t=topics.status,
            pl_on="online",
            pl_off="offline",
            dev_cla="connectivity",
            avty=[],
        ),
        "answer_rate": _rate("Answer rate today", "value_json", topics),
        "answer_rate_hour": _rate("Answer rate last hour", "value_json.last_hour", topics),
        "answer_rate_problem": _binary(
            "Answer rate problem", templates.answer_rate_problem(from_calls), dev_cla="problem"
        ),
        **of_today,
        "lines_in_service": _from_heartbeat("Lines in service", "in_service", topics, ic="mdi:phone-check"),
        "calls": _from_heartbeat("Calls", "calls", topics, ic="mdi:phone-in-talk"),
        "refresh": _button("Refresh", {"do": "refresh"}, ent_cat="diagnostic") if buttons else NO_BUTTON,
    }


def _rate(name: str, of: str, topics: Topics) -> Entity:
    told = templates.attributes(
        goal="value_json.answer_rate_goal * 100",
        **{key: f"{of}.{key}" for key in ("offered", "answered", "abandoned", "failed")},
    )
    return _sensor(
        name,
        templates.per_cent(f"{of}.answer_rate"),
        ic="mdi:percent",
        stat_cla="measurement",
        unit="%",
        sug_dsp_prc=2,
        json_attr_t=topics.kpi,
        json_attr_tpl=told,
    )


def _from_heartbeat(name: str, field: str, topics: Topics, **more: Any) -> Entity:
    return _sensor(
        name,
        templates.field(field),
        stat_t=topics.heartbeat,
        exp_aft=HEARTBEATS_MISSED,
        stat_cla="measurement",
        **more,
    )


def _sensor(name: str, template: str, *, unit: str | None = None, **more: Any) -> Entity:
    measured = {} if unit is None else {"unit_of_meas": unit}
    return {"p": "sensor", "name": name, "val_tpl": template, **measured, **more}


def _binary(name: str, template: str | None, **more: Any) -> Entity:
    read = {} if template is None else {"val_tpl": template}
    return {"p": "binary_sensor", "name": name, **read, **more}


def _button(name: str, fields: dict[str, str], **more: Any) -> Entity:
    return {"p": "button", "name": name, "cmd_tpl": templates.request(fields), **more}


def _words(key: str) -> str:
    return key.replace("_", " ")
