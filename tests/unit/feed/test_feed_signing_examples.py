"""The examples of docs/feed.md sign what the gateway takes."""

import asyncio
import json
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from gateway.feed.requests.answering import Answering
from gateway.feed.requests.authority import Authority
from tests.broker import tool

pytestmark = pytest.mark.unit

DOCS = Path(__file__).parents[3] / "docs" / "feed.md"
KEY = "5ca1ab1e" * 8


def example(language: str) -> str:
    """The one in this language that signs."""
    found = [text for text in re.findall(rf"```{language}\n(.*?)```", DOCS.read_text(), re.S) if "sign" in text]
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize("language", ["python", "sh"])
def test_an_example_is_taken_and_without_its_key_refused(language: str, tmp_path: Path) -> None:
    tool("openssl", "openssl")
    (tmp_path / "command.key").write_text(f"{KEY}\n")
    program = [sys.executable, "-c"] if language == "python" else ["sh", "-euc"]
    ran = subprocess.run([*program, example(language)], cwd=tmp_path, capture_output=True, check=True, timeout=60)
    for key, taken in ((KEY, True), (KEY[::-1], False)):
        done: list[object] = []
        answering = Answering({}, time.time, authority=Authority(key.encode()))
        answering.obey({"agent": lambda fields, done=done: done.append((fields["agent"], fields["state"]))})
        result = asyncio.run(answering.answer(ran.stdout))
        assert result is not None
        assert result["ok"] is taken, result
        assert result["id"] == json.loads(ran.stdout)["id"]
        assert done == ([("801", "away")] if taken else [])
