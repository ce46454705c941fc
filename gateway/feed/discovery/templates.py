"""Jinja templates that Home Assistant reads our payloads by. Pure text.

What a template gives as `None` is shown there as unknown. What may be missing is asked for by `get`: of a field
that is not there Home Assistant's log complains at every message.
"""

import json
from collections.abc import Mapping

FRESH_ID = "ha-{{ now().timestamp() }}-{{ range(100000) | random }}"
"""A request is done once for each id: two presses are two requests, be they on two Home Assistants."""
RINGS = "{{ (value_json.calls | first).rings if value_json.calls else 0 }}"
"""0 between calls, so that whoever waits for the third ring is told at each call."""
HOW_MANY_CALLS = "{{ value_json.calls | length if value_json.calls else 0 }}"
LINE_PROBLEM = "{{ 'ON' if value_json.state == 'offline' or value_json.get('alerts') else 'OFF' }}"


def field(name: str) -> str:
    """A field of the payload."""
    return f"{{{{ value_json.{name} }}}}"


def of_first_call(name: str) -> str:
    """A field of a line's first call; nothing while there is none."""
    return f"{{{{ (value_json.calls | first).{name} if value_json.calls else None }}}}"


def per_cent(of: str) -> str:
    """A rate of the payload, which is a fraction, in per cent; nothing where there is nothing to count."""
    return f"{{{{ ({of} * 100) | round(2) if {of} is number else None }}}}"


def attributes(**expressions: str) -> str:
    """A JSON object of what these expressions give."""
    return "{{ {" + ", ".join(f"'{name}': {what}" for name, what in expressions.items()) + "} | tojson }}"


LINE_ATTRIBUTES = attributes(
    driver="value_json.driver", calls="value_json.calls or []", alerts="value_json.get('alerts') or []"
)


def answer_rate_problem(from_calls: int) -> str:
    """ON while today's answer rate or the last hour's misses the goal, from so many calls on (JH-21): when the
    feed's own alarm rings."""
    missed = (
        "of.answer_rate is number and of.answer_rate < value_json.answer_rate_goal "
        f"and of.answered + of.abandoned + of.failed >= {from_calls}"
    )
    return (
        "{% set found = namespace(missed=false) %}{% for of in (value_json, value_json.last_hour) %}"
        f"{{% if {missed} %}}{{% set found.missed = true %}}{{% endif %}}{{% endfor %}}"
        "{{ 'ON' if found.missed else 'OFF' }}"
    )


def request(fields: Mapping[str, str]) -> str:
    """A request to the gateway, new at each press."""
    asked = json.dumps(fields, separators=(",", ":"))
    return f'{{"id":"{FRESH_ID}",{asked.removeprefix("{")}'
