"""What a process of ours prints, made fit for the gateway's log: levelled, cut, never a flood. Pure."""

import logging
from collections.abc import Callable
from typing import Final

LINE_LIMIT: Final = 300
"""Characters kept of a line: pjsip prints a whole datagram it could not parse."""
BURST: Final = 20
"""Lines let through in a period; the rest is counted: whoever storms a port does not fill the gateway's disk."""
_LEVELS: Final = {name: getattr(logging, name) for name in ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")}

LogLine = tuple[int, str]


def levelled(text: str) -> tuple[int | None, str]:
    """A line of our own begins with its level's name: that and the rest; None and all of another's."""
    word, _, rest = text.partition(" ")
    level = _LEVELS.get(word)
    return (None, text) if level is None else (level, rest)


class ProcessLog:
    """Bytes of a process's standard error in, log lines out."""

    def __init__(self, classify: Callable[[str], LogLine], period: float) -> None:
        """`classify` gives a line's level and what may be shown of it; BURST lines in `period` seconds."""
        self._classify = classify
        self._period = period
        self._partial = b""
        self._period_end = 0.0
        self._printed = 0
        self._dropped = 0

    def feed(self, data: bytes, now: float) -> list[LogLine]:
        """(level, text) of each line that `data` completes and the limit lets through; `now` in seconds."""
        *lines, self._partial = (self._partial + data).split(b"\n")
        self._partial = self._partial[: 4 * LINE_LIMIT]
        found: list[LogLine] = []
        for line in lines:
            text = line[: 4 * LINE_LIMIT].decode("utf-8", "replace").strip()
            if text:
                found += self._passed(text, now)
        return found

    def _passed(self, text: str, now: float) -> list[LogLine]:
        found: list[LogLine] = []
        if now >= self._period_end:
            if self._dropped:
                found.append((logging.WARNING, f"{self._dropped} more lines left out"))
            self._period_end, self._printed, self._dropped = now + self._period, 0, 0
        if self._printed >= BURST:
            self._dropped += 1
            return found
        self._printed += 1
        level, told = self._classify(text)
        return [*found, (level, told[:LINE_LIMIT])]
