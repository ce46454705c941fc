"""Passwords are kept as hashes; `sansheng password` makes them."""

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.config.passwords import LONGEST, hashed, is_hash, matches
from tests.examples import examples

pytestmark = pytest.mark.unit


def test_a_password_matches_its_own_hash_alone() -> None:
    kept = hashed("济南 801")
    assert is_hash(kept)
    assert ":" not in kept
    assert "801" not in kept.rpartition("$")[0]
    assert matches(kept, "济南 801")
    assert not matches(kept, "济南 802")
    assert hashed("济南 801") != kept  # each has a salt of its own


def test_what_looks_the_same_is_the_same() -> None:
    assert matches(hashed("Caf\u00e9"), "Cafe\u0301")


@pytest.mark.parametrize("password", ["", "x" * (LONGEST + 1), "\ud800"])
def test_no_hash_of_what_nobody_can_log_in_with(password: str) -> None:
    with pytest.raises(ValueError, match="password"):
        hashed(password)
    assert not matches(hashed("x"), password)


@settings(max_examples=examples(30))
@given(st.text() | st.builds("$argon2id$v=19$m={},t={},p={}$c2FsdHNhbHQ$aGFzaA".format, *[st.integers()] * 3))
def test_what_is_no_hash_matches_nothing(text: str) -> None:
    assert not matches(text, "x")


def test_a_hash_that_would_take_minutes_is_none() -> None:
    assert not is_hash("$argon2id$v=19$m=4194304,t=64,p=1$c2FsdHNhbHQ$aGFzaGhhc2hoYXNoaGFzaA")


def made(given: bytes) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "gateway.cli.main", "password"], input=given, capture_output=True, check=False
    )


def test_the_command_hashes_the_line_it_is_given() -> None:
    done = made("geheim 密\r\n".encode())
    assert (done.returncode, done.stderr) == (0, b"")
    assert matches(done.stdout.decode().strip(), "geheim 密")


@pytest.mark.parametrize("given", [b"", b"\n", b"\xff\n"])
def test_the_command_refuses_what_is_no_password(given: bytes) -> None:
    done = made(given)
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr.startswith(b"sansheng: a password")
    assert b"Traceback" not in done.stderr
