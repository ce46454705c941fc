"""What is counted of calls, and how: definitions, sums, the monthly score. Pure."""

from gateway.kpi.call import CallFigures

__all__ = ["CallFigures"]
