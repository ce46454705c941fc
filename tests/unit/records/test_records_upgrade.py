"""A database of the version before: it opens, is read as it is, and is written on."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from gateway.cli.calls import list_calls, show_call
from gateway.records import Records, RecordsConfig, Store
from tests.service.told import talker
from tests.unit.records.previous import make

pytestmark = pytest.mark.unit

NEW = [
    "kind", "kind_digit", "kind_at", "alerts", "answers", "waits", "holds", "losses", "losses_between",
    "direction", "ticket", "owner", "agents", "call_backs", "message_at",
    "not_applicable", "attended_by", "waited", "talked", "heard", "kept", "broken",
]  # fmt: skip


@pytest.fixture
def config(tmp_path: Path) -> RecordsConfig:
    config = RecordsConfig(site="jinan", data_dir=tmp_path / "var")
    make(config.data_dir / "calls.db")
    return config


def columns(config: RecordsConfig) -> list[str]:
    with closing(sqlite3.connect(config.data_dir / "calls.db")) as connection:
        return [row[1] for row in connection.execute("PRAGMA table_info(calls)")]


def test_who_only_reads_reads_it_as_it_is(config: RecordsConfig, capsys: pytest.CaptureFixture[str]) -> None:
    before = columns(config)
    with Store(config) as store:
        ended, left_open = store.calls()
        assert store.call("old1") == ended
    assert (ended.call, ended.kind, ended.alerts, ended.answers, ended.waits) == ("old1", None, (), (), ())
    assert (ended.prompts[0].prompt, ended.prompts[0].part) == ("greeting", None)
    assert left_open.open
    assert list_calls(config, as_json=True) == 0
    assert show_call(config, "old2") == 0
    assert "silent-1: 「您的电话已接通。」" in capsys.readouterr().out
    assert columns(config) == before, "reading changes nothing"


def test_a_gateway_adds_what_is_lacking_and_goes_on(config: RecordsConfig) -> None:
    for run in ("first", "second"):
        records = Records(config)
        records.start()
        for notice in talker(call=run).notices:
            records.receive(notice)
        records.stop()
        assert records.problem is None
    assert columns(config)[20:] == NEW, "each once"
    with Store(config) as store:
        calls = {call.call: call for call in store.calls()}
    assert calls.keys() == {"old1", "old2", "first", "second"}
    assert calls["old1"].compliance[0].evidence == "answered after ring 2", "what was judged stays so"
    assert calls["first"].prompts[0].part == "greeting"


def test_a_call_the_earlier_version_left_open_is_closed_and_judged_by_its_keys(config: RecordsConfig) -> None:
    records = Records(config)
    records.start()
    records.stop()
    with Store(config) as store:
        call = store.call("old2")
    assert (call.released_by, call.cause) == ("fault", "gateway stopped")
    assert {(j.clause, j.step): j.kept for j in call.compliance} == {
        ("JH-1", "answer"): True,
        ("JH-3", "greeting"): True,
        ("JH-6", "ladder"): True,
        ("JH-2", "release"): False,
    }


def test_the_earlier_version_may_go_on_writing(config: RecordsConfig) -> None:
    records = Records(config)
    records.start()
    records.stop()
    with closing(sqlite3.connect(config.data_dir / "calls.db")) as connection, connection:
        names = ", ".join(columns(config)[1:20])
        connection.execute(
            f"INSERT INTO calls (call, {names}) SELECT 'old3', {names} FROM calls WHERE call = 'old1'"
        )
    with Store(config) as store:
        assert store.call("old3").waits == ()
