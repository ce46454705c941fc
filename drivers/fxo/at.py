"""AT command state as text (pure): cutting lines, telling results, rings and echoes apart.

Tolerant by need: any number of CR and LF, an echo before the answer, OK and RING in one read, words that differ
from maker to maker.
"""

import re
from enum import Enum

LINE_LIMIT = 512
"""No result is longer; noise without line ends must not grow."""


class Result(Enum):
    """The final answer to a command."""

    OK = "OK"
    CONNECT = "CONNECT"
    ERROR = "ERROR"
    NO_CARRIER = "NO CARRIER"
    NO_LINE = "NO LINE"
    NO_DIAL_TONE = "NO DIAL TONE"
    BUSY = "BUSY"


_RESULTS = {
    "OK": Result.OK,
    "VCON": Result.OK,
    "CONNECT": Result.CONNECT,
    "ERROR": Result.ERROR,
    "NO CARRIER": Result.NO_CARRIER,
    "NO ANSWER": Result.NO_CARRIER,
    "BUSY": Result.BUSY,
    "NO DIALTONE": Result.NO_DIAL_TONE,
    "NO DIAL TONE": Result.NO_DIAL_TONE,
    "NO LINE": Result.NO_LINE,
    "LINE IN USE": Result.NO_CARRIER,
    "OFF HOOK INTRUSION": Result.NO_CARRIER,
}
LINE_IN_USE = "LINE IN USE"
_HELD = {LINE_IN_USE, "OFF HOOK INTRUSION"}
"""By the voltage on the line another telephone is off-hook (Conexant)."""
_NUMERIC = {
    "0": Result.OK,
    "1": Result.CONNECT,
    "3": Result.NO_CARRIER,
    "4": Result.ERROR,
    "6": Result.NO_DIAL_TONE,
    "7": Result.BUSY,
}
_RING = re.compile(r"RING(?: ?[A-Z0-9])?$|DRON ?= ?\d+$")
"""Plain, distinctive, or the length of a burst that has just ended: +VDR may report nothing else."""


class LineCutter:
    """Cuts text into lines at CR or LF; empty lines are dropped, control bytes too."""

    def __init__(self) -> None:
        self._partial = bytearray()

    def take(self, data: bytes, start: int) -> tuple[str | None, int]:
        """The next line of `data` from `start`, or None when it has no end yet; and where to go on.

        One line at a time, because what follows CONNECT is no longer text.
        """
        for position in range(start, len(data)):
            byte = data[position]
            if byte in (0x0D, 0x0A):
                line = self._partial.decode("latin-1").strip()
                self._partial.clear()
                if line:
                    return line, position + 1
            elif byte >= 0x20 and byte != 0x7F and len(self._partial) < LINE_LIMIT:
                self._partial.append(byte)
        return None, len(data)

    def clear(self) -> None:
        """Forget a line begun."""
        self._partial.clear()


def result_of(line: str, *, numeric: bool = False) -> Result | None:
    """The result a line stands for; None for anything else. `numeric` also knows V0's digits."""
    word = _plain(line)
    if word.startswith("CONNECT"):
        return Result.CONNECT
    if word.startswith(("+CME ERROR", "+CMS ERROR")):
        return Result.ERROR
    return _RESULTS.get(word) or (_NUMERIC.get(word) if numeric else None)


def is_ring(line: str) -> bool:
    """Whether a line reports a ring burst, plain or distinctive (`RING A`, `RING 2`)."""
    return _RING.match(_plain(line)) is not None


def is_line_in_use(line: str) -> bool:
    """Whether a line says that another telephone holds the telephone line."""
    return _plain(line) in _HELD


def is_echo(line: str, command: str) -> bool:
    """Whether a line is the echo of `command`; some firmware swaps its first two letters."""
    seen, sent = line.replace(" ", "").upper(), command.replace(" ", "").upper()
    return seen == sent or (seen[:2] == "TA" and seen[2:] == sent[2:])


def _plain(line: str) -> str:
    """The line without line noise: ASCII only, one space between words."""
    return " ".join("".join(c for c in line if c.isascii()).upper().split())
