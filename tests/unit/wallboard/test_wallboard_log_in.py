"""Sessions in virtual time, and the file of people."""

from pathlib import Path

import pytest

from gateway.config.password_file import PasswordFileWrong, Person, read_people
from gateway.config.passwords import hashed
from gateway.wallboard.sessions import ABSOLUTE, IDLE, Sessions

pytestmark = pytest.mark.unit


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_session_goes_on_while_it_is_used_and_not_for_ever() -> None:
    clock = Clock()
    sessions = Sessions(clock)
    token = sessions.begin("wall")
    while clock.now < 1000.0 + ABSOLUTE - IDLE:
        clock.now += IDLE - 1
        assert sessions.use(token)
    clock.now = 1000.0 + ABSOLUTE + 1
    assert not sessions.use(token)
    assert len(sessions) == 0


def test_a_session_ends_idle_and_at_log_out() -> None:
    clock = Clock()
    sessions = Sessions(clock)
    idle, ended = sessions.begin("a"), sessions.begin("a")
    sessions.end(ended)
    assert not sessions.use(ended)
    clock.now += IDLE + 1
    assert not sessions.use(idle)
    assert not sessions.use(None)
    assert not sessions.use("")


def test_tokens_are_long_and_none_is_another() -> None:
    sessions = Sessions(Clock())
    tokens = {sessions.begin("a") for _ in range(100)}
    assert len(tokens) == 100
    assert all(len(token) >= 43 for token in tokens), "256 bits"


def test_the_session_that_was_not_used_for_longest_makes_room() -> None:
    sessions = Sessions(Clock(), most=2)
    first, second = sessions.begin("a"), sessions.begin("b")
    assert sessions.use(first)
    sessions.begin("c")
    assert sessions.use(first)
    assert not sessions.use(second)


def test_people_by_name_and_one_hash_for_all(tmp_path: Path) -> None:
    kept = hashed("three rings")
    file = tmp_path / "people"
    file.write_text(f"\ufeff# the wall\n\nwall:{kept}\n\n")
    assert read_people(file) == {"wall": Person(kept)}
    file.write_text(kept)
    assert read_people(file, alone=True) == {"": Person(kept)}
    with pytest.raises(PasswordFileWrong):
        read_people(file)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "names nobody"),
        ("wall:three rings\n", "its line 1 holds no hash"),
        ("wall:$argon2id$v=19$m=1,t=1,p=1$x\n", "its line 1 holds no hash"),
        ("HASH\nHASH\n", "its line 2 names somebody"),
        ("three:rings:HASH\n", "its line 1 holds no hash"),
        ("wall:HASH:command\n", "its line 1 has something else .* allowed: nothing"),
        ("\n\udcff", "its line 2 is not UTF-8"),
        ("#" * 2_000_000, "more than 1000000 bytes"),
    ],
)
def test_a_wrong_file_is_told_without_its_content(tmp_path: Path, content: str, words: str) -> None:
    file = tmp_path / "people"
    file.write_bytes(content.replace("HASH", hashed("x")).encode(errors="surrogateescape"))
    with pytest.raises(PasswordFileWrong, match=words) as told:
        read_people(file, alone=True)
    assert "rings" not in str(told.value)
