"""`python -m drivers.emulator`: an emulated modem for people without one, and callers who ring it."""

import argparse
import asyncio
import sys
import wave
from contextlib import suppress
from pathlib import Path

from drivers.emulator.call import CallReport
from drivers.emulator.callers import Caller
from drivers.emulator.clearing import TONES, Clearing
from drivers.emulator.exchange import Exchange
from drivers.emulator.modem import EmulatedModem
from drivers.emulator.personalities import PERSONALITIES

CALLERS: dict[str, Caller] = {
    "talk": Caller.talking("您好,我家的燃气灶打不着火,请派人来看一下。", number="13812345678"),
    "silent": Caller.silent(number="053185558888"),
    "noisy": Caller.noisy(number="13987654321"),
    "faint": Caller.faint("喂,您好,我想问一下燃气费的事情。", number="15665432100"),
    "ringoff": Caller.ringing_off(4.0, number="18801234567"),
    "dtmf": Caller.pressing("801#", number="13700001111").hanging_up_after(20),
    "impatient": Caller.silent(number="13655556666").hanging_up_after(3),
    "stays": Caller.talking("您好,我想问一下。", number="13411112222").never_hanging_up(),
}


def main(arguments: list[str] | None = None) -> int:
    """Run until the calls are over, or until interrupted where there are none or --forever is given."""
    options = _parser().parse_args(arguments)
    calls = [name for name in options.calls.split(",") if name]
    unknown = [name for name in calls if name not in CALLERS]
    if unknown:
        print(f"--calls: {unknown[0]!r}: {', '.join(CALLERS)} is allowed", file=sys.stderr)
        return 2
    with suppress(KeyboardInterrupt):
        asyncio.run(_serve(options, calls))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m drivers.emulator", description=__doc__)
    parser.add_argument("--personality", choices=sorted(PERSONALITIES), default="conexant")
    parser.add_argument("--calls", default="", help=f"comma-separated, in this order: {', '.join(CALLERS)}")
    parser.add_argument("--link", type=Path, help="path under which the port appears (default: one of its own)")
    parser.add_argument("--pause", type=float, default=3.0, help="seconds between two calls")
    parser.add_argument("--clearing", choices=sorted(TONES), default="busy", help="sound after a caller hung up")
    parser.add_argument("--forever", action="store_true", help="begin again after the last call")
    parser.add_argument("--record", type=Path, help="folder for what each caller heard, as WAV files")
    return parser


async def _serve(options: argparse.Namespace, calls: list[str]) -> None:
    exchange = Exchange(clearing=Clearing(options.clearing))
    async with EmulatedModem(options.personality, link=options.link, exchange=exchange) as modem:
        _say(f"port {modem.port}")
        await modem.opened()
        _say("opened by a program")
        number = 0
        while True:
            for name in calls:
                number += 1
                await asyncio.sleep(options.pause)
                _say(f"call {number}: {name} rings")
                report = await modem.exchange.call(CALLERS[name]).ended()
                _say(f"call {number}: {_told(report)}")
                if options.record and report.answered:
                    _save(options.record / f"{number:03}-{name}.wav", report)
            if calls and not options.forever:
                return
            await asyncio.sleep(1.0)


def _told(report: CallReport) -> str:
    if report.answered_after is None:
        return f"not answered, {report.rings} rings, given up by the {report.released_by}"
    held = report.held_after_hang_up
    after = "" if held is None else f", line freed {held:.1f} s after the hang-up"
    return (
        f"answered after {report.rings} rings ({report.answered_after:.1f} s), talked {report.talk_time:.1f} s, "
        f"released by the {report.released_by}{after}"
    )


def _save(path: Path, report: CallReport) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(report.heard.astype("<i2").tobytes())


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
