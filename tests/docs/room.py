"""`python -m tests.docs.room PAGE TEMPLATE`, as root in namespaces of its own: runs a page's command lines.

Each block has a shell of its own, in a checkout of which no change outlives the room; `scene.make` makes the
template.
"""

import contextlib
import os
import pty
import re
import shlex
import subprocess
import sys
import termios
import threading
from pathlib import Path

from tests.docs import scene
from tests.docs.elsewhere import STEPS
from tests.docs.manner import FOLDERS, manner_of, worded
from tests.docs.pages import ROOT, Block, bare, blocks, shell_blocks, statements
from tests.docs.scenes import PARTS

ADDRESSES = [f"192.0.2.{host}" for host in (1, 2, 5, 10, 11, 12, 13, 100)] + ["198.51.100.7"]
"""Of the examples; loopback has them all."""
NAMES = "db.example broker.example broker.example.org pbx.example hotline.lan"
PLACES = ["/etc", "/opt", "/root", "/home", "/usr", "/var", "/tmp", "/run", "/srv"]
"""Where commands may write: changes go to memory, and with the room."""
WITHIN = 600.0
"""Seconds that a block may take on a busy machine; most take one."""


PROGRAM = "import json\nimport paho"
"""How a whole program of a page begins."""
PASSWORD = b"Dri-7_rings\n"
LOOK = 0.2
"""Seconds after which is looked again whether somebody wants a password: nothing tells it, as some ask
on their standard output and some on the terminal, but all switch its echo off while they read one."""


def furnish() -> None:
    """Overlays, addresses, programs."""
    run = subprocess.check_call
    run(["mount", "-t", "tmpfs", "tmpfs", "/mnt"])
    places = [*PLACES] if str(ROOT).startswith("/tmp/") else [*PLACES, str(ROOT)]
    for number, place in enumerate(places):
        upper, work = Path(f"/mnt/{number}/upper"), Path(f"/mnt/{number}/work")
        upper.mkdir(parents=True)
        work.mkdir()
        run(
            ["mount", "-t", "overlay", "overlay", "-o", f"lowerdir={place},upperdir={upper},workdir={work}", place]
        )
    os.chdir(ROOT)
    run(["ip", "link", "set", "lo", "up"])
    for address in ADDRESSES:
        run(["ip", "address", "add", f"{address}/32", "dev", "lo"])
    with Path("/etc/hosts").open("a") as hosts:
        hosts.write(f"\n127.0.0.1 {NAMES}\n")
    # A service's user passes through root's folder, if the interpreter lives there.
    Path("/root").chmod(0o755)
    programs = Path(sys.executable).parent
    Path("/opt/sansheng").symlink_to(programs.parent)
    # Not links: a Python that is called by a link does not know its environment.
    for program in ("sansheng", "python"):
        wrapper = Path("/usr/local/bin", program)
        wrapper.unlink(missing_ok=True)
        wrapper.write_text(f'#!/bin/sh\nexec {programs / program} "$@"\n')
        wrapper.chmod(0o755)
    for shim in scene.SHIMS.iterdir():
        Path("/usr/local/bin", shim.name).unlink(missing_ok=True)
        Path("/usr/local/bin", shim.name).symlink_to(shim)
    os.environ |= {
        "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        "PYTHONPATH": str(ROOT),
        "SUDO_EDITOR": str(scene.SHIMS / "editor"),
        "LANG": "C.UTF-8",
        "HOME": "/root",
    }


def script(block: Block) -> str:
    """The block as the shell runs it: each statement announced, and the first that fails ends it."""
    begins = bare(statements(block.text)[0])
    parts = [f"cd {FOLDERS.get(begins, '.')}"]
    for statement in statements(block.text):
        name = bare(statement)
        if name in STEPS:
            continue
        manner = manner_of(block.page, name)
        line = worded(block.page, statement)
        if manner.until:
            watched = ["python", "-m", "tests.docs.until", manner.until, manner.meanwhile, "bash", "-c"]
            line = f"{shlex.join(watched)} {shlex.quote(line)}"
        right = "|".join(map(str, manner.codes))
        parts += [
            f"printf '%s\\n' {shlex.quote('@@ ' + name)}",
            manner.before,
            line,
            f"case $? in {right}) ;; *) exit 1 ;; esac",
        ]
    return "set -o pipefail\n" + "\n".join(parts)


def ran(block: Block) -> str | None:
    """None if every statement did as the page says, else what went wrong."""
    master, terminal = pty.openpty()
    process = subprocess.Popen(
        ["setsid", "--ctty", "bash", "-c", script(block)],
        stdin=terminal, stdout=subprocess.PIPE, stderr=terminal, text=True, errors="replace",
    )  # fmt: skip
    os.close(terminal)
    complaints: list[str] = []
    over = threading.Event()
    threading.Thread(target=_type, args=(master, over), daemon=True).start()
    listener = threading.Thread(target=_listen, args=(master, complaints), daemon=True)
    listener.start()
    try:
        told, _ = process.communicate(timeout=WITHIN)
    except subprocess.TimeoutExpired as late:
        process.kill()
        return f"{block.name}: still running after {WITHIN:.0f} s\n{late.output}{''.join(complaints)}"
    over.set()
    listener.join(timeout=1)
    told += "".join(complaints)
    print(told)
    if process.returncode or "Traceback" in told:
        return f"{block.name}: exit code {process.returncode}\n{told}"
    return _shown(block, told)


def _shown(block: Block, told: str) -> str | None:
    for statement in statements(block.text):
        shows = manner_of(block.page, bare(statement)).shows
        if not re.search(shows, told):
            return f"{block.name}: {bare(statement)}: the page shows {shows!r}\n{told}"
    return None


def _listen(terminal: int, told: list[str]) -> None:
    """Gathers what is said at the terminal."""
    with contextlib.suppress(OSError):
        while said := os.read(terminal, 4096):
            told.append(said.decode(errors="replace"))


def _type(terminal: int, over: threading.Event) -> None:
    """Whoever reads a password at the terminal is given one, and again when he reads another."""
    while not over.wait(LOOK):
        with contextlib.suppress(OSError, termios.error):
            if not termios.tcgetattr(terminal)[3] & termios.ECHO:
                os.write(terminal, PASSWORD)


def _programs(page: str) -> list[Block]:
    """A program that a page shows, written where it is then called."""
    found = [block for block in blocks(page) if block.text.startswith(PROGRAM)]
    for block in found:
        Path("subscriber.py").write_text(block.text)
    return [Block(page, block.line, "sh", "python subscriber.py") for block in found]


def main(page: str, template: Path) -> int:
    furnish()
    scene.hotline(template)
    for part in PARTS.get(page, ()):
        part()
    wrong = [told for block in [*shell_blocks(page), *_programs(page)] if (told := ran(block)) is not None]
    print("\n".join(f"WRONG {each}" for each in wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2])))
