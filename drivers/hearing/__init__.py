"""Ears: 20 ms frames in, verdicts and call-progress tones out. G.711, levels, WAV files."""
