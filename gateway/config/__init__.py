"""The configuration file: its keys, its loader, its errors."""

from gateway.config.crosscheck import check_profiles
from gateway.config.desk_lines import DeskLine, desk_lines
from gateway.config.desk_models import CallBacksConfig, DeskConfig, RecordingsConfig, ShiftConfig
from gateway.config.expand import expand_lines
from gateway.config.faults import ConfigErrors, Fault
from gateway.config.kpi_models import KpiConfig
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
    "CallBacksConfig",
    "ConfigErrors",
    "DeskConfig",
    "DeskLine",
    "Fault",
    "FxoLineConfig",
    "GatewayConfig",
    "KpiConfig",
    "LineConfig",
    "MqttConfig",
    "RecordingsConfig",
    "RecordsConfig",
    "ShiftConfig",
    "SipLineConfig",
    "check_profiles",
    "desk_lines",
    "expand_lines",
    "load_config",
]
