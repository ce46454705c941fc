"""The pages of documentation, their blocks of shell commands and the statements of each."""

import re
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
NOT_FOR_USERS = {"CHANGELOG.md"}
_FENCE = re.compile(r"^(?P<indent>\s*)```(?P<kind>\S*)\s*$")


@dataclass(frozen=True, slots=True)
class Block:
    """One fenced block: where, of which kind, its lines without the fence's indent."""

    page: str
    line: int
    kind: str
    text: str

    @property
    def name(self) -> str:
        return f"{self.page}:{self.line}"


FOLDERS = ("docs", "dialplans", "hw_tests", "deploy", "tests", "benchmarks", "gateway", "drivers")


@cache
def pages() -> list[str]:
    """Every Markdown file that is part of the product, by its path from the root."""
    found = [*ROOT.glob("*.md"), *(page for folder in FOLDERS for page in (ROOT / folder).rglob("*.md"))]
    names = sorted(str(page.relative_to(ROOT)) for page in found)
    return [name for name in names if name not in NOT_FOR_USERS and not re.search(r"/\.|^hw_tests/reports/", name)]


@cache
def blocks(page: str) -> tuple[Block, ...]:
    """All fenced blocks of a page, in their order."""
    found: list[Block] = []
    opened: tuple[int, str, str] | None = None
    held: list[str] = []
    for number, line in enumerate((ROOT / page).read_text(encoding="utf-8").splitlines(), 1):
        fence = _FENCE.match(line)
        if fence is None:
            held.append(line)
        elif opened is None:
            opened, held = (number, fence["kind"], fence["indent"]), []
        else:
            begun, kind, indent = opened
            text = "\n".join(each.removeprefix(indent) for each in held)
            found.append(Block(page, begun, kind, text))
            opened = None
    assert opened is None, f"{page}: a fence is never closed"
    return tuple(found)


def shell_blocks(page: str) -> list[Block]:
    return [block for block in blocks(page) if block.kind == "sh"]


@cache
def statements(text: str) -> tuple[str, ...]:
    """A block's statements, each of as many lines as make a whole for the shell; comments alone are none."""
    found: list[str] = []
    held = ""
    for line in text.splitlines():
        held = f"{held}\n{line}" if held else line
        if not held.strip() or held.strip().startswith("#"):
            held = ""
        elif not held.endswith("\\") and _whole(held):
            found.append(held)
            held = ""
    assert not held, f"the shell never sees the end of: {held}"
    return tuple(found)


def _whole(text: str) -> bool:
    return subprocess.run(["bash", "-n"], input=text, text=True, capture_output=True, check=False).returncode == 0


def bare(statement: str) -> str:
    """Without the remarks at its lines' ends and with single spaces: what tables name it by."""
    lines = [re.sub(r"\s+# .*$", "", line).strip() for line in statement.splitlines()]
    return " ".join(" ".join(lines).split())
