"""`python -m tests.cluster`: exit code 0 where nothing was lost but what died with its gateway."""

import argparse
import asyncio
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.cluster.scenarios import ALL, SHORT, Scenario
from tests.cluster.scene import Cluster, cluster_in
from tests.sip.conftest import free_port


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.cluster")
    parser.add_argument("--short", action="store_true", help="a full line, a killed and a stopped gateway alone")
    parser.add_argument("--only", nargs="+", choices=[scenario.__name__ for scenario in ALL], default=[])
    arguments = parser.parse_args()
    wanted = [s for s in ALL if s.__name__ in arguments.only] or (SHORT if arguments.short else ALL)
    with tempfile.TemporaryDirectory(prefix="sansheng-cluster-") as folder:
        asyncio.run(run(Path(folder), wanted))


async def run(folder: Path, wanted: list[Scenario] | tuple[Scenario, ...]) -> None:
    began = time.monotonic()
    async with cluster_in(folder, free_port()) as cluster:
        print(
            f"up: three gateways, PostgreSQL, mosquitto, Kamailio ({time.monotonic() - began:.0f} s)", flush=True
        )
        for scenario in wanted:
            since = time.monotonic()
            try:
                told = await scenario(cluster)
            except BaseException:
                print(cluster.balancer.log.read_text()[-4000:], file=sys.stderr)
                raise
            print(f"{scenario.__name__}: {told} ({time.monotonic() - since:.0f} s)", flush=True)
        print(await once_each(cluster), f"({time.monotonic() - began:.0f} s)")


async def once_each(cluster: Cluster) -> str:
    """Every call that was offered is on record, once."""
    on_record = Counter(record["caller"] for record in await cluster.records())
    numbers = [caller.user for caller in cluster.trunk.callers]
    wrong = {number: on_record[number] for number in numbers if on_record[number] != 1}
    assert not wrong, f"calls on record so many times: {wrong}"
    return f"{len(numbers)} calls offered, every one on record once"


if __name__ == "__main__":
    main()
