"""A call before its judges: its record, what it is judged by, and its prompts sorted by their parts."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from drivers.line import Verdict
from gateway.call.facts import CutReason
from gateway.call.prompt import Part
from gateway.records.noted import PromptNoted
from gateway.records.record import CallRecord, Judgement
from gateway.records.rules import FlowRule, Rules

EXCUSED = frozenset(
    {
        cut.value
        for cut in (
            CutReason.BARGE_IN,
            CutReason.FAR_END_HUNG_UP,
            CutReason.WAIT_ENDED,
            CutReason.HANDSET,
            CutReason.AGENT,
        )
    }
)
"""Cuts that are the customer's own doing, or for his good."""

CLOSING_KEYS = frozenset({"further", "farewell"})
"""What belonged to the closing before parts were noted."""


@dataclass(frozen=True, slots=True)
class Case:
    """One call and the rules of its dialplan."""

    record: CallRecord
    rules: Rules

    def prompts(self, *parts: Part) -> list[PromptNoted]:
        """The prompts of these parts, in the order they were said."""
        return [prompt for prompt in self.record.prompts if self.part(prompt) in parts]

    def part(self, prompt: PromptNoted) -> str:
        """The part a prompt belongs to; in a record from before parts were noted, by its key."""
        if prompt.part is not None:
            return prompt.part
        if any(prompt.prompt in ladder.rungs for ladder in self.rules.ladders):
            return Part.LADDER
        return Part.CLOSING if prompt.prompt in CLOSING_KEYS else Part.GREETING

    def farewell(self, prompt: PromptNoted) -> bool:
        """Whether a prompt is a farewell."""
        return self.part(prompt) == Part.CLOSING and prompt.prompt != self.rules.further.key

    @property
    def flow(self) -> FlowRule | None:
        """How the case had to be taken; None where the menu's choice was never made, or is not of these rules."""
        menu = self.rules.menu
        if menu is None:
            return self.rules.flow
        choice = menu.meant(self.record.kind_digit) if self.record.kind is not None else None
        return choice.flow if choice is not None else None

    @property
    def understood(self) -> frozenset[str]:
        """The verdicts of a customer who can be understood: a faint one may be, where there are words for him."""
        faint = any(rule.verdict == Verdict.FAINT for rule in self.rules.corrections)
        return frozenset({Verdict.SPEECH, Verdict.LOUD} | ({Verdict.FAINT} if faint else set()))

    def heard(self, verdicts: Collection[str], until: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The times in which the customer was so: from each of these verdicts to the next, without those in which
        no audio came from him; after a hold the ears begin anew."""
        record = self.record
        ends = (*(verdict.at for verdict in record.verdicts[1:]), until)
        for verdict, end in zip(record.verdicts, ends, strict=False):
            if verdict.verdict in verdicts:
                held = (hold.held_at for hold in record.holds if hold.held_at >= verdict.at)
                yield from self._audible(verdict.at, min(end, until, *held))

    def _audible(self, at: datetime, until: datetime) -> Iterator[tuple[datetime, datetime]]:
        for loss in self.record.losses:
            restored = loss.restored_at or until
            if loss.lost_at < until and restored > at:
                if loss.lost_at > at:
                    yield at, loss.lost_at
                at = restored
        if at < until:
            yield at, until

    @property
    def attended(self) -> bool:
        """Whether an agent talked to him: what the line would have asked or told he has seen to."""
        return any(agent.connected_at is not None for agent in self.record.agents)


Judge = Callable[[Case], Iterator[Judgement]]
"""Judges one thing; gives nothing where it does not apply."""


def spoilt(prompt: PromptNoted) -> bool:
    """Whether a prompt was not said to its end, and neither the customer nor his good is the reason."""
    return not prompt.whole and prompt.cut not in EXCUSED


def why(prompt: PromptNoted) -> str:
    """How a spoilt prompt ended."""
    if prompt.failed:
        return "it could not be said, the line did not begin it"
    if prompt.short:
        return f"said in {prompt.seconds:.1f} s, it lasts {prompt.duration:.1f} s"
    return f"cut after {prompt.seconds:.1f} s, {prompt.cut}" if prompt.cut else "its end was never seen"
