"""The voice model's runtime keeps to itself: nothing written into the user's home, no thread that could report."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.unit

LOOK = """
import os
from drivers.hearing.ears import Ears
import numpy as np
before = len(os.listdir("/proc/self/task"))
ears = Ears()
ears.hear((np.random.default_rng(1).normal(size=16000) * 3000).astype(np.int16))
print(len(os.listdir("/proc/self/task")) - before)
"""


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="threads are counted in Linux's /proc")
def test_the_model_reports_to_nobody(tmp_path):
    said = {name: value for name, value in os.environ.items() if not name.startswith(("ORT_", "XDG_"))}
    ran = subprocess.run(
        [sys.executable, "-c", LOOK],
        env=said | {"HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[3],
    )
    assert ran.stderr == ""
    assert int(ran.stdout) == 0
    assert list(tmp_path.iterdir()) == []
