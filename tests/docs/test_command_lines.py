"""Every command line of every page, run as a reader would, in a room of the page's own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.elsewhere import STEPS
from tests.docs.pages import ROOT, bare, pages, shell_blocks, statements
from tests.docs.scene import make

pytestmark = [pytest.mark.process, pytest.mark.timeout(1800)]

WITH_COMMANDS = [
    page
    for page in pages()
    if any(bare(statement) not in STEPS for block in shell_blocks(page) for statement in statements(block.text))
]


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hotline")
    make(folder)
    return folder


@pytest.mark.parametrize("page", WITH_COMMANDS)
def test_a_pages_command_lines_do_what_they_say(page: str, template: Path) -> None:
    assert os.geteuid() == 0, "only root can make a room of its own: run make docs-test as root"
    spaces = ["--mount", "--net", "--pid", "--fork", "--kill-child", "--mount-proc", "--propagation", "private"]
    done = subprocess.run(
        ["unshare", *spaces, sys.executable, "-m", "tests.docs.room", page, str(template)],
        cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace", check=False,
    )  # fmt: skip
    assert done.returncode == 0, f"{done.stdout[-6000:]}\n{done.stderr[-3000:]}"
