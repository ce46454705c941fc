"""The country a modem is set to: T.35 codes as +GCI gives and takes them (pure)."""

import re
from collections.abc import Iterable

COUNTRIES = {"cn": "26"}
"""T.35 code for each tone plan; it sets the modem's own detectors and line interface."""
NAMES = {"26": "China", "B5": "USA", "B4": "United Kingdom", "50": "Hong Kong", "FE": "Taiwan", "00": "Japan"}
"""Those a report is likely to show."""

_PREFIX = re.compile(r"^\s*\+?GCI\s*[:=]\s*", re.IGNORECASE)
_ITEM = re.compile(r"\b([0-9A-F]{1,2})(?:\s*-\s*([0-9A-F]{1,2}))?\b", re.IGNORECASE)


def country_set(lines: Iterable[str]) -> str | None:
    """The code in an answer to `AT+GCI?`, two capital digits; None if there is none."""
    for line in lines:
        match = re.fullmatch(r"[\s(\"]*([0-9A-Fa-f]{1,2})[\s)\"]*", _PREFIX.sub("", line))
        if match is not None:
            return match[1].upper().zfill(2)
    return None


def countries_offered(lines: Iterable[str]) -> frozenset[str]:
    """The codes in an answer to `AT+GCI=?`, on one line or several, each of a range; empty if there is none."""
    codes: set[str] = set()
    for line in lines:
        listed = _PREFIX.sub("", line)
        if not re.fullmatch(r"[\s()\",;0-9A-Fa-f-]+", listed):
            continue
        for first, last in _ITEM.findall(listed):
            codes.update(f"{code:02X}" for code in range(int(first, 16), int(last or first, 16) + 1))
    return frozenset(codes)
