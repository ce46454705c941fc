"""`sansheng dialplan walk`: what it prints, what it refuses, its exit codes; recordings it finds and lacks."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from drivers.hearing.wav import WavWriter
from gateway.cli.main import app
from tests.unit.walk.walks import WORKDAY

pytestmark = pytest.mark.unit

DAY = WORKDAY.split()[0]
CONFIG = """
dialplan = "water"
timezone = "Asia/Urumqi"
[[lines]]
id = "fxo1"
driver = "fxo"
port = "/dev/ttyACM0"
[[agents]]
number = "7"
trainee = true
[answer]
on_ring = 2
"""
OWN = """
base = "runfa-water"
title = "送水"
voice = "recorded"
"""


def run(*arguments: str, code: int = 0) -> str:
    result = CliRunner().invoke(app, ["dialplan", "walk", *arguments])
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.output
    return result.output


def objects(*arguments: str, code: int = 0) -> list[dict[str, Any]]:
    return [json.loads(line) for line in run(*arguments, "--json", code=code).splitlines()]


def test_the_timeline_and_what_ended_the_call() -> None:
    shown = run("runfa-water", "--date", DAY, "--line", "silent", "--agent", "802")
    lines = shown.splitlines()
    assert "润发送水热线 96018 (runfa-water), Wed 2026-11-18 10:00:00" in lines[0]
    assert any("802号为您服务" in line for line in lines)
    assert any("says silent-final" in line and line.rstrip().endswith("WD-8") for line in lines)
    assert "WD-8 orders the release." in shown
    assert "broken" not in shown


def test_it_fits_eighty_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    wide = [line for line in run("--date", "2026-02-17", "--line", "waiting").splitlines() if columns(line) > 80]
    assert not wide


def columns(line: str) -> int:
    return sum(2 if ord(character) > 0x2E7F else 1 for character in line.rstrip())


def test_one_json_object_a_line() -> None:
    told = objects("tietong-keyaccount", "--date", DAY, "--keys", "3")
    summary = told[-1]["summary"]
    assert (summary["released_by"], summary["broken"], summary["unused"]) == ("customer", [], [])
    assert summary["prompts"][:3] == ["greeting", "menu", "text-tell-us"]
    facts = [fields for fields in told if "event" in fields]
    assert [fields["t"] for fields in facts] == sorted(fields["t"] for fields in facts)
    alert = next(fields for fields in facts if fields["event"] == "alert")
    assert alert["kind"] == "equipment_fault"
    assert {"TT-1", "TT-3"} <= {fields["judgement"]["clause"] for fields in told if "judgement" in fields}


def test_a_broken_clause_is_exit_code_1() -> None:
    shown = run("--date", DAY, "--stay", code=1)
    assert "the guard releases the line, as nobody hung up (JH-2)" in shown
    assert "broken" in shown


def test_what_had_no_place_is_noted() -> None:
    shown = run("service-desk", "--date", DAY, "--keys", ",,5", "--trainee", "--overflow")
    assert "had no place in this call: 5" in shown
    assert "no [trainee_greeting]" in shown
    assert "no [overflow_greeting]" in shown


@pytest.mark.parametrize(
    "arguments",
    [
        ("--date", "2026-02-30"),
        ("--date", "20260217"),
        ("--date", "0001-01-01"),
        ("--time", "24:01"),
        ("--timezone", "Mars/Olympus"),
        ("--line", "crossed"),
        ("--agent", "80a"),
        ("--agent", "八零一"),
        ("--keys", "3x"),
        ("--wait", "0"),
        ("--driver", "isdn"),
        ("--phrase", "nope"),
    ],
)
def test_wrong_usage_is_exit_code_2(arguments: tuple[str, str]) -> None:
    run(*arguments, code=2)


def test_a_phrase_that_the_dialplan_has_not_is_refused_with_those_it_has() -> None:
    shown = run("runfa-water", "--phrase", "nope", code=2)
    assert "runfa-water has no such phrase" in shown
    assert "dialplan.toml" not in shown
    for phrase in ("dialect", "please_wait", "nuisance", "number_only"):
        assert phrase in shown


def test_a_key_that_meant_nothing_is_told() -> None:
    shown = run("tietong-keyaccount", "--date", DAY, "--keys", "9")
    told = "s meant nothing: the menu has 1, 2, 3, 4."
    assert shown.index("Key 9 at ") > shown.index("customer: hangs up")
    assert told in shown
    assert "meant nothing" not in run("tietong-keyaccount", "--date", DAY, "--keys", "2")
    (ignored,) = objects("tietong-keyaccount", "--date", DAY, "--keys", "9")[-1]["summary"]["ignored"]
    assert (ignored["key"], ignored["why"]) == ("9", "the menu has 1, 2, 3, 4")


SIP_LINE = """
[[lines]]
id = "sip1"
driver = "sip"
listen = "127.0.0.1:5062"
aor = "sip:8801@127.0.0.1"
ring_period = 3.0
"""
FXO_LINE = """
[[lines]]
id = "fxo1"
driver = "fxo"
port = "/dev/ttyACM0"
"""


@pytest.mark.parametrize(
    ("lines", "driver", "kind", "answered"),
    [
        ("", None, "SIP line (a ring every 5 s)", 5.02),
        ("", "fxo", "analogue line (a ring every 5 s)", 6.1),
        (SIP_LINE + FXO_LINE, None, "SIP line (a ring every 3 s)", 3.02),
        (FXO_LINE + SIP_LINE, None, "analogue line (a ring every 5 s)", 6.1),
        (FXO_LINE + SIP_LINE, "sip", "SIP line (a ring every 3 s)", 3.02),
        (SIP_LINE, "fxo", "analogue line (a ring every 5 s)", 6.1),
        (FXO_LINE, "sip", "SIP line (a ring every 5 s)", 5.02),
    ],
)
def test_the_line_is_the_configs_first_or_the_one_asked_for(
    lines: str, driver: str | None, kind: str, answered: float, tmp_path: Path
) -> None:
    config = tmp_path / "gateway.toml"
    config.write_text(lines, encoding="utf-8")
    options = [*(["-c", str(config)] if lines else []), *(["--driver", driver] if driver else [])]
    assert kind in " ".join(run("--date", DAY, *options).split())
    told = objects("--date", DAY, *options)
    assert [fields["t"] for fields in told if fields.get("event") == "answered"] == [answered]
    assert told[-1]["summary"]["driver"] == ("sip" if kind.startswith("SIP") else "fxo")


def test_the_hold_that_an_analogue_line_does_not_tell_is_noted() -> None:
    told = "tells nothing of a hold"
    assert told in " ".join(run("--date", DAY, "--line", "on-hold", "--driver", "fxo").split())
    assert told not in run("--date", DAY, "--line", "on-hold")


def test_the_sample_in_the_documentation_is_what_is_printed() -> None:
    page = (Path(__file__).parents[3] / "docs" / "walk.md").read_text(encoding="utf-8")
    blocks = page.split("```")
    arguments = blocks[1].removeprefix("sh\nsansheng ").split()
    # In a process of its own, as a user's: what espeak-ng has said before changes how long it takes to say a text.
    command = [sys.executable, "-m", "gateway.cli.main", *arguments]
    wide = os.environ | {"COLUMNS": "80"}
    done = subprocess.run(command, env=wide, capture_output=True, text=True, check=True)
    printed = "\n".join(line.rstrip() for line in done.stdout.splitlines())
    assert printed.startswith(blocks[3].strip())


def test_faults_are_one_line_and_exit_code_1(tmp_path: Path) -> None:
    assert run("no-such-dialplan", code=1).count("\n") == 1
    assert run("-c", str(tmp_path / "none.toml"), code=1).count("\n") == 1
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "dialplan.toml").write_text("title = ", encoding="utf-8")
    assert "dialplan.toml:1: " in run(str(broken), code=1)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A site with a dialplan of its own, spoken by people who have recorded the farewell alone."""
    prompts = tmp_path / "water" / "prompts"
    prompts.mkdir(parents=True)
    (tmp_path / "water" / "dialplan.toml").write_text(OWN, encoding="utf-8")
    (tmp_path / "gateway.toml").write_text(CONFIG, encoding="utf-8")
    with WavWriter(prompts / "farewell.wav") as writer:
        writer.write(tone(7.0))
    return tmp_path / "gateway.toml"


