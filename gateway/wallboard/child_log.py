"""What the wallboard's process prints, made fit for the gateway's log: levelled, cut, never a flood. Pure."""

import logging
from typing import Final

from drivers.line.masking import without_numbers

LINE_LIMIT: Final = 300
"""Characters kept of a line."""
BURST: Final = 20
PERIOD: Final = 60.0
"""At most BURST lines in PERIOD seconds: whoever storms the page does not fill the gateway's disk."""
_LEVELS: Final = {name: getattr(logging, name) for name in ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")}


class ChildLog:
    """Bytes of standard error in, log lines out."""

    def __init__(self) -> None:
        self._partial = b""
        self._period_end = 0.0
        self._printed = 0
        self._dropped = 0

    def feed(self, data: bytes, now: float) -> list[tuple[int, str]]:
        """(level, text) of each line that `data` completes and the limit lets through; `now` in seconds."""
        *lines, self._partial = (self._partial + data).split(b"\n")
        self._partial = self._partial[: 4 * LINE_LIMIT]
        found: list[tuple[int, str]] = []
        for line in lines:
            text = line[: 4 * LINE_LIMIT].decode(errors="replace").strip()
            if text:
                found += self._passed(text, now)
        return found

    def _passed(self, text: str, now: float) -> list[tuple[int, str]]:
        found: list[tuple[int, str]] = []
        if now >= self._period_end:
            if self._dropped:
                found.append((logging.WARNING, f"{self._dropped} more lines left out"))
            self._period_end, self._printed, self._dropped = now + PERIOD, 0, 0
        if self._printed >= BURST:
            self._dropped += 1
            return found
        self._printed += 1
        word, _, rest = text.partition(" ")
        level = _LEVELS.get(word)
        told = text if level is None else rest
        return [*found, (logging.WARNING if level is None else level, without_numbers(told)[:LINE_LIMIT])]
