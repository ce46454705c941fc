"""The process's log lines: levels kept, numbers masked, cut, never a flood."""

import logging

import pytest

from gateway.wallboard.child_log import BURST, LINE_LIMIT, PERIOD, ChildLog

pytestmark = pytest.mark.unit


def test_levels_and_partial_lines() -> None:
    log = ChildLog()
    assert log.feed(b"INFO a log-in\nWARN", 0.0) == [(logging.INFO, "a log-in")]
    assert log.feed(b"ING x\n  oops\n", 0.0) == [(logging.WARNING, "x"), (logging.WARNING, "oops")]


def test_numbers_are_masked_and_lines_cut() -> None:
    [(_, text)] = ChildLog().feed(b"ERROR of 13812345678 " + b"x" * 10_000 + b"\n", 0.0)
    assert text.startswith("of 138****5678")
    assert len(text) == LINE_LIMIT


def test_a_flood_is_counted() -> None:
    log = ChildLog()
    assert len(log.feed(b"x\n" * 100, 0.0)) == BURST
    assert log.feed(b"y\n", PERIOD)[0] == (logging.WARNING, f"{100 - BURST} more lines left out")
