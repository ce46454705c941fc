"""How many examples a property is tried with: few in `make test`, EXAMPLES times as many in `make properties`."""

import os

FACTOR = int(os.environ.get("EXAMPLES", "1"))


def examples(count: int) -> int:
    """So many of `make test`'s, times EXAMPLES."""
    return count * FACTOR
