"""`python -m benchmarks.load`: a whole gateway under 100 calls at once, SIPp and real RTP both ways, beside the
peers that are on this machine. Prints tables, and ends with 1 where a call was not served as it should be."""

import argparse
import asyncio
import contextlib
import math
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.load import tables
from benchmarks.load.judging import Goal, Row, Served, hard_goals, row, served, soft_goals
from benchmarks.load.peers import PEERS, Peer
from benchmarks.load.plot import draw
from benchmarks.load.processes import cpu_of, family, pss_by
from benchmarks.load.site import CALLS_A_LINE, greeting_of, make_dialplan, serving
from benchmarks.load.stage import VERDICT, Load, run

GROWTH = (1, 10, 25, 50)
"""Calls at once, besides all, for the plot."""
SHORT = 8.0
"""Seconds for which those are measured at most."""
NEEDED = {"sipp": "sip-tester", "mosquitto": "mosquitto"}
"""Programs, and Debian's packages that have them."""
RING_PERIOD = 5.0
AT_REST = 8.0
"""Seconds after the start until an idle gateway's media clocks stand: 5 s (drivers.sip.softphone), and the start's
last work."""
TURNOVER = 2.0
"""Seconds from one call's end on a leg to where the next may begin, besides what callers stay."""
IDLE = 8.0
"""Seconds for which the idle gateway is measured."""


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load", description=__doc__)
    parser.add_argument("--calls", type=int, default=100, help="calls at once")
    parser.add_argument("--seconds", type=float, default=20.0, help="for which all of them are measured")
    parser.add_argument("--rate", type=float, default=10.0, help="new calls a second")
    parser.add_argument("--minute", type=float, default=60.0, help="seconds of calls that come and go; 0: none")
    parser.add_argument(
        "--peer", action="append", choices=[*PEERS, "none"], help="beside whom; left out: all there are"
    )
    parser.add_argument(
        "--growth", action=argparse.BooleanOptionalAction, default=True, help="with fewer calls, too"
    )
    parser.add_argument("--plot", type=Path, help="PNG of how the cost grows")
    parser.add_argument(
        "--keep", type=Path, help="new folder for logs, records and packets; left out: none is kept"
    )
    options = parser.parse_args()
    for program, package in NEEDED.items():
        if (shutil.which(program) or shutil.which(program, path="/usr/sbin")) is None:
            parser.error(f"{program} is not installed: apt-get install {package}")
    if options.keep is not None:
        options.keep.mkdir(parents=True)
    folder = (
        contextlib.nullcontext(options.keep)
        if options.keep
        else tempfile.TemporaryDirectory(prefix="sansheng-load-")
    )
    with folder as name:
        sys.exit(asyncio.run(Bench(options, Path(name)).measure()))


class Bench:
    """All runs."""

    def __init__(self, options: argparse.Namespace, folder: Path) -> None:
        self._options = options
        self._folder = folder
        self._dialplan = make_dialplan(folder / "load")
        self._greeting_file = folder / "greeting.wav"
        self._greeting = greeting_of(self._dialplan, self._greeting_file)
        self._goals: list[Goal] = []
        self._notes: list[str] = []

    async def measure(self) -> int:
        """The exit code."""
        options = self._options
        print(f"greeting {self._greeting:.1f} s; {options.calls} calls, {options.rate:g} new ones a second")
        print(tables.HEAD, flush=True)
        smaller = [count for count in GROWTH if count < options.calls] if options.growth else []
        ours = [await self._ours(f"{count} calls", count, min(SHORT, options.seconds)) for count in smaller]
        ours.append(await self._ours("all, after 2 rings", options.calls, options.seconds, on_ring=2))
        self._goals += soft_goals(ours[-1])
        if options.minute:
            await self._coming_and_going()
        peers = [await self._peer(peer) for peer in self._peers()]
        print("\n" + "\n".join(self._notes))
        print("\n".join(tables.ratios(ours[-1], peer) for peer in peers))
        if options.plot is not None:
            draw(ours, peers, options.plot)
        return tables.goals(self._goals)

    async def _ours(self, who: str, calls: int, seconds: float, on_ring: int = 1) -> Row:
        """Calls that are up at the same time."""
        load = Load(calls, self._options.rate, seconds)
        return await self._gateway(who, load, calls, on_ring, idle=on_ring > 1)

    async def _coming_and_going(self) -> None:
        """Short calls, new ones all the while."""
        rate, minute = self._options.rate, self._options.minute
        load = Load(math.ceil(rate * minute), rate, minute / 2, all_up=False)
        at_once = math.ceil(rate * (self._greeting + VERDICT + TURNOVER))
        await self._gateway(f"{rate:g} new ones a second", load, at_once, 1)

    async def _gateway(self, who: str, load: Load, at_once: int, on_ring: int, *, idle: bool = False) -> Row:
        lines = math.ceil(at_once / CALLS_A_LINE)
        folder = self._folder / f"{len(self._notes)}-sansheng"
        figures: Row | None = None
        try:
            async with serving(folder, self._dialplan, lines, on_ring, RING_PERIOD) as (site, firsts, port):
                if idle:
                    self._notes.append(await at_rest(firsts, lines))
                made = await run(load, firsts, range(port, port + lines), folder / "load", self._greeting)
                figures, calls = row(who, made), served(made.callers, await site.calls())
                self._tell(figures, calls)
                self._goals += hard_goals(who, figures, calls)
        except AssertionError as error:
            if figures is None:  # it did not come up: there is nothing to tell
                raise
            (folder / "gateway.log").write_text(str(error))
            self._goals.append(Goal(f"{who}: a gateway that does not end as it should", 1, 0, "", hard=True))
            print(f"{'':22}{str(error)[:400]}")
        return figures

    def _tell(self, figures: Row, calls: Served | None = None) -> None:
        print(tables.told(figures), flush=True)
        self._notes.append(tables.wire(figures))
        if calls is not None:
            share = f"{'':22}of the CPU a call the gateway's own process takes {figures.own:.3f} % of a core"
            self._notes += [tables.records("", calls), share]

    def _peers(self) -> Sequence[Peer]:
        """Those asked for that are there; the others are named."""
        asked = [PEERS[name] for name in self._options.peer or PEERS if name != "none"]
        missing = [peer.name for peer in asked if peer.found is None]
        if missing:
            self._notes.append(f"not on this machine, not measured: {', '.join(missing)}")
        return [peer for peer in asked if peer.found is not None]

    async def _peer(self, peer: Peer) -> Row:
        folder = self._folder / peer.program
        calls = self._options.calls
        async with peer.serving(folder, self._greeting_file, calls) as (pid, port):
            load = Load(calls, self._options.rate, self._options.seconds)
            figures = row(peer.name, await run(load, [pid], [port], folder / "load", self._greeting))
        self._tell(figures)
        return figures


async def at_rest(firsts: Sequence[int], lines: int) -> str:
    """What the gateway takes without a call."""
    await asyncio.sleep(AT_REST)
    pids = family(firsts)
    before = cpu_of(pids)
    await asyncio.sleep(IDLE)
    cpu = 100 * (cpu_of(pids) - before) / IDLE
    return f"{'idle':22}{lines} lines: {cpu:.1f} % of a core, {pss_by(pids):.0f} MB PSS, {len(pids)} processes"


if __name__ == "__main__":
    main()
