"""A voice: text in, speech out, by espeak-ng."""
