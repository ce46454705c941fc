"""docs/configuration.md names every key there is, and no key there isn't."""

import re
from pathlib import Path

import pytest

from gateway.config.desk_models import CallBacksConfig, DeskConfig, RecordingsConfig, ShiftConfig
from gateway.config.models import (
    AgentConfig,
    AnswerConfig,
    FxoLineConfig,
    GatewayConfig,
    MqttConfig,
    RecordsConfig,
    SipLineConfig,
)
from gateway.config.table import Table, fields_of

pytestmark = pytest.mark.unit

DOCS = Path(__file__).parents[3] / "docs"


def keys_of(*tables: tuple[str, type[Table]]) -> set[str]:
    return {f"{prefix}{key}" for prefix, table in tables for key in fields_of(table)}


def documented(page: str) -> set[str]:
    """The keys in the first column of the page's tables."""
    return set(re.findall(r"^\| `([a-z_.\[\]]+)`", (DOCS / page).read_text(), re.MULTILINE))


def test_every_config_key_is_documented() -> None:
    keys = keys_of(
        ("", GatewayConfig),
        ("mqtt.", MqttConfig),
        ("records.", RecordsConfig),
        ("lines.", FxoLineConfig),
        ("lines.", SipLineConfig),
        ("agents.", AgentConfig),
        ("desk.", DeskConfig),
        ("shifts.", ShiftConfig),
        ("call_backs.", CallBacksConfig),
        ("recordings.", RecordingsConfig),
        ("answer.", AnswerConfig),
    )
    tables = {key.partition(".")[0] for key in keys if "." in key}
    assert documented("configuration.md") == keys - tables
