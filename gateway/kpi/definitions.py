"""Every figure that a report may show, defined. docs/kpi.md is drawn from it (`gateway.kpi.page`)."""

from gateway.kpi.calls_defined import OF_CALLS
from gateway.kpi.definition import Definition, Unit
from gateway.kpi.others_defined import OF_LOG_INS, OF_THE_SCORE, OF_TICKETS

__all__ = ["DEFINITIONS", "OF_CALLS", "OF_LOG_INS", "OF_THE_SCORE", "OF_TICKETS", "Definition", "Unit"]

DEFINITIONS = (*OF_CALLS, *OF_TICKETS, *OF_LOG_INS, *OF_THE_SCORE)
"""In the order in which reports show them."""
