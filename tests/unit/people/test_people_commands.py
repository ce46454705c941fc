"""`sansheng agents` and `sansheng numbers`: what they print, what they refuse, their exit codes."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from typer.testing import CliRunner, Result

from gateway.cli.main import app
from gateway.desk.attendance import GATEWAY_STOPPED
from gateway.desk.presence import Presence
from gateway.people import AgentLog
from gateway.records import RecordsConfig

pytestmark = pytest.mark.unit

ZONE = ZoneInfo("Asia/Shanghai")
CONFIG = """
site = "jinan"
timezone = "Asia/Shanghai"
[[lines]]
id = "sip1"
driver = "sip"
listen = "127.0.0.1:5062"
aor = "sip:8801@127.0.0.1"
[[agents]]
number = "801"
[[agents]]
number = "802"
[[shifts]]
agents = ["801", "802"]
days = ["mon-sun"]
from = "08:30"
to = "17:30"
"""
MOBILE = "13812345678"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "gateway.toml"
    path.write_text(CONFIG)
    return path


def sansheng(config: Path, *words: str, code: int = 0) -> Result:
    result = CliRunner().invoke(app, [*words, "-c", str(config)])
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.output
    return result


def objects(config: Path, *words: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in sansheng(config, *words, "--json").stdout.splitlines()]


@pytest.fixture
def yesterday(config: Path) -> datetime:
    """The begin of yesterday's shift, which 801 kept but for a long break, and 802 came to too late."""
    begins = (datetime.now(ZONE) - timedelta(days=1)).replace(hour=8, minute=30, second=0, microsecond=0)
    log = AgentLog(
        RecordsConfig(site="jinan", data_dir=config.parent / "var"), lambda: begins + timedelta(hours=10)
    )
    log.start()
    for agent, minutes, presence, why in (
        ("801", -15, Presence.FREE, "reachable"),
        ("802", -30, Presence.OFFLINE, "unreachable"),
        ("802", 5, Presence.FREE, "reachable"),
        ("801", 60, Presence.AWAY, "by_himself"),
        ("801", 90, Presence.FREE, "back"),
    ):
        log.changed(agent, presence, why, begins + timedelta(minutes=minutes))
    log.stop()
    return begins


def test_jh20_agents_and_their_shifts(config: Path, yesterday: datetime) -> None:
    first, second = objects(config, "agents", "--since", yesterday.date().isoformat())
    assert (first["agent"], first["state"], first["why"]) == ("801", "offline", GATEWAY_STOPPED)
    duty = first["duties"][0]
    assert (duty["log_in"], duty["late_seconds"], duty["begins"]) == (
        "on_time",
        0,
        yesterday.isoformat("T", "milliseconds"),
    )
    assert duty["at"] == (yesterday - timedelta(minutes=15)).isoformat("T", "milliseconds")
    assert duty["seconds"] == {"free": 8.5 * 3600, "away": 1800}
    assert [(spell["state"], spell["why"], spell["seconds"]) for spell in duty["unexplained"]] == [
        ("away", "by_himself", 1800)
    ]
    late = second["duties"][0]
    assert (late["log_in"], late["late_seconds"]) == ("late", 900)


def test_the_table_tells_the_same(config: Path, yesterday: datetime) -> None:
    shown = sansheng(config, "agents", "--since", yesterday.date().isoformat()).stdout
    assert "08:15" in shown
    assert "08:35, 0:15 late" in shown
    assert "away 09:30–10:00" in shown
    assert "offline 08:30–08:35" in shown
    assert shown.count(GATEWAY_STOPPED) == 2
    assert "…" not in shown


def test_agents_of_a_gateway_that_never_ran(config: Path, tmp_path: Path) -> None:
    assert "does not exist" in sansheng(config, "agents", code=1).stderr
    sansheng(config, "numbers", "warn", MOBILE)
    agents = objects(config, "agents")
    assert [(agent["state"], agent["since"]) for agent in agents] == [("offline", None)] * 2, "as the feed says"
    assert sansheng(config, "agents").stdout.count("offline") == 2
    assert "allowed: today" in sansheng(config, "agents", "--since", "lately", code=2).stderr
    assert "no such file" in sansheng(tmp_path / "none.toml", "agents", code=1).stdout


def test_a_number_is_warned_and_cleared(config: Path) -> None:
    sansheng(config, "numbers", "warn", f"+86 {MOBILE}", "--note", "每天都打")
    (listed,) = objects(config, "numbers")
    assert (listed["number"], listed["warned"], listed["note"]) == ("138****5678", True, "每天都打")
    assert listed["by"]
    assert listed["since"].endswith("+08:00")
    assert objects(config, "numbers", "list", "--show-numbers")[0]["number"] == MOBILE
    assert "每天都打" in sansheng(config, "numbers", "show", MOBILE).stdout
    sansheng(config, "numbers", "clear", MOBILE)
    assert not objects(config, "numbers", "show", MOBILE)[0]["warned"]


def test_wd11_numbers_are_masked_unless_asked_for(config: Path) -> None:
    for words in (("warn", MOBILE), ("list",), ("show", MOBILE), ("clear", MOBILE)):
        assert MOBILE not in sansheng(config, "numbers", *words).output
    assert MOBILE in sansheng(config, "numbers", "--show-numbers").output


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("show", MOBILE), 1, "nothing is known"),
        (("clear", MOBILE), 1, "not on the list"),
        (("warn", "mr wang"), 2, "no telephone number; allowed"),
        (("warn", MOBILE, "--note", "two\nlines"), 2, "one line of text"),
        (("warn", MOBILE, "--note", "x" * 201), 2, "up to 200"),
        (("warn",), 2, "NUMBER"),
        (("ban", MOBILE), 2, "No such command"),
    ],
)
def test_what_is_refused(config: Path, words: tuple[str, ...], code: int, told: str) -> None:
    sansheng(config, "numbers", "warn", "110")
    assert told in sansheng(config, "numbers", *words, code=code).stderr
    assert [noted["number"] for noted in objects(config, "numbers", "--show-numbers")] == ["110"]
