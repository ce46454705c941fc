"""How a command ends: its exit code, and the one line that tells what was wrong."""

import sys

GOOD, FAULT, USAGE = 0, 1, 2
"""Exit codes of every command."""


def complain(error: Exception, code: int) -> int:
    """Tell on stderr what was wrong; gives `code`."""
    sys.stderr.write(f"sansheng: {error}\n")
    return code
