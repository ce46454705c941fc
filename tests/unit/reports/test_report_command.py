"""`sansheng report`: what it tells of a month, in every form, and of what it is not told."""

import csv
import json
import re
import sqlite3
import stat
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from gateway.cli.report import ReportOptions, report
from gateway.cli.report_period import parse_period
from gateway.cli.since import SinceError
from gateway.kpi.groups import By
from gateway.records import Records, RecordsConfig
from gateway.reports.today import calls_of_today
from tests.service.told import MORNING, ZONE, given_up, noisy, talker
from tests.unit.records import previous

pytestmark = pytest.mark.unit

NUMBER = "13812345678"
CONFIG = """
site = "jinan"
data_dir = "."
[[lines]]
id = "sip1"
driver = "sip"
listen = "127.0.0.1:5062"
aor = "sip:8801@127.0.0.1"
[[agents]]
number = "801"
[[shifts]]
agents = ["801"]
days = ["mon-sun"]
from = "08:00"
to = "18:00"
"""
FEBRUARY = ReportOptions(month="2026-02")


@pytest.fixture
def hotline(tmp_path: Path) -> Path:
    """Three calls of one morning: answered, answered and broken off against JH-7, given up."""
    config = tmp_path / "gateway.toml"
    config.write_text(CONFIG, encoding="utf-8")
    records = Records(RecordsConfig(site="jinan", data_dir=tmp_path))
    records.start()
    for told in (talker(call="aa01"), noisy(2.0, call="aa02", line="sip2"), given_up(call="bb01")):
        for notice in told.notices:
            records.receive(notice)
    records.stop()
    return config


def changed(config: Path, statement: str) -> None:
    """Something that is in the database and was never written by a gateway of this version."""
    with closing(sqlite3.connect(config.parent / "calls.db")) as connection, connection:
        connection.execute(statement)


def told(config: Path, options: ReportOptions, capsys: pytest.CaptureFixture[str]) -> str:
    assert report(config, options) == 0
    return capsys.readouterr().out


def as_json(config: Path, capsys: pytest.CaptureFixture[str], **more: str) -> dict[str, Any]:
    found = json.loads(told(config, ReportOptions(month="2026-02", as_json=True, **more), capsys))
    assert isinstance(found, dict)
    return found


def page(config: Path, **more: bool) -> str:
    file = config.parent / "report.html"
    assert report(config, ReportOptions(month="2026-02", html=file, **more)) == 0
    return file.read_text(encoding="utf-8")


