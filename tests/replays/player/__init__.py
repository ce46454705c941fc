"""Plays the modem of a recorded line: see tests/replays/README.md."""
