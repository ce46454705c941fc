"""Dialplans: TOML a supervisor can read, compiled to a frozen Plan."""
