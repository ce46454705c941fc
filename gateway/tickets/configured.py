"""The tickets that a gateway.toml asks for."""

from zoneinfo import ZoneInfo

from gateway.config import GatewayConfig
from gateway.records.config import RecordsConfig
from gateway.tickets.config import TicketsConfig, default_hours
from gateway.tickets.policy import CallBackPolicy


def tickets_config(config: GatewayConfig, records: RecordsConfig) -> TicketsConfig:
    """The tickets of a gateway; `records` tells where its records are."""
    return TicketsConfig(
        records,
        tuple(agent.number for agent in config.agents),
        policy=CallBackPolicy(default_hours(ZoneInfo(config.timezone))),
    )
