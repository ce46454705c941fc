"""Another process's log lines: levels kept, cut, never a flood."""

import logging

import pytest

from drivers.process_log import BURST, LINE_LIMIT, ProcessLog, levelled

pytestmark = pytest.mark.unit

PERIOD = 60.0


def new_log() -> ProcessLog:
    def classify(text: str) -> tuple[int, str]:
        level, told = levelled(text)
        return logging.WARNING if level is None else level, told

    return ProcessLog(classify, PERIOD)


def test_levels_and_partial_lines() -> None:
    log = new_log()
    assert log.feed(b"INFO a log-in\nWARN", 0.0) == [(logging.INFO, "a log-in")]
    assert log.feed(b"ING x\n  oops\n", 0.0) == [(logging.WARNING, "x"), (logging.WARNING, "oops")]


def test_lines_are_cut() -> None:
    log = new_log()
    assert log.feed(b"x" * 10_000, 0.0) == []
    [(_, text)] = log.feed(b"x" * 10_000 + b"\n", 0.0)
    assert len(text) == LINE_LIMIT


def test_a_flood_is_counted() -> None:
    log = new_log()
    assert len(log.feed(b"x\n" * 100, 0.0)) == BURST
    assert log.feed(b"y\n", PERIOD)[0] == (logging.WARNING, f"{100 - BURST} more lines left out")
