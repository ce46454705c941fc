"""The far end of the benchmark, a process of its own: emulated modems, and callers on each."""

import argparse
import asyncio
import json
import random
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import asdict
from itertools import count
from pathlib import Path
from typing import Any

from benchmarks.fxo.noted_modem import NotedModem
from drivers.emulator import Caller, Exchange, Faults, Say, Sound, Wait
from drivers.emulator.call import CallReport
from drivers.emulator.callers import Action

TALK = "您好,我家的燃气灶打不着火,换了电池也没有用,请派人来看一下,地址是花园路八号三单元。"
WARM_UP = 6.0
"""Seconds for every line to come into service before the first call."""
REST = (1.0, 3.0)
"""Seconds between two calls."""
GONE = 11.0
"""Seconds more after one who gave up: his last ring and the next one's first must not look like one call's."""
GIVES_UP = 0.2
"""Share of callers who give up while it rings."""
PATIENCE = (1.5, 22.0)
"""Seconds after which they do."""

Told = list[dict[str, Any]]


async def together(modem: NotedModem, _number: int, options: argparse.Namespace) -> Told:
    """One long call in which the customer talks all the time."""
    sentences = [action for _ in range(1000) for action in (Say(TALK), Wait(0.4))]
    call = modem.exchange.call(Caller.following(*sentences).hanging_up_after(options.seconds))
    return [_told(await call.ended())]


async def joined(modem: NotedModem, number: int, options: argparse.Namespace) -> Told:
    """One call in which the customer clicks twice a second."""

    def clicking() -> Iterator[Action]:
        for frame in count():
            yield Sound(modem.notes.clicks.frame(frame, time.monotonic(), 7 * number).astype(float))

    call = modem.exchange.call(Caller("clicking", clicking()).hanging_up_after(options.seconds))
    return [_told(await call.ended())]


async def rings(modem: NotedModem, number: int, options: argparse.Namespace) -> Told:
    """Many short calls, some given up while ringing, over a line that loses and doubles ring reports."""
    draw = random.Random(f"{options.seed}/{number}")
    told: Told = []
    for _ in range(options.calls):
        await modem.line_time(draw.uniform(*REST))
        caller = Caller.silent().hanging_up_after(1.5)
        if draw.random() < GIVES_UP:
            caller = Caller.ringing_off(draw.uniform(*PATIENCE)).hanging_up_after(1.5)
        report = await modem.exchange.call(caller).ended()
        told.append(_told(report))
        if not report.answered:
            await modem.line_time(GONE)
    return told


SCENARIOS: dict[str, Callable[[NotedModem, int, argparse.Namespace], Awaitable[Told]]] = {
    "together": together,
    "joined": joined,
    "rings": rings,
}


def _told(report: CallReport) -> dict[str, Any]:
    return {
        "answered": report.answered,
        "rings": report.rings,
        "in_burst": report.answered_in_burst,
        "released_by": report.released_by,
        "after": report.answered_after,
    }


async def serve(options: argparse.Namespace) -> None:
    """Modems under all links, the scenario at each; everything noted goes to stdout as one line of JSON."""
    async with AsyncExitStack() as stack:
        modems = []
        for number, link in enumerate(options.links):
            seed = 1000 * options.seed + options.first + number * options.step
            exchange = Exchange(seed=seed, **json.loads(options.exchange))
            faults = Faults(seed=seed, **json.loads(options.faults))
            modems.append(await stack.enter_async_context(NotedModem(options.personality, link, exchange, faults)))
        print("ready", flush=True)
        numbers = range(options.first, options.first + len(modems) * options.step, options.step)
        told = await asyncio.gather(*(_run(modem, n, options) for n, modem in zip(numbers, modems, strict=True)))
        print(
            json.dumps([asdict(modem.notes) | {"calls": calls} for modem, calls in zip(modems, told, strict=True)])
        )


async def _run(modem: NotedModem, number: int, options: argparse.Namespace) -> Told:
    await modem.opened()
    await modem.line_time(WARM_UP)
    return await SCENARIOS[options.scenario](modem, number, options)


def main() -> None:
    """Arguments come from benchmarks.fxo, not from people."""
    parser = argparse.ArgumentParser()
    parser.add_argument("scenario", choices=sorted(SCENARIOS))
    parser.add_argument("--personality", default="conexant")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--calls", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0, help="number of the first link")
    parser.add_argument("--step", type=int, default=1, help="from one link's number to the next")
    parser.add_argument("--exchange", default="{}", help="options of the exchange, JSON")
    parser.add_argument("--faults", default="{}", help="fault switches, JSON")
    parser.add_argument("links", type=Path, nargs="+")
    asyncio.run(serve(parser.parse_args()))


if __name__ == "__main__":
    main()
