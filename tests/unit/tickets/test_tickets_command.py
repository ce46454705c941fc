"""`sansheng tickets`: what it prints, its exit codes, and that numbers are masked unless they are asked for."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from gateway.cli.main import app
from gateway.cli.tickets import MOST, STATES
from gateway.config import load_config
from gateway.records.configured import records_config
from gateway.tickets import TicketBook, TicketsConfig, TicketState, TicketUnknown
from gateway.tickets.configured import tickets_config as configured
from tests.unit.tickets.counter import MORNING, NUMBER, SOON, asks, gateway, hears, tickets_config

pytestmark = pytest.mark.unit

CONFIG = """
site = "jinan"
[[lines]]
id = "sip1"
driver = "sip"
listen = "127.0.0.1:5062"
aor = "sip:8801@127.0.0.1"
registrar = "sip:127.0.0.1"
[[agents]]
number = "801"
extension = "sip:801@127.0.0.1:5080"
[[agents]]
number = "802"
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "gateway.toml").write_text(CONFIG, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def config(folder: Path) -> TicketsConfig:
    """Two tickets, 1 with an unusual number."""
    config = tickets_config(folder / "var")
    with gateway(config) as book:
        hears(book, asks("0012125550123").hung_up(), asks(call="c0ffee02").hung_up())
    return config


def tickets(*words: str) -> Result:
    return CliRunner(env={"COLUMNS": "160"}).invoke(app, ["tickets", *words])


def listed(*words: str) -> list[dict[str, object]]:
    result = tickets(*words, "--json")
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


@pytest.mark.usefixtures("config")
def test_the_list_masks_numbers(folder: Path) -> None:
    for words in ((), ("list",), ("show", "1"), ("show", "2"), ("--json",), ("show", "2", "--json")):
        result = tickets(*words)
        assert result.exit_code == 0, result.output
        assert NUMBER not in result.output
        assert "0012125550123" not in result.output
        assert "138****5678" in result.output or "1" in words
    assert NUMBER in tickets("--show-numbers").output
    assert NUMBER in tickets("show", "2", "--show-numbers").output
    assert listed("--show-numbers")[1]["number"] == NUMBER


@pytest.mark.usefixtures("config")
def test_json_has_what_a_kpi_needs() -> None:
    assert tickets("answer", "2", "--text", "told").exit_code == 0
    first, second = listed("list")
    assert (first["ticket"], first["state"], first["kept"], first["overdue"]) == (1, "open", False, True)
    assert (second["state"], second["kept"], second["overdue"]) == ("answered", False, False), "answered too late"
    assert second["deadline"] == "2026-02-19T09:30:08.200+08:00"
    assert second["opened_at"] == "2026-02-18T09:30:08.200+08:00"
    assert second["answered_at"] is not None
    assert (second["kind"], second["reply"], second["owner"]) == ("enquiry", "told", "801")


def test_an_answer_in_time_is_kept(config: TicketsConfig) -> None:
    with TicketBook(config) as book:
        book.answer(2, "801", "told", SOON + timedelta(hours=1))
    assert listed("--state", "answered")[0]["kept"] is True
    assert "kept" in tickets("--state", "answered").output


@pytest.mark.usefixtures("config")
def test_the_list_is_narrowed_by_state_and_deadline() -> None:
    tickets("answer", "2", "--text", "told")
    assert [one["ticket"] for one in listed("--state", "open")] == [1]
    assert [one["ticket"] for one in listed("list", "--state", "answered")] == [2]
    assert listed("--state", "closed") == []
    assert [one["ticket"] for one in listed("--overdue")] == [1]
    assert set(STATES) == {state.value for state in TicketState}


@pytest.mark.usefixtures("config")
def test_a_ticket_is_given_away_answered_and_closed() -> None:
    assert "agent 802's" in tickets("assign", "2", "802", "--why", "801 is ill").output
    assert "answered" in tickets("answer", "2", "--text", "好的").output
    assert "closed" in tickets("close", "2").output
    shown = tickets("show", "2").output
    assert "assigned from 801 to 802 (801 is ill)" in shown
    assert "answered (好的)" in shown
    history = json.loads(tickets("show", "2", "--json").stdout)["history"]
    assert [entry["what"] for entry in history][-2:] == ["answered", "closed"]
    assert all(entry["who"] for entry in history)


REFUSED = {
    ("close", "2"): "ticket 2 has not been answered",
    ("close", "1"): "ticket 1 is closed already",
    ("answer", "1", "--text", "x"): "ticket 1 is closed",
    ("answer", "2", "--text", ""): "no words",
    ("assign", "2", "999"): "no agent has the number '999'; there are: 801, 802",
    ("assign", "2", "801"): "agent 801's already",
    ("show", "3"): "no ticket 3 of site jinan",
    ("show", str(MOST)): f"no ticket {MOST} of site jinan",
    ("answer", "3", "--text", "x"): "no ticket 3",
}


def test_what_cannot_be_done_is_one_line_and_changes_nothing(config: TicketsConfig) -> None:
    book = TicketBook(config)
    book.answer(1, "801", "told", SOON)
    book.shut(1, "801", SOON)
    before = [book.tickets(), book.history(1), book.history(2)]
    for words, reason in REFUSED.items():
        result = tickets(*words)
        assert result.exit_code == 1
        assert result.stdout == ""
        assert reason in result.stderr
        assert result.stderr.count("\n") == 1
    assert [book.tickets(), book.history(1), book.history(2)] == before
    with pytest.raises(TicketUnknown):
        book.ticket(MOST + 1)
    book.close()


@pytest.mark.parametrize(
    "words",
    [
        ("show",),
        ("show", "x"),
        ("show", "0"),
        ("show", "-1"),
        ("show", "99999999999999999999"),
        ("answer", "1"),
        ("assign", "1"),
        ("--state", "lost"),
        ("--overdue", "show", "1"),
        ("forget", "1"),
    ],
)
def test_wrong_usage_is_two(folder: Path, words: tuple[str, ...]) -> None:
    result = tickets(*words)
    assert result.exit_code == 2
    assert "Traceback" not in result.output


def test_where_there_are_none_yet_it_says_so_and_makes_nothing(folder: Path) -> None:
    result = tickets()
    assert result.exit_code == 1
    assert "no tickets yet" in result.stderr
    assert not (folder / "var").exists()
    (folder / "var").mkdir()
    (folder / "var" / "calls.db").touch()
    assert "`sansheng run` makes their tables" in tickets("close", "1").stderr


def test_a_file_that_is_no_database_is_told(folder: Path) -> None:
    (folder / "var").mkdir()
    (folder / "var" / "calls.db").write_bytes(b"no database at all" * 100)
    result = tickets()
    assert result.exit_code == 1
    assert "calls.db cannot be reached: file is not a database" in result.stderr


def test_a_config_that_is_wrong_is_told_with_its_line(folder: Path) -> None:
    (folder / "gateway.toml").write_text('site = "a b"\n' + CONFIG.partition("\n[[")[2], encoding="utf-8")
    assert tickets("show", "1").exit_code == 1
    assert tickets("-c", "nowhere.toml").exit_code == 1


def test_options_may_stand_before_the_subcommand(config: TicketsConfig, folder: Path) -> None:
    (folder / "gateway.toml").rename(folder / "other.toml")
    before = tickets("-c", "other.toml", "--json", "--show-numbers", "show", "2")
    assert json.loads(before.stdout)["number"] == NUMBER
    assert tickets("show", "2").exit_code == 1


def test_tickets_as_gateway_toml_has_them(folder: Path) -> None:
    (folder / "gateway.toml").write_text(
        CONFIG
        + """
[call_backs]
line = "sip1"
numbers = ["400[0-9]{7}"]
hours = "09:00-18:00"
retry_after = [600]
attempts = 3
deadline_hours = 4
""",
        encoding="utf-8",
    )
    read = load_config(folder / "gateway.toml")
    config = configured(read, records_config(read))
    policy = config.policy
    assert (config.agents, config.deadline) == (("801", "802"), 4 * 3600.0)
    assert (policy.dials, policy.retry_after, policy.attempts) == (True, (600.0,), 3)
    assert policy.numbers[0].fullmatch("4001234567")
    assert policy.first(MORNING.replace(hour=8)) == MORNING.replace(hour=9, minute=0)
    for promised, hours in ((2, 2), (24, 4), (None, 4)):
        seconds = promised and promised * 3600.0
        assert configured(read, records_config(read), promised=seconds).deadline == hours * 3600.0
    (folder / "gateway.toml").write_text(CONFIG, encoding="utf-8")
    read = load_config(folder / "gateway.toml")
    without = configured(read, records_config(read))
    assert (without.policy.dials, without.deadline) == (False, 24 * 3600.0)


@pytest.mark.usefixtures("config")
def test_a_ticket_is_marked_as_wrong_and_the_mark_taken_back() -> None:
    assert listed()[1]["wrong"] is False
    tickets("answer", "2", "--text", "told")
    tickets("close", "2")
    assert tickets("wrong", "2", "--why", "the wrong street").exit_code == 0
    assert listed()[1]["wrong"] is True
    assert "closed, wrong" in tickets().output
    again = tickets("wrong", "2", "--why", "as before")
    assert (again.exit_code, again.stderr) == (1, "sansheng: ticket 2 is marked as wrong already\n")
    assert tickets("right", "2", "--why", "it was another").exit_code == 0
    assert listed()[1]["wrong"] is False
    shown = tickets("show", "2").output
    assert "marked as wrong (the wrong street)" in shown
    assert "not wrong after all (it was another)" in shown


@pytest.mark.usefixtures("config")
def test_a_mark_that_says_nothing_is_refused() -> None:
    assert tickets("wrong", "1", "--why", " ").exit_code == 1
    assert tickets("wrong", "1").exit_code == 2
    assert "not marked as wrong" in tickets("right", "1").stderr
    assert listed()[0]["wrong"] is False
