"""An erasure that breaks off is noted, and can be finished; files that it leaves are told with the cure."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert
from typer.testing import CliRunner

from gateway.cli.main import app
from gateway.database import RecordsError, sqlite
from gateway.privacy import ErasureRefused, NothingHeld, Privacy, erasure, remains
from gateway.privacy.schema import ErasureRow
from gateway.privacy.written import Written
from gateway.records.entry import Entry, encoded
from tests.service.told import MORNING, Told
from tests.unit.privacy.archive import Archive, archive_in

pytestmark = pytest.mark.unit

SHORT, NUMBER, OTHER = "88123456", "13812345678", "13987654321"
"""A number without its area is not looked for in the file, which is written anew each time."""


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Archive:
    monkeypatch.setattr(sqlite, "BUSY", 0.05)
    archive = archive_in(tmp_path)
    archive.write(called("short", SHORT), called("own", NUMBER))
    return archive


def called(call: str, number: str) -> Told:
    return Told(call=call).rings(2, number).answered().says("greeting").hung_up()


@pytest.fixture
def privacy(archive: Archive) -> Iterator[Privacy]:
    with Privacy(archive.config) as privacy:
        yield privacy


def erase(privacy: Privacy, number: str = SHORT, why: str = "request 7", by: str = "Li", hours: float = 1) -> str:
    return privacy.erase(number, by=by, why=why, now=MORNING + timedelta(hours=hours)).wiped


def noted(privacy: Privacy) -> list[tuple[str, int | None, str | None]]:
    """Why, how many calls, and when it was finished: the hour."""
    return [
        (one["why"], one["erased"].get("calls"), one["finished_at"] and one["finished_at"][11:13])
        for one in privacy.erasures()
    ]


@pytest.fixture
def breaks_off(archive: Archive, monkeypatch: pytest.MonkeyPatch, privacy: Privacy) -> None:
    """The rows of SHORT have gone, then somebody else held the database's lock."""
    vacuum = remains._vacuum

    def locked(*arguments):
        with closing(sqlite3.connect(archive.folder / "calls.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            vacuum(*arguments)

    with monkeypatch.context() as patched:
        patched.setattr(remains, "_vacuum", locked)
        with pytest.raises(
            RecordsError, match=r"not yet overwritten: .*locked; erase the number again to finish it"
        ):
            erase(privacy)
    assert noted(privacy) == [("request 7", 1, None)]


@pytest.mark.usefixtures("breaks_off")
def test_done_again_it_is_finished_though_nothing_is_held_any_more(privacy: Privacy) -> None:
    assert erase(privacy, hours=2) == "the file was written anew"
    assert noted(privacy) == [("request 7", 1, "11")]
    with pytest.raises(NothingHeld):
        erase(privacy)


@pytest.mark.usefixtures("breaks_off")
def test_the_next_ones_wipe_is_for_both(privacy: Privacy) -> None:
    assert erase(privacy, NUMBER, "request 8", hours=2) == "the file was written anew"
    assert noted(privacy) == [("request 7", 1, "11"), ("request 8", 1, "11")]


@pytest.mark.usefixtures("breaks_off")
def test_it_is_finished_by_the_command_too(archive: Archive) -> None:
    folder = archive.folder.parent
    line = '[[lines]]\nid = "sip1"\ndriver = "sip"\nlisten = "127.0.0.1:5062"\naor = "sip:8801@127.0.0.1"\n'
    (folder / "gateway.toml").write_text(f'site = "jinan"\n{line}')
    config = ["-c", str(folder / "gateway.toml")]
    ordered = ["numbers", "erase", SHORT, "--why", "again", "--by", "Li", *config]
    listed = CliRunner().invoke(app, ["numbers", "erasures", *config]).output
    assert " no  " in listed
    done = CliRunner().invoke(app, ordered, input="y\n")
    assert (done.exit_code, "Finish the erasure that broke off?" in done.output) == (0, True)
    assert CliRunner().invoke(app, [*ordered, "--yes"]).exit_code == 1


def interrupted(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


def test_one_that_breaks_off_among_the_rows_is_on_record(
    archive: Archive, privacy: Privacy, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(erasure, "call_changes", interrupted)  # as a kill: nothing after it is done
        with pytest.raises(KeyboardInterrupt):
            erase(privacy)
    assert noted(privacy) == [("request 7", None, None)]
    erase(privacy, NUMBER, "request 8")
    assert noted(privacy) == [("request 7", None, None), ("request 8", 1, "10")]
    erase(privacy)
    assert noted(privacy)[2] == ("request 7", 1, "10")
    assert archive.calls()["short"].caller is None


@pytest.mark.parametrize(("by", "why"), [("x" * 65, "y"), ("Li", "y" * 201), ("Li", " "), ("Li\n", "y")])
def test_nothing_goes_where_it_could_not_be_noted(archive: Archive, privacy: Privacy, by: str, why: str) -> None:
    with pytest.raises(ErasureRefused, match="is one line of text; allowed: 1 to "):
        erase(privacy, by=by, why=why)
    assert archive.calls()["short"].caller == SHORT
    assert noted(privacy) == []


def test_those_of_an_earlier_version_are_finished(archive: Archive) -> None:
    archive.add(ErasureRow, {"at": MORNING, "by": "Li", "why": "old", "what": {"calls": 1}})
    with closing(sqlite3.connect(archive.folder / "calls.db")) as connection, connection:
        connection.execute("ALTER TABLE erasures DROP COLUMN finished_at")
        connection.execute("UPDATE alembic_version SET version_num = '0005'")
    with Privacy(archive.config) as privacy:
        assert noted(privacy) == [("old", 1, "09")]


# -- files -----------------------------------------------------------------------------------------------------


def lines(*calls: Told) -> bytes:
    notices = [notice for told in calls for notice in told.notices]
    return b"".join(encoded(Entry.of("earlier", at + 1, notice)) for at, notice in enumerate(notices))


def spool(archive: Archive, name: str, content: bytes) -> Path:
    path = archive.folder / "spool" / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    return path


def test_only_what_still_comes_into_the_database_is_waited_for(archive: Archive, privacy: Privacy) -> None:
    waits = spool(archive, "00000002-b.spool", lines(called("later", NUMBER)))
    with pytest.raises(ErasureRefused, match=r"still wait in .*00000002-b\.spool"):
        erase(privacy, NUMBER)
    waits.write_bytes(lines(called("later", OTHER)))
    erase(privacy, NUMBER)


def test_a_spool_that_was_written_waits_for_nobody_and_one_behind_zeros_does(
    archive: Archive, privacy: Privacy
) -> None:
    path = spool(archive, "00000002-b.spool", bytes(100) + lines(called("later", NUMBER)))
    with pytest.raises(ErasureRefused, match="still wait in"):  # as a power cut leaves it
        erase(privacy, NUMBER)
    path.write_bytes(bytes(path.stat().st_size))
    assert not privacy.erase(NUMBER, by="Li", why="request 7", now=MORNING).left


def test_damaged_lines_do_not_hold_it_up_and_are_named_with_the_cure(archive: Archive, privacy: Privacy) -> None:
    told = "look at the file, and delete it by hand"
    damaged = spool(archive, "00000001-a.spool.damaged", b'%% ["own", "1381234')
    spool(archive, "00000001-c.spool.damaged", lines(called("later", OTHER)))
    outcome = privacy.erase(NUMBER, by="Li", why="request 7", now=MORNING)
    assert {path: why.endswith(told) for path, why in outcome.left.items()} == {str(damaged): True}
    assert damaged.exists()
    assert archive.calls()["own"].caller is None


def test_a_database_that_was_set_aside_is_named_with_the_cure(archive: Archive, privacy: Privacy) -> None:
    aside = archive.folder / "calls.db.corrupt-20260218T013000Z-wal"
    aside.write_bytes(b"x" * ((1 << 20) - 5) + NUMBER.encode())  # across two reads
    outcome = privacy.erase(NUMBER, by="Li", why="request 7", now=MORNING)
    told = "the number stands in a database that was set aside; look at it, and delete it by hand"
    assert outcome.left == {str(aside): told}
    with pytest.raises(NothingHeld, match=rf"nothing is held on this number; but {aside}: .*delete it by hand"):
        privacy.held(NUMBER)
    aside.unlink()
    with pytest.raises(NothingHeld, match=r"on this number$"):
        privacy.held(NUMBER)


def test_a_search_of_the_files_leaves_sqlites_locks_alone(archive: Archive) -> None:
    database = archive.database()
    with database.engine.connect() as connection, connection.begin():
        connection.execute(insert(ErasureRow).values(at=MORNING, by="Li", why="it is written", what={}))
        held = locks()
        assert held > 0
        assert archive.folder / "calls.db" in remains.holding(
            remains.files_of(archive.folder / "calls.db"), Written(NUMBER)
        )
        assert remains.left_in(archive.folder, Written(NUMBER), set(), None) != {}
        assert locks() == held
    database.close()


def locks() -> int:
    """POSIX locks of this process."""
    lines = Path("/proc/locks").read_text().splitlines()
    return sum("POSIX" in line and f" {os.getpid()} " in line for line in lines)


def test_a_file_that_cannot_be_read_is_told(archive: Archive) -> None:
    (archive.folder / "spool").mkdir()
    with pytest.raises(OSError, match="spool cannot be read: Is a directory"):
        remains.holding([archive.folder / "spool"], Written(NUMBER))
    assert remains.holding([archive.folder / "gone"], Written(NUMBER)) == []
