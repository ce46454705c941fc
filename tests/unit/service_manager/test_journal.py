"""The log as the journal reads it, and as a terminal or a file does."""

import io
import logging
import os
import re
import sys
from collections.abc import Iterator

import pytest

from gateway.cli.log import set_up_log

pytestmark = pytest.mark.unit


@pytest.fixture
def root() -> Iterator[logging.Logger]:
    root = logging.getLogger()
    level, handlers = root.level, root.handlers[:]
    yield root
    root.setLevel(level)
    root.handlers[:] = handlers


def stream() -> str:
    file = os.fstat(sys.stderr.fileno())
    return f"{file.st_dev}:{file.st_ino}"


def test_the_journal_gets_a_priority_on_each_line_and_no_time(
    root: logging.Logger, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JOURNAL_STREAM", stream())
    set_up_log(verbose=True)
    for level in (logging.DEBUG, logging.INFO, logging.WARNING, logging.ERROR, logging.CRITICAL):
        root.log(level, "said")
    root.error("two\nlines of 13812345678")
    assert capfd.readouterr().err.splitlines() == [
        *("<7>root: said", "<6>root: said", "<4>root: said", "<3>root: said", "<2>root: said"),
        *("<3>root: two", "<3>lines of 138****5678"),
    ]


@pytest.mark.parametrize("named", [None, "1:1"])
def test_elsewhere_each_line_has_its_time(
    root: logging.Logger, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, named: str | None
) -> None:
    monkeypatch.delenv("JOURNAL_STREAM", raising=False)
    if named:
        monkeypatch.setenv("JOURNAL_STREAM", named)
    set_up_log()
    root.warning("said")
    assert re.fullmatch(
        r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d WARNING root: said\n", capfd.readouterr().err
    )


def test_a_stderr_that_is_no_file_is_no_journal(root: logging.Logger, monkeypatch: pytest.MonkeyPatch) -> None:
    """Under a service manager, yet called by another program, which keeps what is written."""
    monkeypatch.setenv("JOURNAL_STREAM", stream())
    monkeypatch.setattr(sys, "stderr", kept := io.StringIO())
    set_up_log()
    root.warning("said")
    assert kept.getvalue().endswith(" WARNING root: said\n")
