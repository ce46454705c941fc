"""`sansheng calls` and `sansheng calls show ID`."""

import json
from datetime import datetime
from pathlib import Path

import pytest

from gateway.cli.calls import list_calls, show_call
from gateway.cli.since import SinceError, parse_since
from gateway.records import Records, RecordsConfig
from tests.service.told import MORNING, ZONE, given_up, noisy, talker

pytestmark = pytest.mark.unit


@pytest.fixture
def config(tmp_path: Path) -> RecordsConfig:
    config = RecordsConfig(site="jinan", data_dir=tmp_path)
    records = Records(config)
    records.start()
    for told in (talker(call="aa01"), noisy(2.0, call="aa02"), given_up(call="bb01")):
        for notice in told.notices:
            records.receive(notice)
    records.stop()
    return config


def test_json_is_one_object_a_line(config: RecordsConfig, capsys: pytest.CaptureFixture[str]) -> None:
    assert list_calls(config, as_json=True) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [json.loads(line)["call"] for line in lines] == ["aa01", "aa02", "bb01"]
    assert "您好" in lines[0], "Chinese stays readable"


def test_the_table_names_what_is_broken(
    config: RecordsConfig, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    assert list_calls(config) == 0
    out = capsys.readouterr().out
    assert "breaks JH-7" in out
    assert "customer: bye" in out


def test_a_calls_timeline_in_words(config: RecordsConfig, capsys: pytest.CaptureFixture[str]) -> None:
    assert show_call(config, "aa02") == 0
    lines = capsys.readouterr().out.splitlines()
    assert "13812345678" in lines[0]
    answered = next(i for i, line in enumerate(lines) if "answered after ring 2, 5.2 s" in line)
    assert "keeps" in lines[answered + 1]
    assert "JH-1" in lines[answered + 1]
    released = next(i for i, line in enumerate(lines) if "released by standard: JH-7" in line)
    assert any("breaks JH-7" in line for line in lines[released:])


def test_the_beginning_of_an_id_is_enough(config: RecordsConfig, capsys: pytest.CaptureFixture[str]) -> None:
    assert show_call(config, "bb") == 0
    assert "the customer hung up: CANCEL while ringing" in capsys.readouterr().out


@pytest.mark.parametrize("call_id", ["zz", "aa"])
def test_an_unknown_id_is_one_clear_line(
    config: RecordsConfig, capsys: pytest.CaptureFixture[str], call_id: str
) -> None:
    assert show_call(config, call_id) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1
    assert repr(call_id) in captured.err


def test_no_database_is_one_clear_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    missing = RecordsConfig(site="jinan", data_dir=tmp_path / "none")
    assert list_calls(missing) == 1
    assert show_call(missing, "a") == 1
    assert capsys.readouterr().err.count("does not exist") == 2


def test_wrong_usage(config: RecordsConfig, capsys: pytest.CaptureFixture[str]) -> None:
    assert list_calls(config, since="lately") == 2
    assert "allowed: today" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("today", "2026-02-18T00:00:00+08:00"),
        ("90m", "2026-02-18T08:00:00+08:00"),
        ("7d", "2026-02-11T09:30:00+08:00"),
        ("2026-02-17", "2026-02-17T00:00:00+08:00"),
        ("2026-02-17T08:00Z", "2026-02-17T08:00:00+00:00"),
    ],
)
def test_since(text: str, expected: str) -> None:
    assert parse_since(text, MORNING) == datetime.fromisoformat(expected).astimezone(ZONE)


@pytest.mark.parametrize("text", ["", "7", "7x", "2026-13-01", "999999w", "0001-01-01", "9999-12-31T23:59-12:00"])
def test_since_that_is_no_time(text: str) -> None:
    with pytest.raises(SinceError, match="allowed"):
        parse_since(text, MORNING)
