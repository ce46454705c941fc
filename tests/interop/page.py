"""The table of docs/interoperability.md: what the tests here try, and the versions of the programs they use.

python -m tests.interop.page docs/interoperability.md
"""

import ast
import re
import subprocess
import sys
from pathlib import Path
from typing import Final

from tests.broker import tool

FOLDER: Final = Path(__file__).parent
BEGIN, END = "<!-- table -->\n", "<!-- end -->\n"
BOTH: Final = "baresip, linphone"
VERSIONS: Final = {
    "baresip": (("baresip", "-h"), r"baresip v([\d.]+)"),
    "linphone": (("linphonec", "-v"), r"version: ([\d.]+)"),
    "SIPp": (("sipp", "-v"), r"SIPp v([\d.]+)"),
    "Kamailio": (("kamailio", "-v"), r"kamailio ([\d.]+)"),
}
"""How a program is asked for its version, and where it tells it."""
PACKAGES: Final = {"baresip": "baresip", "linphonec": "linphone-cli", "sipp": "sip-tester", "kamailio": "kamailio"}


def table() -> str:
    """The versions found on this machine, then a row for each test."""
    found = ", ".join(f"{name} {version(name)}" for name in VERSIONS)
    rows = [f"| {who} | {what} |" for who, what in _cases()]
    return "\n".join([f"Tried with {found}.", "", "| client | tried |", "| --- | --- |", *rows, ""])


def version(name: str) -> str:
    """As the program tells it."""
    (program, option), pattern = VERSIONS[name]
    asked = subprocess.run(
        [tool(program, PACKAGES[program]), option], capture_output=True, text=True, timeout=20, check=False
    )
    told = re.search(pattern, asked.stdout + asked.stderr)
    assert told is not None, asked.stdout + asked.stderr
    return told[1]


def updated(page: str) -> str:
    """The page with the table of now."""
    head, _, rest = page.partition(BEGIN)
    return f"{head}{BEGIN}{table()}{END}{rest.partition(END)[2]}"


def _cases() -> list[tuple[str, str]]:
    cases = []
    for module in sorted(FOLDER.glob("test_*.py"), reverse=True):
        for node in ast.parse(module.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.AsyncFunctionDef) and node.name.startswith("test_"):
                who, colon, what = (ast.get_docstring(node) or "").partition(": ")
                cases.append((who, what) if colon else (BOTH, who))
    return cases


if __name__ == "__main__":
    path = Path(sys.argv[1])
    path.write_text(updated(path.read_text(encoding="utf-8")), encoding="utf-8")
