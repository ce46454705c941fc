"""FXO lines as many at once: `python -m benchmarks.fxo together|rings|joined [--lines 16] …`.

`together`: every line speaks and hears at the same time, against emulated modems in a process of their own; prints
the cost of a line, the audio lead at the modems, their underruns, and how late this process's loop ran.
`rings`: calls over lines whose cadence wavers by a tenth and which lose and double ring reports; prints how many
were answered at ring N, after how long, and whether any line was answered that did not ring.
`joined`: every line is joined with a leg in another process; prints how late the one hears the other, from click
to click, the audio lead at the modems, their underruns, and the cost of a line.
"""

import argparse
import asyncio
import json
import resource
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.fxo.station import Agents, FarEnd, Station, in_order
from drivers.emulator.ringing import CADENCES
from drivers.fxo.voice_session import JOINED_LEAD
from drivers.hearing.wav import WavWriter
from drivers.voice.espeak import speak

PROMPT = "您好,这里是燃气客户服务中心,八零一号为您服务,请问有什么可以帮您?通话可能会被录音,请您谅解。"
TICK = 0.02
HEARD_WITHIN = 0.4
"""Seconds; clicks come every half a second."""
SETTLING = 5.0
"""Seconds after the last answer before the cost is measured: the echo is learned, the noise known."""


def main() -> None:
    """Run one of the two."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fxo", description=__doc__)
    parser.add_argument("what", choices=sorted(SCENARIOS))
    parser.add_argument("--lines", type=int, default=16)
    parser.add_argument("--personality", default="conexant")
    parser.add_argument("--seconds", type=float, default=60.0, help="together: how long they talk")
    parser.add_argument("--calls", type=int, default=1008, help="rings: over all lines")
    parser.add_argument("--on-ring", type=int, default=2)
    parser.add_argument("--lost", type=float, default=0.02, help="rings: share of ring reports lost")
    parser.add_argument("--doubled", type=float, default=0.05, help="rings: share of ring reports doubled")
    parser.add_argument("--cadence", choices=sorted(CADENCES), default="cn", help="rings: cadence of the exchange")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    asyncio.run(SCENARIOS[options.what](options))


async def _serve(
    stack: AsyncExitStack, options: argparse.Namespace, *arguments: str, sockets: Sequence[tuple[str, str]] = ()
) -> tuple[list[Station], FarEnd]:
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="sansheng-fxo-")))
    prompt = folder / "prompt.wav"
    with WavWriter(prompt) as writer:
        writer.write(speak(PROMPT))
    links = [folder / f"ttyACM{number}" for number in range(options.lines)]
    far_end = FarEnd(links)
    stack.push_async_callback(far_end.stop)
    await far_end.start(*arguments, "--personality", options.personality, f"--seed={options.seed}")
    stations = [
        Station(number, link, options.on_ring, prompt, sockets[number] if sockets else None)
        for number, link in enumerate(links)
    ]
    for station in stations:
        stack.push_async_callback(station.line.close)
    await asyncio.gather(*(station.line.open(station.report) for station in stations))
    return stations, far_end


async def together(options: argparse.Namespace) -> None:
    """The cost of lines that all speak and hear at once."""
    async with AsyncExitStack() as stack:
        seconds = options.seconds + 2 * SETTLING
        stations, modems = await _serve(stack, options, "together", f"--seconds={seconds}")
        await asyncio.gather(*(station.answered.wait() for station in stations))
        await asyncio.sleep(SETTLING)
        began, used = time.monotonic(), _cpu()
        late = await _lateness(options.seconds)
        share = (_cpu() - used) / (time.monotonic() - began) / options.lines
        told = await modems.told()
    leads = np.concatenate([modem["leads"] for modem in told])
    print(f"{options.lines} lines of {options.personality}, each speaking and hearing for {options.seconds:g} s")
    print(f"CPU a line: {100 * share:.2f} % of a core")
    print(f"lead at the modem: median {np.median(leads):.2f} s, most {leads.max():.2f} s")
    print(f"underruns: {sum(modem['underruns'] for modem in told)}")
    print(f"overruns: {sum(modem['overruns'] for modem in told)}")
    print(
        f"loop late: p50 {np.median(late):.1f} ms, p99 {np.percentile(late, 99):.1f} ms, most {late.max():.1f} ms"
    )


async def joined(options: argparse.Namespace) -> None:
    """How late two joined legs hear each other."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="sansheng-join-")))
        agents = Agents(folder, options.lines)
        talk = f"--seconds={options.seconds + 3 * SETTLING}"
        stations, modems = await _serve(stack, options, "joined", talk, sockets=agents.sockets)
        await asyncio.gather(*(station.answered.wait() for station in stations))
        await agents.start(options.seconds + SETTLING)
        await asyncio.sleep(SETTLING)
        began, used = time.monotonic(), _cpu()
        late = await _lateness(options.seconds - SETTLING)
        share, until = (_cpu() - used) / (time.monotonic() - began) / options.lines, time.monotonic()
        clicks, told = await agents.told(), await modems.told()
    by_line = [told[place] for place in in_order(options.lines)]
    print(f"{options.lines} lines of {options.personality}, joined for {options.seconds:g} s")
    print(f"CPU a line: {100 * share:.2f} % of a core; lead while joined: {1000 * JOINED_LEAD:.0f} ms")
    for way, said, heard in (
        ("customer to agent", [one["clicks"] for one in by_line], clicks),
        ("agent to customer", clicks, [one["clicks"] for one in by_line]),
    ):
        delays, lost = _click_delays(said, heard, began, until)
        p50, p99 = 1000 * np.percentile(delays, (50, 99))
        print(
            f"{way}: p50 {p50:.0f} ms, p99 {p99:.0f} ms, most {1000 * max(delays):.0f} ms of {len(delays)};",
            end=" ",
        )
        print(f"{lost} not heard")
    leads = np.concatenate([modem["leads"][-int(options.seconds / TICK) :] for modem in told])
    print(f"lead at the modem: median {1000 * np.median(leads):.0f} ms, most {1000 * leads.max():.0f} ms")
    print(f"underruns: {sum(modem['underruns'] for modem in told)}")
    print(
        f"loop late: p50 {np.median(late):.1f} ms, p99 {np.percentile(late, 99):.1f} ms, most {late.max():.1f} ms"
    )


