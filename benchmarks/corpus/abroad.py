"""Busy and congestion tones of other countries, which are not China's.

Figures of ITU-T E.180 Supplement 2, "Various tones used in national networks", in its edition of February 2003,
and of national standards, as the tone tables of open PBX software give them. Left out are those that lie within
China's own tolerances (450±25 Hz with 0.35/0.35 or 0.70/0.70 s ±10 %), which nobody can tell from China's: the
busy tones of Australia (425 Hz, 0.375/0.375), the Czech Republic (425, 0.33/0.33), Lithuania and Russia (425,
0.35/0.35) and Singapore (425, 0.75/0.75).
"""

from typing import Final

Pattern = tuple[float, ...]
"""Seconds on, off, on, …"""


def _even(seconds: float) -> Pattern:
    return (seconds, seconds)


BUSY_ABROAD: Final[tuple[tuple[str, tuple[float, ...], Pattern], ...]] = (
    ("Austria, busy", (420.0,), _even(0.4)),
    ("Austria, congestion", (420.0,), _even(0.2)),
    ("Belgium, busy", (425.0,), _even(0.5)),
    ("Belgium, congestion", (425.0,), _even(0.167)),
    ("Brazil, busy", (425.0,), _even(0.25)),
    ("Brazil, congestion", (425.0,), (0.25, 0.25, 0.75, 0.25)),
    ("Chile, busy", (400.0,), _even(0.5)),
    ("Chile, congestion", (400.0,), _even(0.2)),
    ("Czech Republic, congestion", (425.0,), _even(0.165)),
    ("Denmark, busy", (425.0,), _even(0.5)),
    ("Estonia, busy", (425.0,), _even(0.3)),
    ("Finland, busy", (425.0,), _even(0.3)),
    ("France, busy", (440.0,), _even(0.5)),
    ("France, congestion", (440.0,), _even(0.25)),
    ("Germany, busy", (425.0,), _even(0.48)),
    ("Germany, congestion", (425.0,), _even(0.24)),
    ("Greece, busy", (425.0,), _even(0.3)),
    ("Hungary, busy", (425.0,), _even(0.3)),
    ("India, busy", (400.0,), _even(0.75)),
    ("India, congestion", (400.0,), _even(0.25)),
    ("Indonesia, busy", (425.0,), _even(0.5)),
    ("Israel, busy", (414.0,), _even(0.5)),
    ("Italy, busy", (425.0,), _even(0.5)),
    ("Italy, congestion", (425.0,), _even(0.2)),
    ("Japan, busy", (400.0,), _even(0.5)),
    ("Malaysia, busy", (425.0,), _even(0.5)),
    ("Mexico, busy", (425.0,), _even(0.25)),
    ("Netherlands, busy", (425.0,), _even(0.5)),
    ("Netherlands, congestion", (425.0,), _even(0.25)),
    ("New Zealand, busy", (400.0,), _even(0.5)),
    ("New Zealand, congestion", (400.0,), _even(0.25)),
    ("Norway, congestion", (425.0,), _even(0.2)),
    ("Philippines, busy", (480.0, 620.0), _even(0.5)),
    ("Poland, busy", (425.0,), _even(0.5)),
    ("Russia, congestion", (425.0,), _even(0.175)),
    ("South Africa, busy", (400.0,), _even(0.5)),
    ("Spain, busy", (425.0,), _even(0.2)),
    ("Spain, congestion", (425.0,), (0.2, 0.2, 0.2, 0.2, 0.2, 0.6)),
    ("Sweden, busy", (425.0,), _even(0.25)),
    ("Sweden, congestion", (425.0,), (0.25, 0.75)),
    ("Switzerland, busy", (425.0,), _even(0.5)),
    ("Switzerland, congestion", (425.0,), _even(0.2)),
    ("Taiwan, busy", (480.0, 620.0), _even(0.5)),
    ("Thailand, busy", (400.0,), _even(0.5)),
    ("Thailand, congestion", (400.0,), _even(0.3)),
    ("United Kingdom, busy", (400.0,), _even(0.375)),
    ("United Kingdom, congestion", (400.0,), (0.4, 0.35, 0.225, 0.525)),
    ("United States, busy", (480.0, 620.0), _even(0.5)),
    ("United States, congestion", (480.0, 620.0), _even(0.25)),
)
"""Country and tone, Hz, seconds on and off."""
