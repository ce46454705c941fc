"""Pages' files: whole or not at all, for their owner alone; and `sansheng calls show ID --html`."""

import os
import stat
import threading
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gateway.cli.call_page import draw_call
from gateway.cli.main import app
from gateway.records import Records, RecordsConfig
from gateway.reports.pages import PageNotWritten, write_page
from tests.service.told import noisy

pytestmark = pytest.mark.unit


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> RecordsConfig:
    config = RecordsConfig(site="jinan", data_dir=tmp_path_factory.mktemp("var"))
    records = Records(config)
    records.start()
    for notice in noisy(2.0, call="aa02").notices:
        records.receive(notice)
    records.stop()
    return config


def test_a_call_is_drawn_into_a_file_for_its_owner_alone(config: RecordsConfig, tmp_path: Path) -> None:
    file = tmp_path / "call.html"
    file.write_text("an older one")
    file.chmod(0o644)
    assert draw_call(config, "aa", file) == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    html = file.read_text(encoding="utf-8")
    assert html.startswith("<!DOCTYPE html>")
    assert html.endswith("</html>\n")
    assert "aa02" in html
    assert "13812345678" not in html
    assert draw_call(config, "aa02", file, show_numbers=True) == 0
    assert "13812345678" in file.read_text(encoding="utf-8")
    assert {path.name for path in tmp_path.iterdir()} == {"call.html"}


@pytest.mark.parametrize(
    ("file", "why"),
    [("", "it is a folder"), ("none/call.html", "No such file"), ("call.html/x", "Not a directory")],
)
def test_what_cannot_be_written_is_one_line(
    file: str, why: str, config: RecordsConfig, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "call.html").write_text("as it was")
    assert draw_call(config, "aa", tmp_path / file) == 1
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert why in told
    assert (tmp_path / "call.html").read_text() == "as it was"


def test_no_such_call_is_one_line(
    config: RecordsConfig, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert draw_call(config, "zz", tmp_path / "call.html") == 1
    assert "no call 'zz'" in capsys.readouterr().err
    assert not (tmp_path / "call.html").exists()


def test_a_page_that_fails_half_way_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(source: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(PageNotWritten, match="No space left"):
        write_page(tmp_path / "call.html", "<p>")
    assert list(tmp_path.iterdir()) == []


def test_a_pipe_stays_one(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[str] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_text()))
    reader.start()
    write_page(pipe, "<p>您好")
    reader.join()
    assert read == ["<p>您好"]
    assert pipe.is_fifo()


def test_a_link_leads_to_the_file(tmp_path: Path) -> None:
    (tmp_path / "link.html").symlink_to(tmp_path / "there.html")
    write_page(tmp_path / "link.html", "<p>\udc80")
    assert (tmp_path / "link.html").is_symlink()
    assert (tmp_path / "there.html").read_text() == "<p>?"


@pytest.mark.parametrize(
    "words", [["--html", "x.html"], ["show", "--html", "x.html"], ["show", "aa", "--show-numbers"]]
)
def test_options_without_a_call_to_draw_are_wrong_usage(words: list[str]) -> None:
    assert CliRunner().invoke(app, ["calls", *words]).exit_code == 2