def _click_delays(
    said: list[dict[str, list[float]]], heard: list[dict[str, list[float]]], began: float, until: float
) -> tuple[list[float], int]:
    """Seconds from each click to its being heard, and how many were not within half a second."""
    delays: list[float] = []
    lost = 0
    for ours, theirs in zip(said, heard, strict=True):
        for click in (one for one in ours["said"] if began <= one <= until - 1):
            later = [one - click for one in theirs["heard"] if 0 < one - click < HEARD_WITHIN]
            delays += later[:1]
            lost += not later
    return delays, lost


async def _lateness(seconds: float) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Milliseconds by which this loop's timers came late."""
    loop, late = asyncio.get_running_loop(), []
    end = loop.time() + seconds
    while (due := loop.time() + TICK) < end:
        await asyncio.sleep(TICK)
        late.append(1000 * (loop.time() - due))
    return np.array(late)


async def rings(options: argparse.Namespace) -> None:
    """How exactly rings are counted, and how soon after the N-th the line is taken."""
    async with AsyncExitStack() as stack:
        each = -(-options.calls // options.lines)
        faults = json.dumps({"ring_lost": options.lost, "ring_doubled": options.doubled})
        exchange = json.dumps({"cadence_spread": 0.1, "cadence": CADENCES[options.cadence]})
        arguments = (f"--calls={each}", f"--faults={faults}", f"--exchange={exchange}")
        _, modems = await _serve(stack, options, "rings", *arguments)
        told = await modems.told()
    _tell_rings(told, options)


def _tell_rings(told: list[dict[str, Any]], options: argparse.Namespace) -> None:
    calls = [call for modem in told for call in modem["calls"]]
    answered = Counter(call["rings"] for call in calls if call["answered"])
    given_up = Counter(call["rings"] for call in calls if not call["answered"])
    share = 100 * answered[options.on_ring] / max(1, answered.total())
    print(f"{len(calls)} calls on {options.lines} lines of {options.personality}, due at ring {options.on_ring}")
    print(f"answered at ring: {dict(sorted(answered.items()))}: {share:.2f} % where due")
    print(f"given up after ring: {dict(sorted(given_up.items()))}")
    print(f"off-hook ordered on a line that did not ring: {sum(modem['unasked'] for modem in told)}")
    print(f"taken while a burst rang: {sum(call['in_burst'] for call in calls)}")
    print(f"off-hook ordered at a ring that was not reported: {sum(modem['untold'] for modem in told)}")
    _tell_delays("ring reported to off-hook ordered", [delay for modem in told for delay in modem["told"]])
    _tell_delays("the same, a ring before it not reported", [d for modem in told for d in modem["told_late"]])


def _tell_delays(what: str, delays: list[float]) -> None:
    if delays:
        p50, p99 = 1000 * np.percentile(delays, (50, 99))
        print(f"{what}: p50 {p50:.0f} ms, p99 {p99:.0f} ms, most {1000 * max(delays):.0f} ms of {len(delays)}")


SCENARIOS = {"together": together, "joined": joined, "rings": rings}


def _cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


if __name__ == "__main__":
    main()