def test_the_summary_tells_rates_broken_clauses_and_their_calls(
    hotline: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = told(hotline, FEBRUARY, capsys).splitlines()
    assert any(re.match(r"answer rate +66\.67 % +✗ +goal 98 %", line) for line in lines)
    assert any(re.match(r" *JH-7 +0 +1 +2 +0\.00 %", line) for line in lines)
    assert any(line.startswith(f"  aa02  {NUMBER[:3]}****5678  JH-7: ") for line in lines)


@pytest.mark.parametrize("by", By)
def test_the_groups_are_told_when_they_are_asked_for(
    hotline: Path, by: By, capsys: pytest.CaptureFixture[str]
) -> None:
    first = {By.AGENT: "801", By.LINE: "sip1", By.HOUR: "09", By.DAY: "2026-02-18"}[by]
    plain = told(hotline, FEBRUARY, capsys)
    grouped = told(hotline, ReportOptions(month="2026-02", by=by), capsys)
    assert not re.search(rf"^ *{first} ", plain, re.MULTILINE)
    assert re.search(rf"^ *{first} ", grouped, re.MULTILINE)


def test_the_json_holds_everything(hotline: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = as_json(hotline, capsys)
    figures = found["figures"]
    assert isinstance(figures, dict)
    assert (figures["offered"], figures["answered"], figures["abandoned"]) == (3, 2, 1)
    assert figures["answer_rate"] == 0.6667
    assert figures["clauses"]["JH-7"] == {"kept": 0, "broken": 1, "not_applicable": 2}
    assert figures["tickets"] == 0
    assert figures["log_ins_unknown"] == 0
    by = found["by"]
    assert isinstance(by, dict)
    assert {name: list(groups) for name, groups in by.items()} == {
        "agent": ["801"],
        "line": ["sip1", "sip2"],
        "hour": ["09"],
        "day": ["2026-02-18"],
    }
    score = found["score"]
    assert isinstance(score, dict)
    assert score["overall"] == pytest.approx(60 + 40 * figures["quality"], abs=0.01)


def test_tickets_and_log_ins_of_the_period(hotline: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = "INSERT INTO agent_log (site, agent, at, presence, why) VALUES ('jinan', '801', "
    changed(hotline, f"{log} '2026-02-17 23:45:00.000000', 'free', 'log_in')")
    changed(hotline, f"{log} '2026-02-18 10:00:00.000000', 'offline', 'log_out')")
    columns = "version, site, opened_at, deadline, kind, owner, reassigned, confirmed, answers, state, attempts"
    for day in ("2026-02-18", "2026-03-01"):
        values = f"0, 'jinan', '{day} 02:00:00.000000', '{day} 03:00:00.000000', 'complaint', '801'"
        changed(hotline, f"INSERT INTO tickets ({columns}) VALUES ({values}, 0, 0, '[]', 'open', 0)")
    found = as_json(hotline, capsys)
    figures = found["figures"]
    assert isinstance(figures, dict)
    assert (figures["log_ins_on_time"], figures["log_ins_absent"]) == (1, 10), "the 18th; then up to the 28th"
    assert (figures["tickets"], figures["missed_tickets"], figures["complaints_replied_rate"]) == (1, 1, 0.0)
    own = found["log_ins"]
    assert isinstance(own, dict)
    assert own == {"801": {name: figures[name] for name in own["801"]}}
    assert isinstance(found["tickets"], dict)
    assert list(found["tickets"]) == ["801"]


def test_a_row_a_group_that_no_spreadsheet_reckons(hotline: Path) -> None:
    changed(hotline, "UPDATE calls SET line = '=HYPERLINK(1)' WHERE call = 'aa02'")
    file = hotline.parent / "report.csv"
    assert report(hotline, ReportOptions(month="2026-02", by=By.LINE, csv=file)) == 0
    data = file.read_bytes()
    assert data.startswith(b"line,offered,")
    assert data.count(b"\r\n") == data.count(b"\n") == 3
    rows = {row["line"]: row for row in csv.DictReader(data.decode().splitlines())}
    assert rows["sip1"]["answer_rate"] == "0.5"
    assert rows["'=HYPERLINK(1)"]["answered"] == "1"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_the_agents_rows_have_their_own_figures(hotline: Path) -> None:
    file = hotline.parent / "report.csv"
    assert report(hotline, ReportOptions(month="2026-02", by=By.AGENT, csv=file)) == 0
    (row,) = csv.DictReader(file.read_text(encoding="utf-8").splitlines())
    assert {"missed_tickets", "log_ins_on_time_rate", "score"} <= row.keys()


def test_the_page_is_whole_in_itself(hotline: Path) -> None:
    html = page(hotline)
    assert "<script" not in html
    assert set(re.findall(r"(?:https?:)?//[\w./]+", html)) <= {"http://www.w3.org/2000/svg"}
    assert "default-src 'none'" in html
    assert html.count("<svg") >= 5
    for words in ("接通率", "answer rate", "各时段来电", "Calls by hour", "▲"):
        assert words in html
    assert stat.S_IMODE((hotline.parent / "report.html").stat().st_mode) == 0o600


def test_what_the_records_hold_is_no_markup(hotline: Path) -> None:
    changed(hotline, "UPDATE calls SET line = '<b>x', caller = '<i>1', agent = '<u>' WHERE call = 'aa02'")
    html = page(hotline)
    assert "&lt;b&gt;x" in html
    assert not re.search("<b>x|<i>1|<u>", html)


def test_no_output_tells_a_number_unless_asked(hotline: Path, capsys: pytest.CaptureFixture[str]) -> None:
    evidence = [{"clause": "JH-7", "kept": False, "evidence": f"{NUMBER} was told", "step": "ladder"}]
    changed(hotline, f"UPDATE calls SET compliance = '{json.dumps(evidence)}' WHERE call = 'aa02'")
    file = hotline.parent / "report.csv"
    outputs = [
        told(hotline, ReportOptions(month="2026-02", by=By.AGENT), capsys),
        json.dumps(as_json(hotline, capsys)),
        page(hotline),
        told(hotline, ReportOptions(month="2026-02", csv=file), capsys) + file.read_text(encoding="utf-8"),
    ]
    assert not any(NUMBER in output for output in outputs)
    assert page(hotline, show_numbers=True).count(NUMBER) == 2
    whole = told(hotline, ReportOptions(month="2026-02", show_numbers=True), capsys)
    assert NUMBER in whole


def test_another_site_of_the_database_or_all(hotline: Path, capsys: pytest.CaptureFixture[str]) -> None:
    changed(hotline, "UPDATE calls SET site = 'weifang' WHERE call = 'aa01'")

    def offered(**more: str) -> int:
        figures = as_json(hotline, capsys, **more)["figures"]
        assert isinstance(figures, dict)
        return int(figures["offered"])

    assert (offered(), offered(site="weifang"), offered(site="all")) == (2, 1, 3)


def test_a_goal_missed_by_less_than_is_shown_is_missed_in_every_form(
    hotline: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two of three are 66.67 % when rounded, and less than that."""
    hotline.write_text(CONFIG + "[kpi]\nanswer_rate_goal = 0.6667\n", encoding="utf-8")
    lines = told(hotline, FEBRUARY, capsys).splitlines()
    assert any(re.match(r"answer rate +66\.66 % +✗ +goal 66\.67 %", line) for line in lines)
    assert as_json(hotline, capsys)["figures"]["answer_rate"] == 0.6666
    file = hotline.parent / "days.csv"
    assert report(hotline, ReportOptions(month="2026-02", by=By.DAY, csv=file)) == 0
    with file.open(encoding="utf-8", newline="") as rows:
        assert [row["answer_rate"] for row in csv.DictReader(rows)] == ["0.6666"]
    assert '<td class="number broken">▲ 66.66 %</td>' in page(hotline)
    hotline.write_text(CONFIG + "[kpi]\nanswer_rate_goal = 0.6666\n", encoding="utf-8")
    assert re.search(r"answer rate +66\.67 % +✓ +goal 66\.66 %", told(hotline, FEBRUARY, capsys))


def test_the_shifts_are_of_the_configs_own_site(hotline: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """801 has a duty on each day, in jinan; in weifang nobody is known who came too late, or is scored for it."""
    log = "INSERT INTO agent_log (site, agent, at, presence, why) VALUES ('jinan', '801', "
    changed(hotline, f"{log} '2026-02-17 23:45:00.000000', 'free', 'log_in')")
    changed(hotline, "UPDATE calls SET site = 'weifang', agent = '901', attended_by = NULL WHERE call = 'aa01'")
    own, other = as_json(hotline, capsys), as_json(hotline, capsys, site="weifang")
    every = as_json(hotline, capsys, site="all")
    assert [found["log_ins_of"] for found in (own, other, every)] == ["jinan", None, "jinan"]
    assert [list(found["log_ins"]) for found in (own, other, every)] == [["801"], [], ["801"]]
    assert [list(found["score"]["agents"]) for found in (own, other)] == [["801"], ["901"]]
    assert other["figures"]["log_ins_on_time_rate"] is None
    texts = [told(hotline, ReportOptions(month="2026-02", site=site), capsys) for site in (None, "weifang", "all")]
    assert ["another site's shifts are not in this config" in text for text in texts] == [False, True, False]
    assert ["jinan alone" in text for text in texts] == [False, False, True]


@pytest.mark.parametrize(
    ("now", "calls"),
    [(MORNING.replace(hour=23), 3), (MORNING.replace(day=19, hour=0, minute=10), 0), (MORNING.replace(day=17), 3)],
)
def test_the_feed_begins_with_todays_calls(hotline: Path, now: datetime, calls: int) -> None:
    records = RecordsConfig(site="jinan", data_dir=hotline.parent)
    assert len(calls_of_today(records, now)) == calls
    assert calls_of_today(replace(records, site="weifang"), now) == []


def test_shortly_after_midnight_the_last_hour_is_of_yesterday(hotline: Path) -> None:
    late = MORNING.replace(hour=23, minute=40).astimezone(UTC)
    changed(hotline, f"UPDATE calls SET offered_at = '{late:%Y-%m-%d %H:%M:%S}.000000' WHERE call = 'bb01'")
    records = RecordsConfig(site="jinan", data_dir=hotline.parent)
    (found,) = calls_of_today(records, MORNING.replace(day=19, hour=0, minute=10))
    assert found.call == "bb01"


def test_a_database_of_an_earlier_version_is_counted_from_what_it_has(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "gateway.toml"
    config.write_text(CONFIG.replace('data_dir = "."', 'data_dir = "var"'), encoding="utf-8")
    previous.make(tmp_path / "var" / "calls.db")
    figures = as_json(config, capsys)["figures"]
    assert isinstance(figures, dict)
    assert (figures["offered"], figures["answered"], figures["up"]) == (2, 2, 1)
    assert figures["clauses"] == {"JH-1": {"kept": 1, "broken": 0, "not_applicable": 0}}


def test_nothing_on_record_is_told_and_no_fault(hotline: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = told(hotline, ReportOptions(month="2026-01"), capsys)
    assert "no calls on record in this period" in out
    file = hotline.parent / "empty.html"
    assert report(hotline, ReportOptions(month="2026-01", html=file)) == 0
    assert "该时段内没有通话记录" in file.read_text(encoding="utf-8")


def test_no_database_is_a_fault_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = tmp_path / "gateway.toml"
    config.write_text(CONFIG, encoding="utf-8")
    assert report(config, FEBRUARY) == 1
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert "calls.db" in err


def test_a_file_that_cannot_be_written_is_a_fault(hotline: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert report(hotline, ReportOptions(month="2026-02", html=hotline.parent / "no" / "report.html")) == 1
    assert "cannot be written" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("since", "until", "month", "begins", "ends"),
    [
        (None, None, None, "2026-02-01T00:00", None),
        ("2026-01-05", None, None, "2026-01-05T00:00", None),
        ("7d", "today", None, "2026-02-11T09:30", "2026-02-18T00:00"),
        ("2026-02-01", "2026-03-01", None, "2026-02-01T00:00", "2026-03-01T00:00"),
        (None, None, "2025-12", "2025-12-01T00:00", "2026-01-01T00:00"),
    ],
)
def test_the_period(
    since: str | None, until: str | None, month: str | None, begins: str, ends: str | None
) -> None:
    period = parse_period(since, until, month, MORNING)
    assert period.since == datetime.fromisoformat(begins).replace(tzinfo=ZONE)
    assert period.until == (None if ends is None else datetime.fromisoformat(ends).replace(tzinfo=ZONE))


@pytest.mark.parametrize(
    ("since", "until", "month", "why"),
    [
        ("yesterday", None, None, "--since yesterday: not a time"),
        (None, "soon", None, "--until soon: not a time"),
        ("2026-02-19", None, None, "--since 2026-02-19: is in the future"),
        ("2026-02-10", "2026-02-10", None, "--until 2026-02-10: is not after"),
        (None, None, "2026-13", "--month 2026-13: not a month"),
        (None, None, "2026-03", "--month 2026-03: is in the future"),
        ("7d", None, "2026-01", "--month goes without"),
    ],
)
def test_what_is_no_period(since: str | None, until: str | None, month: str | None, why: str) -> None:
    with pytest.raises(SinceError, match=re.escape(why)):
        parse_period(since, until, month, MORNING)


def test_what_is_no_period_is_wrong_usage(hotline: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert report(hotline, ReportOptions(since="yesterday")) == 2
    assert capsys.readouterr().err.count("\n") == 1
