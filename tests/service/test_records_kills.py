"""kill -9 in the middle of traffic: whatever was told to be safe is there afterwards, once, and every call too."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.postgres import PostgreSQL

pytestmark = [pytest.mark.service, pytest.mark.timeout(600)]

ROOT = Path(__file__).parents[2]


def kills(count: int, *options: str) -> str:
    """What so many kills come to; from a process of its own, as one with threads cannot be forked."""
    command = [sys.executable, "-m", "tests.kills", "--kills", str(count), *options]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def test_nothing_is_lost_or_there_twice() -> None:
    """`make kills` does more of them, and so does continuous integration."""
    assert kills(15).startswith("15 kills, ")


def test_nor_in_postgresql() -> None:
    server = PostgreSQL()
    try:
        assert kills(6, "--url", server.url).startswith("6 kills, ")
    finally:
        server.stop()
