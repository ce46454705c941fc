"""Processes of ours that the gateway starts: from its own packages alone, and without its secrets."""

import os
import sys
from typing import Final

SECRETS: Final = "SANSHENG_"
"""What the environment's variables that hold passwords and keys begin with. A process is told those that it needs,
and /proc/<pid>/environ is there for as long as it lives."""


_ONE_THREAD: Final = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
"""A call's audio is far too little to be worth a pool of threads, and a process with several cannot be forked."""


def command(module: str, *arguments: str) -> tuple[str, ...]:
    """Runs a module of ours, as `python -m` does; a folder of its package's name in the working directory is not
    taken for it (-P), one on PYTHONPATH is."""
    return (sys.executable, "-P", "-m", module, *arguments)


def environment() -> dict[str, str]:
    """Our own without secrets, for processes of one thread."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith(SECRETS)}
    return ours | _ONE_THREAD
