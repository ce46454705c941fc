"""The configuration file: its keys, its loader, its errors."""

from gateway.config.crosscheck import check_profiles
from gateway.config.expand import expand_lines
from gateway.config.faults import ConfigErrors, Fault
from gateway.config.load import load_config
from gateway.config.models import (
    AgentConfig,
    AnswerConfig,
    FxoLineConfig,
    GatewayConfig,
    LineConfig,
    MqttConfig,
    RecordsConfig,
    SipLineConfig,
)

__all__ = [
    "AgentConfig",
    "AnswerConfig",
    "ConfigErrors",
    "Fault",
    "FxoLineConfig",
    "GatewayConfig",
    "LineConfig",
    "MqttConfig",
    "RecordsConfig",
    "SipLineConfig",
    "check_profiles",
    "expand_lines",
    "load_config",
]
