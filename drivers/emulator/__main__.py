"""`python -m drivers.emulator`: emulated modems for people without one, and callers who ring them."""

import argparse
import asyncio
import sys
import wave
from collections.abc import Callable
from contextlib import AsyncExitStack, suppress
from pathlib import Path

from drivers.emulator.call import CallReport
from drivers.emulator.callers import Background, Caller, Press, Wait
from drivers.emulator.clearing import TONES, Clearing
from drivers.emulator.exchange import Exchange
from drivers.emulator.faults import Faults, parse_faults
from drivers.emulator.modem import EmulatedModem
from drivers.emulator.pbx import Pbx
from drivers.emulator.personalities import PERSONALITIES, personality_of
from drivers.emulator.ringing import CADENCES

CALLERS: dict[str, Caller] = {
    "talk": Caller.talking("您好,我家的燃气灶打不着火,请派人来看一下。", number="13812345678"),
    "silent": Caller.silent(number="053185558888"),
    "noisy": Caller.noisy(number="13987654321"),
    "hum": Caller("hum", number="13311110000", background=Background("hum", -35.0)),
    "crackle": Caller("crackle", number="13311110001", background=Background("crackle", -30.0)),
    "faint": Caller.faint("喂,您好,我想问一下燃气费的事情。", number="15665432100"),
    "ringoff": Caller.ringing_off(4.0, number="18801234567"),
    "dtmf": Caller.pressing("801#", number="13700001111").hanging_up_after(20),
    "twist": Caller.following(Wait(8), Press("801#", twist=8.0), number="13700001112").hanging_up_after(20),
    "impatient": Caller.silent(number="13655556666").hanging_up_after(3),
    "stays": Caller.talking("您好,我想问一下。", number="13411112222").never_hanging_up(),
    "private": Caller("private", number=None, presentation="private").hanging_up_after(15),
    "unavailable": Caller("unavailable", number=None, presentation="unavailable").hanging_up_after(15),
    "named": Caller("named", number="13200002222", display_name="SCHWARTZ,LAWRENCE").hanging_up_after(15),
    "distinctive": Caller("distinctive", number="13200003333").ringing_as("B", (0.8, 0.4, 0.8, 3.0)),
}
FIRST_NUMBER = 801
"""The number by which another modem of the same run dials the first one; the others follow."""


