"""The beat in which the voice streams of all lines are read, heard and sent (pure).

What a line does every 60 ms takes a millisecond, most of it to fetch code and data that a processor has forgotten
since: lines that wake at the same moment find them warm, and cost two thirds of what they would one by one.
"""

BEAT = 0.06
"""Seconds: three frames of 20 ms, an eighth of what a modem holds of a prompt; no decision depends on it."""
JOINED_BEAT = 0.02
"""Seconds while two people talk to each other: a frame."""
_NEAR = 0.005
"""Seconds before a beat in which the next one is meant: a timer may come that early, a read may just have been."""


def next_beat(now: float, every: float = BEAT) -> float:
    """When the next beat falls, in the loop's seconds as `now`: the same for all who ask for `every` so many."""
    return ((now + _NEAR) // every + 1) * every
