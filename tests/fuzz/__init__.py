"""Inputs that nobody has thought of, for all that reads what comes from outside: `make fuzz`, docs/fuzzing.md."""
