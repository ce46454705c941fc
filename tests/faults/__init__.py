"""Faults injected on live calls of a whole gateway; docs/faults.md has the table. `make faults` runs them."""
