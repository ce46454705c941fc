"""The tickets that a gateway.toml asks for."""

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from gateway.config import GatewayConfig
from gateway.records.config import RecordsConfig
from gateway.tickets.config import DEADLINE, TicketsConfig, default_hours
from gateway.tickets.hours import Hours
from gateway.tickets.numbers import pattern
from gateway.tickets.policy import HOUR, CallBackPolicy, promised_seconds

PROMISED = "promised_time"
"""The parameter of a dialplan that promises a time (ET-3)."""


def tickets_config(
    config: GatewayConfig, records: RecordsConfig, parameters: Mapping[str, str] | None = None
) -> TicketsConfig:
    """The tickets of a gateway; `records` tells where its records are, `parameters` what its dialplan's texts are
    filled with: a time that these promise is the deadline, if it is the sooner one."""
    zone = ZoneInfo(config.timezone)
    agents = tuple(agent.number for agent in config.agents)
    wanted = config.call_backs
    if wanted is None:
        nobody = CallBackPolicy(default_hours(zone), dials=False)
        return TicketsConfig(records, agents, deadline=_deadline(DEADLINE, parameters), policy=nobody)
    policy = CallBackPolicy(
        Hours.parse(wanted.hours, zone),
        retry_after=wanted.retry_after,
        attempts=wanted.attempts,
        numbers=tuple(pattern(number) for number in wanted.numbers),
    )
    return TicketsConfig(
        records, agents, deadline=_deadline(wanted.deadline_hours * HOUR, parameters), policy=policy
    )


def _deadline(configured: float, parameters: Mapping[str, str] | None) -> float:
    promised = promised_seconds((parameters or {}).get(PROMISED, ""))
    return configured if promised is None else min(configured, promised)