def tone(seconds: float) -> Any:
    import numpy as np

    times = np.arange(int(seconds * 8000)) / 8000
    return (4000 * np.sin(2 * np.pi * 440 * times)).astype(np.int16)


def test_the_sites_config_gives_dialplan_agent_ring_and_zone(site: Path) -> None:
    told = objects("-c", str(site), "--date", DAY)
    assert told[0]["ts"].endswith("+06:00")
    answered = next(fields for fields in told if fields.get("event") == "answered")
    assert answered["rings"] == 2
    summary = told[-1]["summary"]
    assert (summary["dialplan"], summary["agent"], summary["prompts"][0]) == ("water", "7", "trainee-greeting")
    # A dialplan that is named goes before the config's.
    assert objects("service-desk", "-c", str(site), "--date", DAY)[-1]["summary"]["dialplan"] == "service-desk"


def test_own_recordings_count_and_missing_ones_are_reckoned(site: Path) -> None:
    told = objects("-c", str(site), "--date", DAY)
    began = {f["prompt"]: f["t"] for f in told if f.get("event") == "prompt_started"}
    ended = {f["prompt"]: f["t"] for f in told if f.get("event") == "prompt_finished"}
    assert ended["farewell"] - began["farewell"] == pytest.approx(7.0, abs=0.01)
    assert ended["further"] - began["further"] == pytest.approx(15 * 0.5, abs=0.01)
    assert told[-1]["summary"]["missing"] == ["further", "trainee-greeting"]
    assert not list(site.parent.rglob("var/prompts"))


def test_without_a_temporary_folder_the_fault_is_one_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "none"))
    shown = run("--date", DAY, code=1)
    assert "name one in TMPDIR" in shown
    assert shown.count("\n") == 1
