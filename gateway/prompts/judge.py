"""What is wrong with one recording by itself: it cannot be used at all, or a customer would hear it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from drivers.hearing.wav import WavError
from gateway.config.faults import Fault
from gateway.prompts.files import read_recording
from gateway.prompts.level import ACTIVE_LEVEL, Measure, clipped_share
from gateway.prompts.rate import allowed_rates

CLIPPED = 0.001
"""The share of samples at full scale from which distortion is heard: 0.1 %, as for a loud customer."""
LEVEL_TOLERANCE = 4.0
"""dB around ACTIVE_LEVEL: comfortable on a telephone, neither high nor low (JH-15); no jump between prompts."""
LONGEST_SILENCE = 0.3
"""Seconds before the first sound or after the last: a comma's pause. More makes a call wait for nothing, and tears
a sentence apart whose number is put in."""
MOST_DC = 0.005
"""Share of full scale, 26 dB under the speech: more clicks where a recording begins and ends."""
_IMPORT = "put the original through `sansheng prompts import`"


@dataclass(frozen=True, slots=True, order=True)
class Flaw:
    """One thing wrong: in a word or two for a table, and in a sentence with what is allowed."""

    short: str
    message: str


def unusable(file: Path) -> Iterator[Fault]:
    """What keeps `file` from being played at all: not an 8000 Hz mono 16-bit WAV, without sound, clipped."""
    try:
        samples = read_recording(file)
    except WavError as error:
        yield Fault(file, 1, "", str(error).removeprefix(f"{file}: "))
        return
    if not samples.any():
        yield Fault(file, 1, "", "holds no sound; record it again")
    share = clipped_share(samples)
    if share > CLIPPED:
        yield Fault(
            file, 1, "", f"{share:.1%} of its samples are clipped; record it again, softer (at most 0.1 %)"
        )


def sound_flaws(measure: Measure) -> Iterator[Flaw]:
    """Level, silence and DC of a recording that is usable."""
    softest, loudest = ACTIVE_LEVEL - LEVEL_TOLERANCE, ACTIVE_LEVEL + LEVEL_TOLERANCE
    if not softest <= measure.level <= loudest:
        allowed = f"allowed: {softest:.0f} to {loudest:.0f} dBFS (JH-15); {_IMPORT}"
        short = "too soft" if measure.level < softest else "too loud"
        yield Flaw(short, f"speech is at {measure.level:.1f} dBFS; {allowed}")
    for where, short, seconds in (
        ("before the first word", "late start", measure.before),
        ("after the last word", "long end", measure.after),
    ):
        if seconds > LONGEST_SILENCE:
            message = f"{seconds:.2f} s of silence {where}; allowed: at most {LONGEST_SILENCE} s; {_IMPORT}"
            yield Flaw(short, message)
    if abs(measure.dc) > MOST_DC:
        message = f"has a DC offset of {measure.dc:.1%} of full scale; allowed: at most {MOST_DC:.1%}; {_IMPORT}"
        yield Flaw("DC offset", message)


def rate_flaws(count: int, seconds: float, wanted: int) -> Iterator[Flaw]:
    """Of `count` characters said in `seconds`, the silence before and after left out."""
    if not count or seconds <= 0:
        return
    rate = count / seconds * 60
    slowest, fastest = allowed_rates(count, wanted)
    if not slowest <= rate <= fastest:
        most = f"{slowest:.0f} to {fastest:.0f}" if count > 1 else f"at least {slowest:.0f}"
        message = (
            f"is spoken at {rate:.0f} characters a minute; allowed for {count}: {most} (JH-15); record it again"
        )
        yield Flaw("too fast" if rate > fastest else "too slow", message)
