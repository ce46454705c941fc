"""How a call of the demo went, from its record. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gateway.demo.cast import Part
from gateway.records import CallRecord

HUNG_UP = "hung_up"
"""Why an agent has left, in the desk's words, where he put the receiver down."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a call was as the standard orders, and that in words."""

    kept: bool
    words: str


def verdict(part: Part, call: CallRecord) -> Verdict:
    """Of the call of this customer."""
    wrong = [*_wrong_end(part, call), *_broken(call)]
    heard = [prompt.prompt for prompt in call.prompts if prompt.complete]
    if not _in_order(part.hears, heard):
        wrong.append(f"expected to be heard: {' '.join(part.hears)}")
    talk = _talk(call)
    if part.talks and talk is None:
        wrong.append("expected to talk to an agent who hangs up first")
    if wrong:
        return Verdict(False, "; ".join(wrong))
    return Verdict(True, talk if part.talks and talk is not None else "kept")


def _wrong_end(part: Part, call: CallRecord) -> Iterable[str]:
    ends = f"{call.outcome}/{call.released_by}/{call.cause}"
    fits = ends.startswith(part.ends[:-1]) if part.ends.endswith("*") else ends == part.ends
    return () if fits else (f"expected {part.ends}",)


def _broken(call: CallRecord) -> Iterable[str]:
    return (f"{judgement.clause}: {judgement.evidence}" for judgement in call.compliance if not judgement.kept)


def _in_order(wanted: Sequence[str], heard: Sequence[str]) -> bool:
    """Whether each of `wanted` is found in `heard` after the one before."""
    left = iter(heard)
    return all(prompt in left for prompt in wanted)


def _talk(call: CallRecord) -> str | None:
    """The talk with the agent who hung up first, in words; None: there was none."""
    for met in call.agents:
        if met.connected_at is None or met.left_at is None or met.left != HUNG_UP:
            continue
        if call.ended_at is not None and met.left_at < call.ended_at:
            return f"talked to {met.agent}, who hung up first; the line stayed"
    return None
