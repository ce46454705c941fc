"""`python -m tests.package FILE.deb`: takes the package through its life in a bare Debian; exit code 0 where no
record was lost. As root. --short: installed, one call, removed."""

import argparse
import os
import sys
import time
from pathlib import Path

from tests.package.journey import Journey
from tests.package.root import CACHE, bare_system, command

INSIDE = "SANSHENG_PACKAGE_TEST"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.package")
    parser.add_argument("package", type=Path, help="the .deb, built by deploy/debian/build.sh from this tree")
    parser.add_argument("--short", action="store_true")
    arguments = parser.parse_args()
    if os.geteuid() != 0:
        sys.exit("tests.package: a system in a folder is made and entered by root alone: sudo make package-test")
    if INSIDE not in os.environ:
        # Mounts and processes end with this one, whatever becomes of it.
        own = ("unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "--propagation", "private")
        again = (sys.executable, "-m", "tests.package", *sys.argv[1:])
        os.execvpe(own[0], [*own, *again], os.environ | {INSIDE: "1"})
    bare_system()
    out = CACHE / "out"
    out.mkdir(parents=True, exist_ok=True)
    for old in out.glob("*.deb"):
        if old.resolve() != arguments.package.resolve():
            old.unlink()
    journey = Journey(arguments.package.resolve())
    changes = (journey.upgraded, journey.refused, journey.rolled_back, journey.shows)
    try:
        for step in (journey.comes, journey.serves, *(changes if not arguments.short else ()), journey.goes):
            began = time.monotonic()
            step()
            print(f"{step.__name__}: {time.monotonic() - began:.0f} s", flush=True)
    finally:
        journey.stop()
    print(f"{arguments.package.name}: {command('du', '-m', str(arguments.package)).split()[0]} MB, no record lost")


if __name__ == "__main__":
    main()
