"""The tickets that a gateway.toml asks for."""

import math
import re
from zoneinfo import ZoneInfo

from gateway.config import GatewayConfig
from gateway.records.config import RecordsConfig
from gateway.tickets.config import DEADLINE, TicketsConfig, default_hours
from gateway.tickets.hours import Hours
from gateway.tickets.policy import HOUR, CallBackPolicy


def tickets_config(
    config: GatewayConfig, records: RecordsConfig, *, promised: float | None = None
) -> TicketsConfig:
    """The tickets of a gateway; `records` tells where its records are, `promised` in how many seconds its dialplan
    promises an answer (ET-3): that is the deadline if it is the sooner one. Who opens no tickets needs none."""
    zone = ZoneInfo(config.timezone)
    agents = tuple(agent.number for agent in config.agents)
    wanted = config.call_backs
    deadline = min(DEADLINE if wanted is None else wanted.deadline_hours * HOUR, promised or math.inf)
    if wanted is None:
        policy = CallBackPolicy(default_hours(zone), dials=False)
    else:
        policy = CallBackPolicy(
            Hours.parse(wanted.hours, zone),
            retry_after=wanted.retry_after,
            attempts=wanted.attempts,
            numbers=tuple(re.compile(number, re.ASCII) for number in wanted.numbers),
        )
    return TicketsConfig(records, agents, deadline=deadline, policy=policy)
