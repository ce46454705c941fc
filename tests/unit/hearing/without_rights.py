"""Runs code as someone to whom permissions apply: they do not to root, as whom tests in a container run."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

_DROP: Final = """
import os
def drop_rights():
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(65534)
        os.setuid(65534)
"""
"""To nobody. Once all is imported: the code under test may lie where nobody else can read it."""


def run_without_rights(code: str, folder: Path) -> str:
    """What `code` prints. It calls drop_rights() behind its imports.

    It stands in `folder`, which it may read; names there are relative, as the folders above may be closed to it.
    """
    folder.chmod(0o755)
    path = os.pathsep.join(part for part in sys.path if part)
    ran = subprocess.run(
        [sys.executable, "-c", _DROP + code],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": f"{Path.cwd()}{os.pathsep}{path}"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout
