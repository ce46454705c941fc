"""Writes the corpus as files: `python -m benchmarks.corpus DIR [--split train|held-out] [--share 0.1]`.

Each scene becomes a WAV (8000 Hz, mono, 16 bits), a prompt that we play meanwhile another one beside it, and a
line of `manifest.jsonl`: all fields of Scene but the samples, the files' names and their SHA-256. The same seed
gives the same bytes.
"""

import argparse
import hashlib
import json
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.progress import track

from benchmarks.corpus import KINDS, Scene, Split, count, scenes
from benchmarks.corpus.packages import RecordingsError
from drivers.hearing.wav import WavWriter


def main(arguments: list[str] | None = None) -> str | None:
    """Write the corpus; what went wrong, in one line, or None."""
    asked = _asked(arguments)
    try:
        total = count(kinds=asked.kind, share=asked.share)
        for split in [Split(asked.split)] if asked.split else Split:
            made = scenes(split, kinds=asked.kind, share=asked.share, seed=asked.seed)
            folder = asked.folder / split
            folder.mkdir(parents=True, exist_ok=True)
            with (folder / "manifest.jsonl").open("w", encoding="utf-8") as manifest:
                for scene in track(made, f"{split}, {total} scenes", total=total):
                    manifest.write(json.dumps(_written(scene, folder), ensure_ascii=False) + "\n")
    except (ValueError, RecordingsError) as error:
        return str(error)
    except OSError as error:
        return f"{error.filename or asked.folder}: {error.strerror}; choose a folder that can be written to"
    return None


def _asked(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.corpus", description="Write the corpus as WAV files."
    )
    parser.add_argument("folder", type=Path, help="where the files go")
    parser.add_argument("--split", choices=[split.value for split in Split], help="one half only")
    parser.add_argument("--kind", action="append", choices=KINDS, help="this kind only; may be given again")
    parser.add_argument("--share", type=float, default=1.0, help="part of each kind, up to 1")
    parser.add_argument("--seed", type=int, default=1, help="another one gives another corpus")
    return parser.parse_args(arguments)


def _written(scene: Scene, folder: Path) -> dict[str, object]:
    """The scene's line of the manifest, after its files were written."""
    stem = scene.name.partition("/")[2].replace("/", "__").replace(",", "").replace("+", "-")
    line: dict[str, object] = {
        "name": scene.name,
        "split": scene.split,
        "kind": scene.kind,
        "detail": scene.detail,
    }
    line |= {"file": f"{stem}.wav", "sha256": _write(folder / f"{stem}.wav", scene.samples)}
    if scene.near_end is not None:
        near = f"{stem}.near.wav"
        line |= {"near_end_file": near, "near_end_sha256": _write(folder / near, scene.near_end)}
    return line | {
        "begins": scene.begins,
        "ends": scene.ends,
        "expected": sorted(scene.expected),
        **{name: _rounded(getattr(scene, name)) for name in ("voice_dbfs", "noise_dbfs", "snr_db")},
        "path": scene.path,
        "source": scene.source,
        "tone": scene.tone,
        "tone_begins": scene.tone_begins,
    }


def _rounded(decibels: float | None) -> float | None:
    return None if decibels is None else round(decibels, 2)


def _write(path: Path, samples: NDArray[np.int16]) -> str:
    with WavWriter(path) as writer:
        writer.write(samples)
    return hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    sys.exit(main())
