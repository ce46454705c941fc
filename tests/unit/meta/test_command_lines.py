"""Every command line of the documentation is run: by `make docs-test`, or by the step that the table names."""

import re
from pathlib import Path

import pytest

from tests.docs.elsewhere import STEPS
from tests.docs.manner import MANNERS, WORDS, manner_of
from tests.docs.pages import ROOT, bare, blocks, pages, shell_blocks

pytestmark = pytest.mark.unit

KINDS = {"sh", "text", "", "toml", "json", "python", "yaml", "ini", "nginx", "mermaid", "sql", "html", "csv"}
"""Of fenced blocks. `sh` is run; a shell's commands hidden in another one would not be."""
_COMMAND = re.compile(
    r"^(\$ |sudo |sansheng [a-z]|make [a-z]|python -m |systemctl |mosquitto_[a-z]+ -|apt-get )", re.M
)
LINES = {bare(line) for page in pages() for block in shell_blocks(page) for line in block.text.splitlines()}


def test_the_pages_are_found() -> None:
    assert {"README.md", "CONTRIBUTING.md", "docs/feed.md", "hw_tests/README.md", "dialplans/README.md"} <= set(
        pages()
    )
    assert len(LINES) > 150


@pytest.mark.parametrize("page", pages())
def test_commands_stand_in_blocks_that_are_run(page: str) -> None:
    for block in blocks(page):
        assert block.kind in KINDS, f"{block.name}: {block.kind!r} is no kind of block; commands are ```sh"
        if block.kind in ("", "text"):
            assert not _COMMAND.search(block.text), f"{block.name}: a command in a block that is not run"


@pytest.mark.parametrize("line", STEPS)
def test_a_command_line_run_elsewhere_has_its_step(line: str) -> None:
    file, step = STEPS[line]
    assert line in LINES, "no page has it any more"
    assert step in (ROOT / file).read_text(encoding="utf-8"), f"{file} does not run it any more"


@pytest.mark.parametrize("manner", MANNERS, ids=lambda manner: manner.begins)
def test_every_manner_is_one_of_a_command_line(manner: object) -> None:
    named = [(page, bare(line)) for page in pages() for line in [*_lines(page), "python subscriber.py"]]
    assert any(manner_of(page, line) is manner for page, line in named), "no page has it any more"


@pytest.mark.parametrize(("page", "word"), [(page, word) for page, word, _ in WORDS])
def test_every_stand_in_stands_for_a_word_of_its_page(page: str, word: str) -> None:
    there = [page] if page else pages()
    assert any(word in block.text for each in there for block in shell_blocks(each))


def test_the_steps_are_steps_of_continuous_integration() -> None:
    run = "".join(Path(ROOT, ".ci", name).read_text() for name in ("run", "nightly"))
    assert re.search(r"(make|beside) .*docs-test", run)


def _lines(page: str) -> list[str]:
    return [line for block in shell_blocks(page) for line in block.text.splitlines()]
