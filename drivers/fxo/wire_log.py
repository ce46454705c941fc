"""What goes over a port, byte by byte, for a fault report or a replay (tests/replays/README.md).

Off unless the environment's SANSHENG_WIRE_LOG names a folder: callers' numbers and voices are in it.
"""

import json
import logging
import os
import time
from pathlib import Path
from typing import TextIO

logger = logging.getLogger(__name__)

VARIABLE = "SANSHENG_WIRE_LOG"


class WireLog:
    """One port's file, `<last part of its path>.wire`, appended to.

    A line is seconds of a clock that never jumps, `>` for host to modem or `<` for modem to host, and the bytes
    as a TOML string, each character one byte. A file that cannot be written is told in the log, once.
    """

    def __init__(self, port: str) -> None:
        folder = os.environ.get(VARIABLE)
        self._file: TextIO | None = None
        if folder:
            path = Path(folder) / f"{Path(port).name}.wire"
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.touch(mode=0o600)  # for its owner's eyes alone (WD-11)
                self._file = path.open("a", encoding="ascii", buffering=1)  # a line is on disk when it is written
            except OSError as exc:
                logger.warning("%s=%s: no wire log: %s", VARIABLE, folder, exc)

    def sent(self, data: bytes) -> None:
        """Host to modem."""
        self._note(">", data)

    def received(self, data: bytes) -> None:
        """Modem to host."""
        self._note("<", data)

    def close(self) -> None:
        """Nothing more goes over the port."""
        file, self._file = self._file, None
        if file is not None:
            file.close()

    def _note(self, direction: str, data: bytes) -> None:
        if self._file is None:
            return
        # JSON's strings are TOML's, but for DEL.
        text = json.dumps(data.decode("latin-1")).replace("\x7f", "\\u007f")
        try:
            self._file.write(f"{time.monotonic():.3f} {direction} {text}\n")
        except OSError as exc:
            logger.warning("the wire log ends: %s", exc)
            self.close()
