"""What a standard asks of a call, in the few figures that judging needs. Pure."""

from dataclasses import dataclass

from gateway.call.plan import Ladder, Plan


@dataclass(frozen=True, slots=True)
class LadderRule:
    """A ladder's steps in order, then its final prompt, then `release_wait` seconds, then the release."""

    clause: str
    steps: tuple[str, ...]
    """Keys of the prompts."""
    final: str
    release_wait: float

    @classmethod
    def of(cls, ladder: Ladder) -> "LadderRule":
        """The rule of a plan's ladder."""
        return cls(ladder.clause, tuple(step.key for step in ladder.steps), ladder.final.key, ladder.release_wait)

    @property
    def rungs(self) -> tuple[str, ...]:
        """All its prompts in order."""
        return (*self.steps, self.final)


@dataclass(frozen=True, slots=True)
class Rules:
    """What the calls of one dialplan are judged by. Each greeting is judged under its own prompt's clause."""

    answer_clause: str
    ring_limit: int
    hang_up_clause: str
    greeting_clause: str
    """Broken by a call that got no greeting at all."""
    ladders: tuple[LadderRule, ...]
    closing: tuple[str, ...]
    """Keys of the prompts that end a served call: 「anything else?」, then the farewell."""

    @classmethod
    def of(cls, plan: Plan) -> "Rules":
        """The rules a plan was made to keep."""
        return cls(
            answer_clause=plan.answer.clause,
            ring_limit=plan.answer.ring_limit,
            hang_up_clause=plan.closing.clause,
            greeting_clause=plan.today.greeting[-1].clause,
            ladders=(LadderRule.of(plan.silent), LadderRule.of(plan.noisy)),
            closing=(plan.closing.further.key, plan.today.farewell.key),
        )


JIHUA = Rules(
    answer_clause="JH-1",
    ring_limit=3,
    hang_up_clause="JH-2",
    greeting_clause="JH-3",
    ladders=(
        LadderRule("JH-6", ("silent-1", "silent-2"), "silent-final", release_wait=0.0),
        LadderRule("JH-7", ("noisy-1", "noisy-2"), "noisy-final", release_wait=3.0),
    ),
    closing=("further", "farewell"),
)
"""The rules of the default dialplan, for records whose own dialplan is not known."""
