"""What a worker prints, made fit for the gateway's log: levelled, without numbers, never a flood. Pure.

The worker's own lines begin with a level's name; every other line is pjsip's or the interpreter's.
"""

import logging
import re
from typing import Final

LINE_LIMIT: Final = 300
"""Characters kept of a line: pjsip prints a whole datagram it could not parse."""
BURST: Final = 20
PERIOD: Final = 10.0
"""At most BURST lines in PERIOD seconds; the rest is counted."""
_NUMBER: Final = re.compile(r"\d(?:[ .()-]?\d){4,}")
_LEVEL: Final = re.compile(r"(DEBUG|INFO|WARNING|ERROR|CRITICAL) ")
_TOLD: Final = re.compile(r"\.\./src/pjsua2/")
"""pjsua2 prints each error that it raises; whoever catches it says what it means."""
_FOREIGN: Final = re.compile(r"Error processing \d+ bytes packet|PJSIP syntax error|-- end of packet")

LogLine = tuple[int, str]


def redact(text: str) -> str:
    """`text` without anything that could be a telephone number: five digits and more become `#`."""
    return _NUMBER.sub("#", text)


class WorkerLog:
    """Bytes of the worker's output in, log lines out."""

    def __init__(self) -> None:
        self._partial = b""
        self._period_end = 0.0
        self._printed = 0
        self._dropped = 0

    def feed(self, data: bytes, now: float) -> list[LogLine]:
        """(level, text) for each line that `data` completes, as far as the limit lets it through."""
        *lines, self._partial = (self._partial + data).split(b"\n")
        self._partial = self._partial[: 4 * LINE_LIMIT]
        found: list[LogLine] = []
        for line in lines:
            text = line[: 4 * LINE_LIMIT].decode("utf-8", "replace").strip()[:LINE_LIMIT]
            if text:
                found += self._pass(text, now)
        return found

    def _pass(self, text: str, now: float) -> list[LogLine]:
        found: list[LogLine] = []
        if now >= self._period_end:
            if self._dropped:
                found.append((logging.WARNING, f"{self._dropped} more lines left out"))
            self._period_end, self._printed, self._dropped = now + PERIOD, 0, 0
        if self._printed >= BURST:
            self._dropped += 1
            return found
        self._printed += 1
        return [*found, classify(text)]


def classify(text: str) -> LogLine:
    """A line's level and its text without numbers."""
    match = _LEVEL.match(text)
    if match:
        return logging.getLevelNamesMapping()[match.group(1)], redact(text[match.end() :])
    if _FOREIGN.search(text):
        return logging.DEBUG, "pjsip: a packet that is no SIP was dropped"
    return logging.DEBUG if _TOLD.search(text) else logging.WARNING, redact(text)
