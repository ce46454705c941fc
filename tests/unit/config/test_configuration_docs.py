"""docs/configuration.md names every key there is, and no key there isn't; its examples are good."""

import re
from pathlib import Path

import pytest

from gateway.config.desk_models import CallBacksConfig, DeskConfig, RecordingsConfig, ShiftConfig
from gateway.config.document import parse_document
from gateway.config.kpi_models import KpiConfig
from gateway.config.load import config_of
from gateway.config.metrics_models import MetricsConfig
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
from gateway.config.wallboard_models import WallboardConfig
from gateway.dialplan import load_for

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
        ("kpi.", KpiConfig),
        ("metrics.", MetricsConfig),
        ("wallboard.", WallboardConfig),
        ("answer.", AnswerConfig),
    )
    tables = {key.partition(".")[0] for key in keys if "." in key}
    assert documented("configuration.md") == keys - tables


def test_every_example_is_read(tmp_path: Path) -> None:
    examples = re.findall(r"```toml\n(.*?)```", (DOCS / "configuration.md").read_text(), re.DOTALL)
    lines = (
        '[[lines]]\nid = "fxo1"\ndriver = "fxo"\nport = "/dev/x"\n'
        '[[lines]]\nid = "sip1"\ndriver = "sip"\nlisten = "192.168.1.10:5062"\naor = "sip:8801@pbx"\n'
    )
    agents = "".join(f'[[agents]]\nnumber = "{n}"\nextension = "sip:{n}@192.168.1.20"\n' for n in (801, 802, 803))
    (tmp_path / "key-accounts.csv").write_text("number,rank\n")
    for example in examples:
        assert load_for(config_of(parse_document(tmp_path / "gateway.toml", lines + agents + example), {}))
    assert len(examples) == 2
