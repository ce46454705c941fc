"""deploy/venv.sh where a virtual environment cannot be made: it ends there, and says what to mend."""

import subprocess
from pathlib import Path

import pytest

pytestmark = pytest.mark.unit

SCRIPT = Path(__file__).parents[3] / "deploy/venv.sh"
PYTHON = """#!/bin/sh
[ "$1" = -c ]  # its version is good; it has neither venv nor virtualenv
"""
APT_GET = """#!/bin/sh
echo "E: Unable to locate package" >&2
exit 100
"""
ROOT = """#!/bin/sh
echo 0
"""
SOMEBODY = """#!/bin/sh
echo 1000
"""


@pytest.mark.parametrize(
    ("who", "told"),
    [(ROOT, "python3-venv could not be installed; why is told above"), (SOMEBODY, "sudo apt-get install")],
    ids=["root", "somebody"],
)
def test_a_machine_without_venv_is_told_its_cure(tmp_path: Path, who: str, told: str) -> None:
    for name, text in (("python", PYTHON), ("apt-get", APT_GET), ("id", who)):
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(0o755)
    environment = {"PATH": f"{tmp_path}:/usr/bin:/bin", "PYTHON": str(tmp_path / "python")}
    made = tmp_path / "made"
    done = subprocess.run(
        ["sh", str(SCRIPT), str(made), "nothing"], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert told in done.stderr
    assert "not found" not in done.stderr
    assert not made.exists()
