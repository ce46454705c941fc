"""`sansheng report`: what may be asked for, where it is written to, and what is no wish."""

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gateway.cli.main import app
from gateway.cli.report import ReportOptions, report
from gateway.cli.report_period import parse_period
from gateway.cli.since import SinceError
from gateway.kpi.groups import By
from gateway.records import Records, RecordsConfig
from gateway.reports.as_csv import plain
from tests.service.told import MORNING, Told, talker

pytestmark = pytest.mark.unit

CONFIG = """
site = "jinan"
data_dir = "."
[[lines]]
id = "sip1"
driver = "sip"
listen = "127.0.0.1:5062"
aor = "sip:8801@127.0.0.1"
"""


@pytest.fixture
def site(tmp_path: Path) -> Callable[..., Path]:
    """Makes a hotline's config, with one call of each of the lines, or none."""

    def made(*lines: str) -> Path:
        config = tmp_path / "gateway.toml"
        config.write_text(CONFIG, encoding="utf-8")
        records = Records(RecordsConfig(site="jinan", data_dir=tmp_path))
        records.start()
        for number, line in enumerate(lines):
            call: Told = talker(call=f"aa{number:02}", line=line)
            for notice in call.notices:
                records.receive(notice)
        records.stop()
        return config

    return made


def ran(config: Path, *arguments: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of `sansheng report` over February."""
    result = CliRunner().invoke(app, ["report", "-c", str(config), "--month", "2026-02", *arguments])
    return result.exit_code, result.stdout, result.stderr


def test_a_site_that_is_not_there_is_a_fault_that_names_those_that_are(site: Callable[..., Path]) -> None:
    code, out, err = ran(site("sip1"), "--site", "nosuch")
    assert (code, out) == (1, "")
    assert err.count("\n") == 1
    assert "'nosuch'" in err
    assert err.endswith("it has: jinan\n")


def test_the_own_site_may_have_no_call_yet_and_all_of_them_neither(site: Callable[..., Path]) -> None:
    config = site()
    for named in ("jinan", "all"):
        code, out, _ = ran(config, "--site", named)
        assert (code, "no calls on record in this period" in out) == (0, True)


@pytest.mark.parametrize("name", ["", "  "])
def test_a_site_without_a_name_is_wrong_usage(site: Callable[..., Path], name: str) -> None:
    code, out, err = ran(site("sip1"), "--site", name)
    assert (code, out) == (2, "")
    assert "--site" in err


@pytest.mark.parametrize(("option", "begins"), [("--html", "<!DOCTYPE html>"), ("--csv", "day,offered,")])
def test_a_dash_is_standard_output(
    site: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, option: str, begins: str
) -> None:
    config = site("sip1")
    monkeypatch.chdir(tmp_path)
    code, out, _ = ran(config, option, "-")
    assert code == 0
    assert out.lower().startswith(begins.lower())
    assert not (tmp_path / "-").exists()


@pytest.mark.parametrize(
    "both", [("--html", "-", "--csv", "-"), ("--html", "-", "--json"), ("--csv", "-", "--json")]
)
def test_two_things_for_standard_output_are_wrong_usage(site: Callable[..., Path], both: tuple[str, ...]) -> None:
    code, out, err = ran(site("sip1"), *both)
    assert (code, out) == (2, "")
    assert "standard output" in err


def test_the_page_in_a_file_and_the_json_on_standard_output(site: Callable[..., Path], tmp_path: Path) -> None:
    code, out, _ = ran(site("sip1"), "--html", str(tmp_path / "page.html"), "--json")
    assert (code, json.loads(out)["figures"]["offered"]) == (0, 1)


@pytest.mark.parametrize(("since", "month"), [(None, "２０２６-02"), (None, "2026-0２"), ("７d", None)])
def test_digits_are_ascii(since: str | None, month: str | None) -> None:
    with pytest.raises(SinceError):
        parse_period(since, None, month, MORNING)


UNSAFE = (
    "=1+1",
    "\n=1+1",
    "\r=1",
    "\t=1",
    "\x00=1",
    "\x00",
    " =1",
    "\u3000=1",
    "\u200b=1",
    "＝1",
    " ＋1",
    "＠x",
    "－1",
    "-1",
)


@pytest.mark.parametrize("name", [*UNSAFE, "sip1", "线路一", "a=b", "1-2"])
def test_no_name_in_the_csv_is_a_formula(name: str) -> None:
    assert plain(name) == (f"'{name}" if name in UNSAFE else name)


def test_a_name_that_is_not_ascii_is_utf_8_without_a_mark(site: Callable[..., Path], tmp_path: Path) -> None:
    file = tmp_path / "lines.csv"
    assert report(site("线路一", "＝1"), ReportOptions(month="2026-02", by=By.LINE, csv=file)) == 0
    text = file.read_bytes().decode("utf-8")
    assert [row["line"] for row in csv.DictReader(text.splitlines())] == ["线路一", "'＝1"]
