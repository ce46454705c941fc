"""The gateway's counters for Prometheus."""
