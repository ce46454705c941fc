"""How fast a recording may be spoken (JH-15)."""

RATE_TOLERANCE = 0.25
"""How far a recording may be from the dialplan's speaking_rate: people breathe, commas pause."""


def allowed_rates(count: int, wanted: int) -> tuple[float, float]:
    """The slowest and fastest characters a minute at which `count` (from 1) characters may be spoken.

    `wanted` within RATE_TOLERANCE, and one character more or less: a rate over whole syllables is no finer than
    one of them, and a short prompt lacks the pauses that a long one averages. So 40 characters are held to some
    25 %, four to 40 % less and two thirds more, and a single one only to no slower than 62 % less.
    """
    slowest = wanted * (1 - RATE_TOLERANCE) * count / (count + 1)
    fastest = wanted * (1 + RATE_TOLERANCE) * count / (count - 1) if count > 1 else float("inf")
    return slowest, fastest
