"""`python -m tests.kills --kills 1000`: exit code 0 where nothing was lost and nothing is there twice."""

import argparse
import logging
import tempfile
import time
from pathlib import Path

from gateway.records import RecordsConfig
from tests.kills.rig import Rig

EVERY = 10
"""Kills between two looks at what they left; the calls of all are looked at in the end."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.kills")
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--url", default="sqlite:///calls.db", help="the records' database")
    arguments = parser.parse_args()
    logging.disable(logging.CRITICAL)  # what a crash left is told of each process
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="sansheng-kills-") as folder:
        rig = Rig(RecordsConfig(site="jinan", url=arguments.url, data_dir=Path(folder)))
        for begin in range(0, arguments.kills, EVERY):
            killed = [rig.kill(arguments.seed + begin + n) for n in range(min(EVERY, arguments.kills - begin))]
            rig.restart()
            rig.check_facts(killed)
            rig.check_tickets()
        rig.check_facts(rig.killed)
        calls, tickets = rig.check_calls(), rig.check_tickets()
        safe = sum(victim.safe for victim in rig.killed)
        early = sum(not victim.safe for victim in rig.killed)
    print(
        f"{len(rig.killed)} kills, {early} of them before the first fact was safe; {calls} calls offered, each on "
        f"record once; {tickets} tickets, one for each case they tell; {safe} facts told to be safe, all there, "
        f"once; {time.monotonic() - began:.0f} s"
    )


if __name__ == "__main__":
    main()
