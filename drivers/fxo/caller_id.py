"""Caller ID out of the lines a modem prints (pure): tight, spaced, in any order, with gaps, or raw hex.

A set's lines come in one write or several; it is complete with number and name, or when no more of it comes.
"""

import re

from drivers.fxo import caller_id_raw as raw
from drivers.line import CallerId, Presentation

SETTLE = 0.5
"""Seconds after the last line in which the rest of a set arrives."""
NAME_ONLY = 2.0
"""Seconds a name waits for its number."""
STALE = 4.0
"""Seconds after which an unfinished set belongs to another call."""
LONGEST_VALUE = 64
_FIELD = re.compile(r"^(?:\+?VCID\s*:\s*)?([A-Z][A-Z_ ]{1,9}?)\s*[=:]\s*(.*)$")
_NUMBERS = {"NMBR", "NBR", "NUMBER", "DDN_NMBR", "DDN NMBR", "CALLER NUMBER"}
_NAMES = {"NAME", "CALLER NAME"}
_IGNORED = {"DATE", "TIME", "CIDM", "ERRM", "DRON", "DROF", "FLAG"}
_PRIVATE = {"P", "PRIVATE", "ANONYMOUS", "WITHHELD", "PRIVATE NUMBER", "PRIVATE CALLER"}
_UNAVAILABLE = {"", "O", "OUT OF AREA", "UNAVAILABLE", "UNKNOWN", "UNKNOWN CALLER", "OUT-OF-AREA"}


class CallerIdCollector:
    """Told every unsolicited line with its time in seconds; gives a CallerId once its set is settled."""

    def __init__(self) -> None:
        self._number: str | None = None
        self._name: str | None = None
        self._hex = ""
        self._last = 0.0

    def feed(self, line: str, now: float) -> bool:
        """Take a line; True if it belonged to a caller ID."""
        if now - self._last > STALE:
            self.clear()
        match = _FIELD.match(line)
        if match is not None:
            known = self._field(match[1], match[2].strip()[:LONGEST_VALUE])
        else:
            known = self._hex_line(line)
        if known:
            self._last = now
        return known

    @property
    def due(self) -> float | None:
        """When the set will be settled, if nothing more comes; None while there is nothing to give."""
        if self._number is not None:
            return self._last + (0.0 if self._name is not None else SETTLE)
        return None if self._name is None else self._last + NAME_ONLY

    def take(self) -> CallerId | None:
        """The caller ID collected, which is then forgotten."""
        number, name = self._number, self._name
        self.clear()
        if number is None and name is None:
            return None
        return _presented((number or "").strip(), (name or "").strip())

    def number_so_far(self) -> CallerId | None:
        """What the number received so far tells, before the set is complete; None without one."""
        return None if self._number is None else _presented(self._number.strip(), (self._name or "").strip())

    def clear(self) -> None:
        """Forget what was collected."""
        self._number = self._name = None
        self._hex = ""

    def _field(self, key: str, value: str) -> bool:
        if key in _NUMBERS:
            self._number = value
        elif key in _NAMES:
            self._name = value
        elif key == "MESG":
            self._message(value)
        else:
            return key in _IGNORED
        return True

    def _message(self, value: str) -> None:
        """Rockwell's MESG: one parameter in hex that the modem did not understand, or a whole message."""
        digits = raw.hex_of(value)
        if digits is None or len(digits) % 2:
            return
        if raw.begins_message(digits) and raw.whole(digits):
            self._adopt(raw.fields(digits))
        else:
            self._adopt(raw.parameters(bytes.fromhex(digits)))

    def _hex_line(self, line: str) -> bool:
        digits = raw.hex_of(line)
        if digits is None or not (self._hex or raw.begins_message(digits)):
            return False
        self._hex = (self._hex + digits)[: raw.LONGEST]
        if raw.whole(self._hex):
            self._adopt(raw.fields(self._hex))
            self._hex = ""
        return True

    def _adopt(self, found: dict[str, str]) -> None:
        self._number = found.get("NMBR", self._number)
        self._name = found.get("NAME", self._name)


def _presented(number: str, name: str) -> CallerId:
    digits = re.sub(r"[^0-9]", "", number)[:LONGEST_VALUE]
    # Line noise, and what somebody may have had sent as his name: it goes into logs, records and pages.
    name = "".join(letter for letter in name if letter.isprintable()).strip()[:LONGEST_VALUE].rstrip()
    if digits.strip("0"):
        known = name.upper() not in _PRIVATE | _UNAVAILABLE
        return CallerId(digits, name if known else None)
    private = number.upper() in _PRIVATE or name.upper() in _PRIVATE
    presentation = Presentation.PRIVATE if private else Presentation.UNAVAILABLE
    known = name.upper() not in _PRIVATE | _UNAVAILABLE
    return CallerId(None, name if known else None, presentation)
