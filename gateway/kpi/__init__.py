"""What is counted of calls, and how: definitions, sums, the monthly score. Pure."""

from gateway.kpi.call import CallFigures
from gateway.kpi.figures import ClauseCount, Figures
from gateway.kpi.groups import By, key_of
from gateway.kpi.tally import Tally

__all__ = ["By", "CallFigures", "ClauseCount", "Figures", "Tally", "key_of"]
