"""Processes of ours that the gateway starts: its own packages in its own version alone, without its secrets."""

import os
import sys
from importlib.metadata import PackageNotFoundError, version
from typing import Final

SECRETS: Final = "SANSHENG_"
"""What the environment's variables that hold passwords and keys begin with. A process is told those that it needs,
and /proc/<pid>/environ is there for as long as it lives."""


_ONE_THREAD: Final = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
"""A call's audio is far too little to be worth a pool of threads, and a process with several cannot be forked."""


class OtherVersion(OSError):
    """The program on the disk was replaced while this one runs: a new process would be of another version, and the
    two might not understand each other."""


def _on_disk() -> str | None:
    """The version that is installed now. None: in no way that Python knows of."""
    try:
        return version("sansheng")
    except PackageNotFoundError:
        return None


_RUNS: Final = _on_disk()
"""As this process was started."""


def command(module: str, *arguments: str) -> tuple[str, ...]:
    """Runs a module of ours, as `python -m` does; a folder of its package's name in the working directory is not
    taken for it (-P), one on PYTHONPATH is. Raises OtherVersion."""
    found = _on_disk()
    if found != _RUNS:
        installed = f"sansheng {found} was" if found else "no version of it is"
        while_runs = f"installed while {_RUNS or 'one without a number'} runs"
        raise OtherVersion(f"{installed} {while_runs}: restart the gateway at the next quiet moment")
    return (sys.executable, "-P", "-m", module, *arguments)


def environment() -> dict[str, str]:
    """Our own without secrets, for processes of one thread."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith(SECRETS)}
    return ours | _ONE_THREAD
