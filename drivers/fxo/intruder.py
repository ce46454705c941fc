"""Another program at the port, told by what it types: it reads half of our answers and changes the modem.

The kernel keeps a second opener out, but not root's programs, nor one that was there first; ModemManager opens
every ttyACM for 10 to 20 s after it was plugged in (v253 §10).
"""

import logging
import re
from collections.abc import Iterable

from drivers.fxo.at import is_echo

logger = logging.getLogger(__name__)

_COMMAND = re.compile(r"AT[+#$%&*\\A-Z][ -~]*", re.IGNORECASE)
"""A whole command line; a plain AT is anybody's."""
_MOBILE = re.compile(r"\+(?:GCAP|CGM[IMR]|CGSN|CPIN|CFUN|CIMI)\s*:", re.IGNORECASE)
"""Answers to what only a program for mobile modems asks."""
_QCDM = "~x\xf0~"
"""What is left, without control bytes, of the version request that ModemManager tries Qualcomm's modems with."""


class Intruder:
    """Whether somebody else was noticed on `port`; told to the log once for as long as the line lives."""

    def __init__(self, port: str = "the port") -> None:
        self._port = port
        self._told = False
        self.seen = False
        """Set when noticed; whoever sets the modem up anew sets it back."""

    def shows(self, line: str, sent: Iterable[str], *, asked: bool) -> bool:
        """Whether this line from the modem is another's doing. `sent`: our own latest commands; `asked`: one of
        them is in flight, so that information may be its answer."""
        ours = any(is_echo(line, command) for command in sent)
        another = (_COMMAND.fullmatch(line) is not None and not ours) or _QCDM in line
        if not another and (asked or not _MOBILE.match(line)):
            return False
        self.seen = True
        if not self._told:
            self._told = True
            logger.warning(
                "%s: another program types into this port (%.40r), most likely ModemManager: keep it away with "
                "the udev rule in docs/fxo.md. The modem will be set up anew",
                self._port,
                line,
            )
        return True
