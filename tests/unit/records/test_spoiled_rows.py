"""SQLite has no checksums: a row that one flipped bit has spoiled is left out and told, the others are read."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from gateway.cli.agents import list_agents
from gateway.cli.calls import list_calls, show_call
from gateway.cli.manner import Manner
from gateway.cli.numbers_done import list_numbers
from gateway.cli.numbers_privacy import export
from gateway.cli.report import ReportOptions, report
from gateway.cli.tickets_done import list_tickets
from gateway.config import load_config
from gateway.records import Records, RecordsConfig
from gateway.reports.today import calls_of_today, calls_to_begin_with
from gateway.tickets import TicketBook
from gateway.tickets.configured import tickets_config
from tests.service.told import MORNING, given_up, talker

pytestmark = pytest.mark.unit

CONFIG = """
site = "jinan"
dialplan = "jihua-gas"
data_dir = "var"
[[lines]]
id = "sip1"
driver = "sip"
listen = "127.0.0.1:5060"
aor = "sip:1@127.0.0.1"
[[agents]]
number = "801"
"""
SPOILED = (
    "offered_at = '2026-02-18 q9:00:00.000000'",
    "offered_at = CAST(x'323032362d30322d3138ff' AS TEXT)",  # no UTF-8
    "ended_at = '2026-1q-18 09:00:00.000000'",
    "outcome = 'cnswered'",
    "direction = 'iq'",
    "rings = 'two'",
    "line = x'00'",
    "attended_by = x'00'",
)
IN_JSON = ("prompts = '[{'", "verdicts = '7'", "compliance = '[{\"clause\": 1}]'", "waits = '[7]'")


@pytest.fixture
def hotline(tmp_path: Path) -> Path:
    """Two calls, a ticket, a number with a history and two entries of the agents' log."""
    path = tmp_path / "gateway.toml"
    path.write_text(CONFIG, encoding="utf-8")
    records = Records(RecordsConfig(site="jinan", data_dir=tmp_path / "var"))
    records.start()
    for told in (talker(call="aa01"), given_up(call="bb01")):
        for notice in told.notices:
            records.receive(notice)
    records.stop()
    number = "INSERT INTO numbers (number, nuisance, foul_language, warned, last_at) VALUES "
    spoil(path, number + "('13812345678', 1, 0, 0, '2026-02-18 09:00:00.000000'), ('13912345678', 1, 0, 0, NULL)")
    log = "INSERT INTO agent_log (site, agent, at, presence, why) VALUES "
    for hour in (9, 10):
        spoil(path, f"{log} ('jinan', '801', '2026-02-18 {hour:02}:00:00.000000', 'free', 'log_in')")
    ticket = """INSERT INTO tickets (version, site, call, opened_at, deadline, kind, owner, reassigned, confirmed,
        answers, state, attempts) VALUES (1, 'jinan', ?, '2026-02-18 09:00:00.000000',
        '2026-02-19 09:00:00.000000', 'fault', '801', 0, 0, '[]', 'open', 0)"""
    for call in ("aa01", "bb01"):
        spoil(path, ticket, call)
    return path


def spoil(config: Path, statement: str, *values: str) -> None:
    with closing(sqlite3.connect(config.parent / "var" / "calls.db")) as connection, connection:
        connection.execute(statement, values)


def records_of(config: Path) -> RecordsConfig:
    return RecordsConfig(site="jinan", data_dir=config.parent / "var")


def listed(capsys: pytest.CaptureFixture[str], command: Callable[[], int]) -> tuple[list[str], str]:
    """What a command that has left something out printed, and its one line on stderr."""
    assert command() == 1
    told = capsys.readouterr()
    assert told.err.count("\n") == 1
    return told.out.splitlines(), told.err


@pytest.mark.parametrize("spoiled", SPOILED + IN_JSON)
def test_the_other_calls_are_listed(hotline: Path, spoiled: str, capsys: pytest.CaptureFixture[str]) -> None:
    config = records_of(hotline)
    spoil(hotline, f"UPDATE calls SET {spoiled} WHERE call = 'aa01'")
    lines, err = listed(capsys, lambda: list_calls(config, as_json=True))
    assert [json.loads(line)["call"] for line in lines] == ["bb01"]
    assert "call aa01" in err
    table, err = listed(capsys, lambda: list_calls(config))
    assert "bb01" in "".join(table)
    assert "call aa01" in err
    _, err = listed(capsys, lambda: show_call(config, "aa"))
    assert "call aa01" in err
    assert show_call(config, "bb01") == 0


