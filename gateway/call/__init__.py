"""The call engine: pure policy. Knows one Plan, no clock, no IO, no log."""
