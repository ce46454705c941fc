"""`sansheng calls` and `sansheng calls show ID`."""

import json
from dataclasses import replace
from datetime import datetime
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from gateway.cli.calls import Choice, list_calls, show_call
from gateway.cli.calls_table import print_calls
from gateway.cli.since import SinceError, parse_since
from gateway.records import CallRecord, Records, RecordsConfig
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
    assert list_calls(config, Choice(since="lately")) == 2
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


def test_where_it_was_not_kept(config: RecordsConfig, capsys: pytest.CaptureFixture[str]) -> None:
    def listed(choice: Choice) -> list[str]:
        assert list_calls(config, choice, as_json=True) == 0
        return [json.loads(line)["call"] for line in capsys.readouterr().out.splitlines()]

    assert listed(Choice(broken=True)) == ["aa02"]
    assert listed(Choice(line="sip1")) == ["aa01", "aa02", "bb01"]
    assert listed(Choice(line="fxo1")) == []
    assert listed(Choice(until=MORNING.isoformat())) == []
    assert listed(Choice(since=MORNING.isoformat(), until="2026-02-18T09:30:01")) == ["aa01", "aa02", "bb01"]
    assert list_calls(config, Choice(since="2026-02-18", until="2026-02-17")) == 2
    assert "--until 2026-02-17: not after --since 2026-02-18" in capsys.readouterr().err


def test_a_call_as_one_json_object(config: RecordsConfig, capsys: pytest.CaptureFixture[str]) -> None:
    assert show_call(config, "aa02", as_json=True) == 0
    shown = json.loads(capsys.readouterr().out)
    assert list(shown) == ["record", "events"]
    assert shown["record"]["call"] == "aa02"
    assert {one["clause"] for one in shown["record"]["not_applicable"]} >= {"JH-8", "JH-19"}
    assert shown["events"][0] == {
        "at": "2026-02-18T09:30:00.000+08:00",
        "fact": "offered",
        "data": {"site": "jinan", "line": "sip1", "driver": "sip", "dialplan": "jihua-gas", "agent": "801"},
    }


def test_what_was_kept_what_was_broken_and_what_did_not_apply(
    config: RecordsConfig, capsys: pytest.CaptureFixture[str]
) -> None:
    def shown(call: str) -> list[str]:
        assert show_call(config, call) == 0
        return capsys.readouterr().out.splitlines()

    served, noisy_one, unanswered = shown("aa01"), shown("aa02"), shown("bb01")
    assert served[1] == "kept all 5 clauses; 12 clauses did not apply"
    assert noisy_one[1] == "broke JH-7; kept 3 clauses; 13 clauses did not apply"
    assert unanswered[1] == "no clause was to be judged; 17 clauses did not apply"
    assert served[served.index("did not apply:") + 1].startswith("  JH-4   greeted with greeting, not with")
    assert unanswered[-1] == "  WD-13  rang 1 time, hung up before the answer"


def test_a_table_of_many_blocks_has_one_head_and_every_call() -> None:
    call = CallRecord("c", "jinan", "sip1", "sip", "jihua-gas", "801", MORNING)
    calls = (replace(call, call=f"call-{number:06}{'x' * (number // 300)}") for number in range(650))
    out = StringIO()
    print_calls(calls, Console(file=out, width=120))
    lines = out.getvalue().splitlines()
    assert sum("standard" in line for line in lines) == 1
    assert [line.split()[0] for line in lines if line.startswith("call-")] == [
        f"call-{number:06}{'x' * (number // 300)}" for number in range(650)
    ]


def test_a_table_of_no_calls_has_its_head() -> None:
    out = StringIO()
    print_calls((), Console(file=out, width=120))
    assert "standard" in out.getvalue()
