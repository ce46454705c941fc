"""Tests of the bench itself: not of a modem, so only run where norecursedirs is emptied, as .ci/run does."""
