"""The gateway's counters for Prometheus."""

from gateway.metrics.metrics import Metrics
from gateway.metrics.seen import Seen
from gateway.metrics.server import MetricsServer

__all__ = ["Metrics", "MetricsServer", "Seen"]
