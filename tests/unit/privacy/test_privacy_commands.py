"""`sansheng numbers export`, `erase` and `erasures`, and what people wrote as others are shown it."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gateway.call.facts import RecordingStarted
from gateway.cli.main import app
from gateway.people.schema import NumberRow
from tests.service.told import MORNING, Told, talker
from tests.unit.privacy.archive import Archive, archive_in
from tests.unit.tickets.counter import asks, gateway, tickets_config

pytestmark = pytest.mark.unit

NUMBER, FRIEND = "13812345678", "13987654321"
ERASE = ("--why", "request 7", "--by", "Li Ming")


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    line = '[[lines]]\nid = "sip1"\ndriver = "sip"\nlisten = "127.0.0.1:5062"\naor = "sip:8801@127.0.0.1"\n'
    (tmp_path / "gateway.toml").write_text(f'site = "jinan"\n{line}')
    archive = archive_in(tmp_path)
    archive.write(talker(call="first"))
    return archive


def numbers(archive: Archive, *arguments: str, expected: int = 0, answer: str = "", what: str = "numbers") -> str:
    config = ["-c", str(archive.folder.parent / "gateway.toml")]
    result = CliRunner().invoke(app, [what, *arguments, *config], input=answer)
    assert result.exit_code == expected, result.output
    assert "Traceback" not in result.output
    return result.output


def test_export_to_a_file_for_its_owner_alone_with_recordings(archive: Archive, tmp_path: Path) -> None:
    sound = archive.folder / "recordings" / "2026-02-18" / "heard.wav"
    sound.parent.mkdir(parents=True)
    sound.write_bytes(b"RIFF")
    told = Told(call="heard").rings(1).answered()
    archive.write(told.tell(RecordingStarted(str(sound))).hung_up())
    file, copies = tmp_path / "customer.json", tmp_path / "copies"
    said = numbers(archive, "export", "+86 " + NUMBER, "--to", str(file), "--recordings", str(copies))
    assert said.startswith("2 calls, 0 tickets")
    assert [call["call"] for call in json.loads(file.read_text())["calls"]] == ["first", "heard"]
    assert [path.name for path in copies.iterdir()] == ["heard.wav"]
    modes = [path.stat().st_mode & 0o777 for path in (file, copies, copies / "heard.wav")]
    assert modes == [0o600, 0o700, 0o600]
    assert json.loads(numbers(archive, "export", NUMBER))["number"] == NUMBER


def test_erasing_asks_first_and_is_listed(archive: Archive) -> None:
    asked = numbers(archive, "erase", NUMBER, *ERASE, answer="n\n", expected=1)
    assert "Erase what 1 calls and 0 tickets hold on this number for good?" in asked
    assert archive.calls()["first"].caller == NUMBER
    done = numbers(archive, "erase", NUMBER, *ERASE, answer="y\n")
    assert "erased: 1 calls, " in done
    assert archive.calls()["first"].caller is None
    (noted,) = (json.loads(line) for line in numbers(archive, "erasures", "--json").splitlines())
    assert (noted["by"], noted["why"], noted["erased"]["calls"]) == ("Li Ming", "request 7", 1)
    assert "request 7" in numbers(archive, "erasures")
    assert "nothing is held on this number" in numbers(archive, "erase", NUMBER, *ERASE, "--yes", expected=1)


def test_bad_input_is_told(archive: Archive, tmp_path: Path) -> None:
    assert "no telephone number" in numbers(archive, "export", "abc", expected=2)
    assert "--why" in numbers(archive, "erase", NUMBER, "--by", "Li", expected=2)
    assert "a name is one line" in numbers(archive, "erase", NUMBER, "--why", "x", "--by", " ", expected=2)
    folder = numbers(archive, "export", NUMBER, "--to", str(tmp_path / "no" / "file"), expected=1)
    assert "cannot be written" in folder
    (archive.folder / "calls.db").rename(tmp_path / "elsewhere.db")
    assert "no call records yet" in numbers(archive, "erasures", expected=1)


def test_a_recording_that_cannot_be_deleted_is_a_fault(archive: Archive, tmp_path: Path) -> None:
    elsewhere = archive_in(tmp_path, "yantai")
    told = Told(call="theirs", site="yantai").rings(1).answered()
    elsewhere.write(told.tell(RecordingStarted("/var/lib/yantai/theirs.wav")).hung_up())
    said = numbers(archive, "erase", NUMBER, *ERASE, "--yes", expected=1)
    assert "not erased: /var/lib/yantai/theirs.wav: it is site yantai's; delete it on that machine" in said
    assert archive.calls()["theirs"].caller is None


def test_numbers_in_what_people_wrote_are_masked(archive: Archive) -> None:
    archive.ticketed(asks(NUMBER, call="asked").hung_up())
    with gateway(tickets_config(archive.folder, archive.config.site)) as book:
        book.assign(1, "802", "801", f"his brother's is {FRIEND}", MORNING)
        book.answer(1, "801", f"请打{FRIEND}", MORNING)
    counted = {"nuisance": 1, "foul_language": 0, "last_at": MORNING, "warned": True}
    archive.add(NumberRow, {"number": NUMBER, "note": f"also {FRIEND}", **counted})
    for arguments in (
        ["tickets", "show", "1"],
        ["tickets", "show", "1", "--json"],
        ["numbers"],
        ["numbers", "--json"],
    ):
        what, *rest = arguments
        assert FRIEND not in numbers(archive, *rest, what=what)
        assert "139****4321" in numbers(archive, *rest, what=what)
        assert FRIEND in numbers(archive, *rest, "--show-numbers", what=what)
