"""A whole gateway: who is silent is told so at the times of JH-6 while a flood comes in, as on a quiet line."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.faults.live import NUMBERS, lateness, on_record
from tests.fire.test_floods import RATE, requests
from tests.process.conftest import dialplan  # noqa: F401 - a fixture
from tests.process.customers import Story, is_silent, placed
from tests.process.scene import Scene, scene_in

pytestmark = pytest.mark.process

LADDER = ["greeting", "silent-1", "silent-2", "silent-final"]
LATER = 0.3
"""Seconds that a prompt may begin later after the last one's end than on the quiet line: a clause's times are in
whole seconds."""
FLOODERS = ("127.0.0.1", "127.0.1.9")
"""The host that the customer calls from, which is never banned, and one of a network."""


@contextmanager
def flood(target: str) -> Iterator[None]:
    """RATE INVITEs a second from each, by threads of their own, until it is left."""
    over = threading.Event()
    address = target.rpartition("@")[2].rpartition(":")
    threads = [
        threading.Thread(target=_send, args=(host, (address[0], int(address[2])), target, over))
        for host in FLOODERS
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join()


def _send(host: str, place: tuple[str, int], target: str, over: threading.Event) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.bind((host, 0))
        texts, begun, sent = requests("INVITE", target, sender), time.monotonic(), 0
        while not over.wait(0.01):
            while sent < (time.monotonic() - begun) * RATE:
                sender.sendto(next(texts), place)
                sent += 1


async def silent_call(scene: Scene, target: str, around: AbstractContextManager[None]) -> dict[str, Any]:
    """`around` what follows its ringing."""
    story = Story(scene.watcher, next(NUMBERS))
    async with placed(target, story.number) as customer:
        with around:
            await is_silent(customer, story)
    return await on_record(scene.site, story)


def waits(record: dict[str, Any]) -> list[float]:
    """Seconds from each prompt's end to the next one's beginning."""
    prompts = record["prompts"]
    assert [prompt["prompt"] for prompt in prompts] == LADDER
    assert all(prompt["complete"] for prompt in prompts)
    times = [[datetime.fromisoformat(prompt[key]) for key in ("started_at", "ended_at")] for prompt in prompts]
    return [(after[0] - before[1]).total_seconds() for before, after in pairwise(times)]


async def test_the_silent_ladder_keeps_its_times_under_a_flood(tmp_path: Path, dialplan: Path):  # noqa: F811
    async with scene_in(tmp_path, dialplan) as scene:
        target = scene.target("sip1")
        quiet = waits(await silent_call(scene, target, nullcontext()))
        async with lateness() as late:
            record = await silent_call(scene, target, flood(target))
        print(f"quiet {quiet}, under fire {waits(record)}, this process late by {late.worst:.2f} s")
        assert (record["released_by"], record["cause"]) == ("standard", "JH-6")
        for calm, fired in zip(quiet, waits(record), strict=True):
            assert fired <= calm + LATER + late.worst
