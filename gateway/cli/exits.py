"""How a command ends: its exit code, and the one line that tells what was wrong."""

import sys

from gateway.records.unreadable import Unreadable

GOOD, FAULT, USAGE = 0, 1, 2
"""Exit codes of every command."""


def complain(error: Exception | str, code: int) -> int:
    """Tell on stderr what was wrong; gives `code`."""
    sys.stderr.write(f"sansheng: {error}\n")
    return code


def unless_spoiled(unreadable: Unreadable) -> int:
    """GOOD where all rows could be read; else tell on stderr which could not: FAULT."""
    return complain(unreadable.told(), FAULT) if unreadable else GOOD
