"""Recordings heard offline: with the ears of the lines, one or a folder of them, as figures and as a picture."""