def main(arguments: list[str] | None = None) -> int:
    """Run until the calls are over, or until interrupted where there are none or --forever is given."""
    options = _parser().parse_args(arguments)
    calls = [name for name in options.calls.split(",") if name]
    unknown = [name for name in calls if name not in CALLERS]
    if unknown:
        print(f"--calls: {unknown[0]!r}: {', '.join(CALLERS)} is allowed", file=sys.stderr)
        return 2
    try:
        faults = parse_faults(options.fault, options.seed)
        personality_of(options.personality, options.firmware)
    except ValueError as error:
        print(f"--fault or --firmware: {error}", file=sys.stderr)
        return 2
    if options.link and (taken := _taken(options)):
        print(f"--link: {taken} exists and is no link; choose another path", file=sys.stderr)
        return 2
    try:
        with suppress(KeyboardInterrupt):
            asyncio.run(_serve(options, faults, calls))
    except OSError as error:
        print(f"{error.filename}: {error.strerror}; --link, --record and --transcript name it", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m drivers.emulator", description=__doc__)
    add = parser.add_argument
    add("--personality", choices=sorted(PERSONALITIES), default="conexant")
    add("--firmware", help="another firmware of that family, see docs/emulator.md")
    add(
        "--count",
        type=_within(int, 1, 64),
        default=1,
        metavar="N",
        help="so many modems, each with a port (1 to 64)",
    )
    add(
        "--link",
        type=Path,
        help="path under which the port appears (default: one of its own); with --count a number follows",
    )
    add("--fault", action="append", default=[], metavar="NAME=VALUE", help="switch a fault on; may be repeated")
    add(
        "--seed",
        type=_within(int, 0, 2**31),
        default=1,
        help="settles all that is random; each further modem has the next one",
    )
    add(
        "--cadence",
        choices=sorted(CADENCES),
        default="cn",
        help="of the ringing; uk: caller ID before the first ring",
    )
    add(
        "--ring-jitter",
        type=_within(float, 0, 0.5),
        default=0.0,
        metavar="PART",
        help="how much bursts and gaps differ: 0.1 is ±10 per cent",
    )
    add("--calls", default="", help=f"comma-separated, in this order: {', '.join(CALLERS)}")
    add("--pause", type=_within(float, 0, 86400), default=3.0, help="seconds between two calls")
    add("--clearing", choices=sorted(TONES), default="busy", help="sound after a caller hung up")
    add("--forever", action="store_true", help="begin again after the last call")
    add("--record", type=Path, help="folder for what each caller heard, as WAV files")
    add("--transcript", type=Path, help="folder for every byte of each port, one file a modem, written at the end")
    return parser


def _within(kind: type[int] | type[float], low: float, high: float) -> Callable[[str], float]:
    """A number from `low` to `high`; argparse tells of anything else."""

    def number(text: str) -> float:
        value = kind(text)
        if not low <= value <= high:
            raise argparse.ArgumentTypeError(f"{text}: {low} to {high} is allowed")
        return value

    number.__name__ = "number"
    return number


def _link(options: argparse.Namespace, number: int) -> Path | None:
    link: Path | None = options.link
    return link.with_name(f"{link.name}{number}") if link and options.count > 1 else link


def _taken(options: argparse.Namespace) -> Path | None:
    """A path of --link that is somebody's file."""
    links = (_link(options, number) for number in range(options.count))
    return next((link for link in links if link and link.exists() and not link.is_symlink()), None)


def _modem(options: argparse.Namespace, faults: Faults, number: int) -> EmulatedModem:
    """Modem `number`, from 0."""
    seed = options.seed + number
    exchange = Exchange(
        cadence=CADENCES[options.cadence],
        cadence_spread=options.ring_jitter,
        caller_id_delay=None if options.cadence == "uk" else 0.6,
        clearing=Clearing(options.clearing),
        seed=seed,
    )
    own = parse_faults(options.fault, seed) if number else faults
    return EmulatedModem(
        options.personality, firmware=options.firmware, link=_link(options, number), faults=own, exchange=exchange
    )


async def _serve(options: argparse.Namespace, faults: Faults, calls: list[str]) -> None:
    pbx = Pbx()
    async with AsyncExitStack() as stack:
        modems = []
        for number in range(options.count):
            modem = await stack.enter_async_context(_modem(options, faults, number))
            modems.append(modem)
            pbx.connect(str(FIRST_NUMBER + number), modem.exchange)
            _say(f"port {modem.port}")
            if options.transcript:
                options.transcript.mkdir(parents=True, exist_ok=True)
                stack.callback(modem.save_transcript, options.transcript / f"modem{number}.toml")
        await asyncio.gather(*(_ring(options, modem, number, calls) for number, modem in enumerate(modems)))


async def _ring(options: argparse.Namespace, modem: EmulatedModem, line: int, calls: list[str]) -> None:
    """One line's callers, one after the other, once its port is open."""
    prefix, file_prefix = (f"line {line}: ", f"{line}-") if options.count > 1 else ("", "")
    await modem.opened()
    _say(f"{prefix}opened by a program")
    number = 0
    while True:
        for name in calls:
            number += 1
            await asyncio.sleep(options.pause)
            await modem.line_free()  # another line may have dialled this one, the program may hold it
            _say(f"{prefix}call {number}: {name} rings")
            report = await modem.exchange.call(CALLERS[name]).ended()
            _say(f"{prefix}call {number}: {_told(report)}")
            if options.record and report.answered:
                _save(options.record / f"{file_prefix}{number:03}-{name}.wav", report)
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
