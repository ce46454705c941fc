"""A file of callers' passwords: what is read, what is refused and how, and that it is never shown."""

import hashlib
from pathlib import Path

import pytest

from gateway.config.callers_file import caller_line, read_callers
from gateway.config.password_file import PasswordFileWrong

pytestmark = pytest.mark.unit

SHA, MD5 = "a" * 64, "B" * 32


def read(tmp_path: Path, text: str) -> list[tuple[str, str, str, str]]:
    file = tmp_path / "callers"
    file.write_text(text)
    return [(one.user, one.realm, one.algorithm, one.ha1) for one in read_callers(file)]


def test_users_realm_and_hashes_by_their_length(tmp_path: Path) -> None:
    text = f"# telephones\n\n801:hotline:{SHA}\n  802:hotline:{MD5}  \r\n801:hotline:{MD5}\n"
    assert read(tmp_path, text) == [
        ("801", "hotline", "SHA-256", SHA),
        ("802", "hotline", "MD5", "b" * 32),
        ("801", "hotline", "MD5", "b" * 32),
    ]


def test_what_the_command_prints_is_read(tmp_path: Path) -> None:
    line = caller_line("801", "hot line", "correct horse")
    digest = hashlib.sha256(b"801:hot line:correct horse").hexdigest()
    assert read(tmp_path, line) == [("801", "hot line", "SHA-256", digest)]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", None, "names nobody"),
        ("# 801\n", None, "names nobody"),
        (f"801:hotline:{SHA}\n801:hotline:{SHA}\n", 2, "there already"),
        (f"801:hotline:{SHA}\n802:office:{SHA}\n", 2, "another realm"),
        (f"\n801:{SHA}\n", 2, "no user, realm and hash"),
        (f":hotline:{SHA}\n", 1, "no user, realm and hash"),
        (f"801::{SHA}\n", 1, "no user, realm and hash"),
        (f'8"1:hotline:{SHA}\n', 1, "no user, realm and hash"),
        (f"801:hotline:{SHA}:x\n", 1, "no user, realm and hash"),
        (f"801:hotline:{SHA[1:]}\n", 1, "no hash"),
        (f"801:hotline:{'g' * 64}\n", 1, "no hash"),
        ("801:hotline:correct horse\n", 1, "no hash"),
    ],
)
def test_what_cannot_be_used_is_told_by_its_line_and_not_repeated(
    tmp_path: Path, text: str, line: int | None, words: str
) -> None:
    with pytest.raises(PasswordFileWrong, match=words) as told:
        read(tmp_path, text)
    assert told.value.line == line
    assert "horse" not in str(told.value)
    assert SHA not in str(told.value)


def test_secrets_are_not_shown(tmp_path: Path) -> None:
    file = tmp_path / "callers"
    file.write_text(f"801:hotline:{SHA}\n")
    assert SHA not in repr(read_callers(file))


@pytest.mark.parametrize(
    ("user", "realm", "password"), [("8:1", "h", "x"), ("", "h", "x"), ("801", 'h"', "x"), ("801", "h", "")]
)
def test_no_line_of_what_could_not_be_read(user: str, realm: str, password: str) -> None:
    with pytest.raises(ValueError, match="character"):
        caller_line(user, realm, password)
