"""`sansheng listen`: what the gateway's ears hear in a recording."""

import json
import sys
from pathlib import Path
from typing import Any

from drivers.hearing.convert import load_any_wav
from drivers.hearing.ears import Ears
from drivers.hearing.frames import FRAME
from drivers.hearing.heard import Heard, ToneEnded, ToneHeard, VerdictHeard
from drivers.hearing.wav import SAMPLE_RATE, WavError


def listen(path: Path, *, as_json: bool, tones: str = "cn") -> int:
    """Print a line for each decision, then the summary; as JSON objects, or for people.

    Any usual WAV is taken (drivers.hearing.convert). Returns 0, or 1 when the file cannot be read: one line on
    stderr then says why and what to do.
    """
    try:
        samples = load_any_wav(path)
    except WavError as error:
        print(error, file=sys.stderr)
        return 1
    duration = len(samples) / SAMPLE_RATE
    heard = Ears(tones).hear(samples[: len(samples) // FRAME * FRAME])
    for one in heard:
        _show(decision(one), as_json)
    summary = {"summary": summarise(heard, duration)}
    _show(summary, as_json)
    return 0


def decision(heard: Heard) -> dict[str, Any]:
    """One decision as the command prints it."""
    if isinstance(heard, ToneHeard):
        return {"t": round(heard.t, 2), "tone": heard.tone.value}
    if isinstance(heard, ToneEnded):
        return {"t": round(heard.t, 2), "tone_ended": heard.tone.value}
    return {
        "t": round(heard.t, 2),
        "verdict": heard.verdict.value,
        "level_dbfs": heard.level_dbfs,
        "snr_db": heard.snr_db,
    }


def summarise(heard: list[Heard], duration: float) -> dict[str, Any]:
    """Seconds heard, the share each verdict stood (`undecided` before the first), how often each tone came."""
    shares: dict[str, float] = {}
    since, verdict = 0.0, "undecided"
    for one in heard:
        if isinstance(one, VerdictHeard):
            shares[verdict] = shares.get(verdict, 0.0) + one.t - since
            since, verdict = one.t, one.verdict.value
    shares[verdict] = shares.get(verdict, 0.0) + duration - since
    tones: dict[str, int] = {}
    for one in heard:
        if isinstance(one, ToneHeard):
            tones[one.tone.value] = tones.get(one.tone.value, 0) + 1
    return {
        "duration": round(duration, 3),
        "verdicts": {name: round(seconds / duration, 3) for name, seconds in shares.items() if duration},
        "decisions": len(heard),
        "tones": tones,
    }


def _show(line: dict[str, Any], as_json: bool) -> None:
    if as_json:
        text = json.dumps(line, ensure_ascii=False)
    elif "summary" in line:
        summary = line["summary"]
        shares = ", ".join(f"{name} {share:.0%}" for name, share in summary["verdicts"].items())
        tones = ", ".join(f"{name} ×{count}" for name, count in summary["tones"].items()) or "none"
        text = f"{summary['duration']:.2f} s heard: {shares or 'nothing'}; tones: {tones}"
    elif "tone" in line:
        text = f"{line['t']:7.2f} s  tone     {line['tone']}"
    elif "tone_ended" in line:
        text = f"{line['t']:7.2f} s  ended    {line['tone_ended']}"
    else:
        snr = "" if line["snr_db"] is None else f", {line['snr_db']:.0f} dB over the noise"
        text = f"{line['t']:7.2f} s  {line['verdict']:<8} {line['level_dbfs']:.1f} dBFS{snr}"
    print(text)
