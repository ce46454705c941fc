"""What the wallboard's process prints: its level kept, what has none is a warning, numbers masked."""

import logging

import pytest

from gateway.wallboard.feeder import log_line

pytestmark = pytest.mark.unit


def test_levels_are_kept_and_numbers_masked() -> None:
    assert log_line("INFO a log-in of 13812345678") == (logging.INFO, "a log-in of 138****5678")
    assert log_line("Traceback of 13812345678") == (logging.WARNING, "Traceback of 138****5678")
