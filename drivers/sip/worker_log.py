"""What a worker prints, as the gateway's log may show it: without numbers, by what it matters. Pure.

The worker's own lines begin with a level's name; every other line is pjsip's or the interpreter's.
"""

import logging
import re
from typing import Final

from drivers.process_log import LogLine, ProcessLog, levelled

PERIOD: Final = 10.0
"""Seconds of a burst of lines."""
_NUMBER: Final = re.compile(r"\d(?:[ .()-]?\d){4,}")
_TOLD: Final = re.compile(r"\.\./src/pjsua2/")
"""pjsua2 prints each error that it raises; whoever catches it says what it means."""
_FOREIGN: Final = re.compile(r"Error processing \d+ bytes packet|PJSIP syntax error|-- end of packet")


def redact(text: str) -> str:
    """`text` without anything that could be a telephone number: five digits and more become `#`."""
    return _NUMBER.sub("#", text)


def worker_log() -> ProcessLog:
    """The log of one worker, or of the process that they are forked from."""
    return ProcessLog(classify, PERIOD)


def classify(text: str) -> LogLine:
    """A line's level and its text without numbers."""
    level, told = levelled(text)
    if level is not None:
        return level, redact(told)
    if _FOREIGN.search(text):
        return logging.DEBUG, "pjsip: a packet that is no SIP was dropped"
    return logging.DEBUG if _TOLD.search(text) else logging.WARNING, redact(text)
