"""The command: `python -m benchmarks.hearing --help`."""

import shlex
import sys
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from benchmarks.corpus import Split, scenes
from benchmarks.corpus.packages import RecordingsError
from benchmarks.hearing import cost, endless, peers, tones, verdicts, words
from benchmarks.hearing.frames import labelled
from benchmarks.hearing.page import Section
from benchmarks.hearing.replay import TONE_KINDS, Outcome, replay_beside
from benchmarks.hearing.report import Results, around, beside, page, renew, summary
from benchmarks.hearing.spread import spread
from drivers.onnx import keep_quiet


class Part(StrEnum):
    """What can be measured by itself."""

    VERDICTS = "verdicts"
    WORDS = "words"
    TONES = "tones"
    FALSE = "false"
    COST = "cost"
    PEERS = "peers"


def main(
    only: Annotated[
        list[Part] | None, typer.Option(help="Measure this alone; may be given more than once.")
    ] = None,
    split: Annotated[Split, typer.Option(help="Half of the corpus; tune on train only.")] = Split.HELD_OUT,
    share: Annotated[float, typer.Option(min=0.001, max=1, help="Part of each kind of scenes.")] = 1.0,
    peers_share: Annotated[float, typer.Option(min=0.001, max=1, help="Part of --share for the peers.")] = 0.5,
    hours: Annotated[float, typer.Option(min=0.001, help="Hours for false hang-ups.")] = 1.0,
    workers: Annotated[int, typer.Option(min=1, help="Processes.")] = 2,
    write: Annotated[Path | None, typer.Option(help="Write the report into this file too.")] = None,
    summary_in: Annotated[Path | None, typer.Option(help="Renew the short table in this file.")] = None,
) -> None:
    """Measure the ears and print markdown tables: verdicts, words, tones, false hang-ups, cost, peers."""
    keep_quiet()  # some peers bring onnxruntime along
    try:
        _check(write, summary_in)
        results, sections = measure(only or list(Part), split, share, share * peers_share, hours, workers)
        command = shlex.join(["python", "-m", "benchmarks.hearing", *_without_files(sys.argv[1:])])
        beside_others = beside(results)
        short = [summary(results, command), *([beside_others] if beside_others else [])]
        report = page(command, split.value, [Section("In short", short), *sections])
        print(report)
        if write is not None:
            write.write_text(report, encoding="utf-8")
        if summary_in is not None:
            renew(summary_in, short)
    except (RecordingsError, ValueError, OSError) as fault:
        print(f"benchmarks.hearing: {fault}", file=sys.stderr)
        raise typer.Exit(1) from None


def _check(write: Path | None, summary_in: Path | None) -> None:
    """Tell now what would only be found after an hour. Raises ValueError or OSError."""
    if write is not None and not write.parent.is_dir():
        raise ValueError(f"--write {write}: there is no folder {write.parent}; make it first")
    if summary_in is not None:
        around(summary_in)


def measure(
    parts: Sequence[Part], split: Split, share: float, peers_share: float, hours: float, workers: int
) -> tuple[Results, list[Section]]:
    """Everything asked for, as figures and as tables."""
    results, sections = Results(), []
    if Part.VERDICTS in parts or Part.TONES in parts:
        kinds = None if Part.VERDICTS in parts else TONE_KINDS
        heard = list(spread(replay_beside, scenes(split, kinds=kinds, share=share), "scenes", workers))
        results.outcomes = heard
        sections += [verdicts.section(heard)] if Part.VERDICTS in parts else []
        sections += [tones.section(heard)] if Part.TONES in parts else []
    if Part.WORDS in parts:
        sections.append(words.section(words.heard(split)))
    if Part.FALSE in parts:
        results.hours = endless.run(hours, split, workers)
        sections.append(endless.section(results.hours))
    if Part.COST in parts:
        results.cost = cost.measure(split, min(share, 0.05))
        sections.append(cost.section(results.cost))
    if Part.PEERS in parts:
        by_frame, results.in_ears = _peers(split, peers_share, workers)
        sections.append(peers.section(by_frame, results.in_ears))
    return results, sections


def _peers(split: Split, share: float, workers: int) -> tuple[peers.ByFrame, list[dict[str, Outcome]]]:
    by_frame = peers.ByFrame(micros=peers.micros_a_frame(split))
    for column, found in spread(peers.judged, labelled(split, share), "voice detectors, frame by frame", workers):
        by_frame.add(column, found)
    heard = spread(peers.in_ears, scenes(split, share=share), "voice detectors in our ears", workers)
    return by_frame, [one for one in heard if next(iter(one.values())).scene.kind not in verdicts.APART]


def _without_files(arguments: Sequence[str]) -> list[str]:
    """The command line without where to write: it has no part in the figures."""
    kept, skip = [], False
    for argument in arguments:
        named = argument in ("--write", "--summary-in")
        if not (skip or named or argument.startswith(("--write=", "--summary-in="))):
            kept.append(argument)
        skip = named
    return kept


if __name__ == "__main__":
    typer.run(main)
