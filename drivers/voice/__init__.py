"""Voices: text in, speech out, by espeak-ng or by Piper."""
