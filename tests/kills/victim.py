"""The process that is killed: it takes traffic into records and tickets, and tells through a pipe what is safe."""

import os
import time
from random import Random

from gateway.records import RecordsConfig
from tests.kills.hotline import Hotline
from tests.kills.traffic import traffic

WORD = 8
"""Bytes of a number on the pipe."""


def serve(config: RecordsConfig, seed: int, pipe: int) -> None:
    """Take the traffic of `seed`, then stop as a gateway does. Writes to `pipe`: the run's name, then how many
    facts are safe whenever that is more."""
    chance = Random(seed)
    hotline = Hotline(config)
    hotline.start()
    records = hotline.records
    os.write(pipe, records.run.encode())
    told = 0
    for notice in traffic(seed):
        hotline.receive(notice)
        hotline.turn()
        if chance.random() < 0.1:  # calls leave pauses, long and short
            time.sleep(chance.expovariate(1000))  # so that the killer finds it at every moment of its work
        told = _tell(pipe, records.safe, told)
    hotline.stop()
    _tell(pipe, records.safe, told)


def _tell(pipe: int, safe: int, told: int) -> int:
    if safe > told:
        os.write(pipe, safe.to_bytes(WORD))
    return max(safe, told)
