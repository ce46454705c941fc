"""How `sansheng listen` writes: a line for each decision and the summaries, as JSON objects or for people."""

import json
import sys
from typing import Any

from drivers.hearing.heard import Heard, ToneEnded, ToneHeard
from gateway.listening.folder_summary import STANDING_OUT, FolderSummary, Standing
from gateway.listening.tally import Summary


def any_letters() -> None:
    """File names may hold letters that the output cannot: they are written as \\u…, as JSON has it too."""
    reconfigure = getattr(sys.stdout, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="backslashreplace")


def as_object(heard: Heard) -> dict[str, Any]:
    """A decision as the contract has it."""
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


def as_line(heard: Heard) -> str:
    """A decision for people."""
    if isinstance(heard, ToneHeard):
        return f"{heard.t:8.2f} s  tone     {heard.tone.value}"
    if isinstance(heard, ToneEnded):
        return f"{heard.t:8.2f} s  ended    {heard.tone.value}"
    snr = "" if heard.snr_db is None else f", {heard.snr_db:.0f} dB over the noise"
    return f"{heard.t:8.2f} s  {heard.verdict.value:<8} {heard.level_dbfs:.1f} dBFS{snr}"


def show_object(content: dict[str, Any]) -> None:
    """One JSON object on a line of its own, at once: whoever reads may be waiting."""
    print(json.dumps(content, ensure_ascii=False), flush=True)


def show_error(message: str) -> None:
    """One line on standard error, whatever a file's name holds."""
    print(one_line(message), file=sys.stderr)


def one_line(text: str) -> str:
    """The text with line ends and other control characters made visible."""
    return "".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in text)


def summary_line(summary: Summary) -> str:
    """Length, shares of the verdicts, tones."""
    shares = ", ".join(f"{verdict} {summary.share(verdict):.0%}" for verdict in summary.verdicts)
    return f"{summary.duration:.2f} s heard: {shares or 'nothing'}; tones: {_tones(summary)}"


def folder_lines(summed: FolderSummary) -> list[str]:
    """A folder's summary; of what could not be read the number, as the reasons go to standard error."""
    whole = summed.whole
    order = sorted(whole.verdicts, key=whole.share, reverse=True)
    lines = [
        f"{summed.recordings} recordings heard, {_length(whole.duration)}",
        "verdicts: " + (", ".join(f"{verdict} {whole.share(verdict):.1%}" for verdict in order) or "none"),
        f"tones: {_tones(whole)}",
    ]
    for kind, name in STANDING_OUT.items():
        standing = summed.standing_out(kind)
        if standing:
            lines += ["", f"{name}:"]
            lines += [f"  {_figure(kind, one):>8}  {one_line(str(one.file))}" for one in standing]
    if summed.faults:
        lines += ["", f"not read: {len(summed.faults)}"]
    return lines


def _tones(summary: Summary) -> str:
    return ", ".join(f"{tone} ×{count}" for tone, count in summary.tones.items()) or "none"


def _figure(kind: str, standing: Standing) -> str:
    if kind == "worst_snr":
        return f"{standing.figure:.1f} dB"
    if kind in ("silent", "cut_short"):
        return f"{standing.figure:.1f} s"
    return f"{standing.figure:.0%}"


def _length(seconds: float) -> str:
    return f"{seconds / 3600:.1f} hours" if seconds >= 3600 else f"{seconds / 60:.1f} minutes"
