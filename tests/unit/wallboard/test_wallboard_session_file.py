"""Sessions outlive the process, in a file that lets nobody in."""

import stat
from pathlib import Path

import pytest

from gateway.config.passwords import hashed
from gateway.wallboard.session_file import NAME, SessionFile
from gateway.wallboard.sessions import ABSOLUTE, IDLE, Sessions, fingerprint

pytestmark = pytest.mark.unit

NOW = 1_771_378_200.0
WALL, ADA = fingerprint("hash 1"), fingerprint("hash 2")


class Run:
    """One run of a wallboard."""

    def __init__(self, folder: Path, *people: str, now: float = NOW) -> None:
        self.now = now
        self.file = SessionFile(folder)
        self.sessions = Sessions(lambda: self.now, kept=self.file.read(people), changed=self.keep)

    def keep(self) -> None:
        self.file.write(self.sessions.items())


def test_who_has_logged_in_need_not_again_after_a_restart(tmp_path: Path) -> None:
    before = Run(tmp_path, WALL, ADA)
    token, ended = before.sessions.begin(WALL), before.sessions.begin(ADA)
    before.sessions.end(ended)
    after = Run(tmp_path, WALL, ADA)
    assert after.sessions.use(token)
    assert not after.sessions.use(ended)


def test_a_kept_session_is_no_older_nor_younger_than_it_was(tmp_path: Path) -> None:
    token = Run(tmp_path, WALL).sessions.begin(WALL)
    assert Run(tmp_path, WALL, now=NOW + IDLE - 1).sessions.use(token)
    assert not Run(tmp_path, WALL, now=NOW + IDLE + 1).sessions.use(token)
    assert not Run(tmp_path, WALL, now=NOW + ABSOLUTE + 1).sessions.use(token)


def test_who_is_gone_or_has_another_password_must_log_in_anew(tmp_path: Path) -> None:
    before = Run(tmp_path, WALL, ADA)
    tokens = {person: before.sessions.begin(person) for person in (WALL, ADA)}
    after = Run(tmp_path, fingerprint("hash 3"), ADA)
    assert not after.sessions.use(tokens[WALL])
    assert after.sessions.use(tokens[ADA])


def test_the_file_lets_nobody_in_and_nobody_read_it(tmp_path: Path) -> None:
    kept = hashed("a wall has ears")
    token = Run(tmp_path).sessions.begin(fingerprint(kept))
    content = (tmp_path / NAME).read_text()
    assert token not in content
    assert kept not in content
    assert stat.S_IMODE((tmp_path / NAME).stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"[1]", b'{"a": 1}', b'{"a": {"person": 1}}', b"\xff", b"[" * 9999]
)
def test_another_file_under_its_name_is_no_session(
    tmp_path: Path, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / NAME).write_bytes(content)
    run = Run(tmp_path, WALL)
    assert len(run.sessions) == 0
    assert NAME in caplog.text
    token = run.sessions.begin(WALL)
    assert Run(tmp_path, WALL).sessions.use(token), "it is made anew"


def test_a_folder_that_cannot_be_written_costs_no_log_in(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    run = Run(tmp_path / "missing", WALL)
    assert run.sessions.use(run.sessions.begin(WALL))
    assert "not kept" in caplog.text


def test_a_link_under_its_name_is_not_written_through(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text("mine")
    (tmp_path / NAME).with_suffix(".new").symlink_to(elsewhere)
    Run(tmp_path, WALL).sessions.begin(WALL)
    assert elsewhere.read_text() == "mine"