@pytest.mark.parametrize("spoiled", SPOILED)
def test_the_other_calls_are_counted(
    hotline: Path, spoiled: str, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    spoil(hotline, f"UPDATE calls SET {spoiled} WHERE call = 'aa01'")
    options = ReportOptions(month="2026-02", as_json=True)
    lines, err = listed(capsys, lambda: report(hotline, options))
    made = json.loads(lines[0])
    assert (made["figures"]["offered"], made["unreadable"]) == (1, 1)
    assert "call aa01" in err
    today = calls_of_today(records_of(hotline), MORNING.replace(hour=23))
    assert [call.call for call in today] == ["bb01"]
    assert "call aa01" in caplog.text


@pytest.mark.parametrize("spoiled", IN_JSON)
def test_calls_of_an_earlier_version_are_counted_without_the_spoiled_one(
    hotline: Path, spoiled: str, capsys: pytest.CaptureFixture[str]
) -> None:
    spoil(hotline, "UPDATE calls SET kept = NULL")
    spoil(hotline, f"UPDATE calls SET {spoiled} WHERE call = 'aa01'")
    made = json.loads(listed(capsys, lambda: report(hotline, ReportOptions(month="2026-02", as_json=True)))[0][0])
    assert (made["figures"]["offered"], made["unreadable"]) == (1, 1)


def test_nothing_that_reading_todays_figures_raises_keeps_the_gateway_from_its_start(
    hotline: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def raises(_: object, __: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("gateway.reports.today.calls_of_today", raises)
    assert calls_to_begin_with(records_of(hotline), MORNING) == []
    assert "today's figures begin anew" in caplog.text


@pytest.mark.parametrize("spoiled", ["deadline = 'q'", "answers = '[{'", "state = 'oqen'"])
def test_the_other_tickets_are_listed_counted_and_kept_by_the_gateway(
    hotline: Path, spoiled: str, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    spoil(hotline, f"UPDATE tickets SET {spoiled} WHERE id = 1")
    manner = Manner(hotline, as_json=True, show_numbers=False)
    lines, err = listed(capsys, lambda: list_tickets(manner, state=None, overdue=False))
    assert [json.loads(line)["ticket"] for line in lines] == [2]
    assert "ticket 1;" in err
    config = load_config(hotline)
    with TicketBook(tickets_config(config, records_of(hotline))) as book:
        for _ in range(2):
            assert book.recordings() == set()
        assert [ticket.id for ticket in book.open_tickets()] == [2]
    assert caplog.text.count("ticket 1;") == 1


def test_the_other_agents_and_numbers_are_listed(hotline: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spoil(hotline, "UPDATE agent_log SET presence = 'fqee' WHERE entry = 2")
    spoil(hotline, "UPDATE numbers SET last_at = 'q' WHERE number = '13812345678'")
    lines, err = listed(capsys, lambda: list_agents(hotline, since="2026-02-01", as_json=True))
    assert json.loads(lines[0])["since"].startswith("2026-02-18T17:00")
    assert "entry 2 of the agents' log" in err
    lines, err = listed(capsys, lambda: list_numbers(Manner(hotline, as_json=True, show_numbers=True)))
    assert [json.loads(line)["number"] for line in lines] == ["13912345678"]
    assert "13812345678" not in err


def test_what_is_held_on_a_number_is_exported_without_the_spoiled(
    hotline: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spoil(hotline, "UPDATE calls SET caller = '13912345678'")
    spoil(hotline, "UPDATE calls SET prompts = '[{' WHERE call = 'aa01'")
    manner = Manner(hotline, as_json=False, show_numbers=False)
    lines, err = listed(capsys, lambda: export(manner, "13912345678", to=None, recordings=None))
    told = json.loads("".join(lines))
    assert ([call["call"] for call in told["calls"]], told["unreadable"]) == (["bb01"], ["call aa01"])
    assert "call aa01" in err


def test_a_database_of_something_else_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with closing(sqlite3.connect(tmp_path / "calls.db")) as connection:
        connection.execute("CREATE TABLE calls (a, b)")
    _, err = listed(capsys, lambda: list_calls(RecordsConfig(site="jinan", data_dir=tmp_path)))
    assert "cannot be read" in err or "does not hold call records" in err
    assert "sansheng doctor" in err
