"""A dialplan and its recordings as the frozen Plan of one call."""

from collections.abc import Callable, Mapping

from gateway.call.plan import AnswerRule, Closing, Ladder, Message, Plan, Prompt
from gateway.dialplan.models import Dialplan, LadderTable
from gateway.dialplan.phrases import Phrase, Recording, Segment, phrases_of
from gateway.dialplan.placeholders import filled

Say = Callable[[str], Prompt]
"""A phrase's key → the prompt."""


def compile_plan(
    dialplan: Dialplan,
    recordings: Mapping[Segment, Recording],
    *,
    agent: str,
    trainee: bool = False,
    on_ring: int | None = None,
    recording: str | None = None,
) -> Plan:
    """The plan of a call that `agent` (digits) greets.

    `recordings` holds every segment of the dialplan, as PromptBook gives it; an agent's own recording of a whole
    phrase (`greeting-801`) goes before the phrase's segments. A trainee greets with the trainee's
    greeting, if the dialplan has one. `on_ring` overrides the dialplan's; `check_override` has checked it.
    `recording` is where the customer is recorded.
    """
    phrases = phrases_of(dialplan)

    def say(key: str) -> Prompt:
        return _prompt(phrases[key], recordings, agent)

    greeting = "trainee-greeting" if trainee and "trainee-greeting" in phrases else "greeting"
    answer = dialplan.answer
    return Plan(
        dialplan=dialplan.name,
        agent=agent,
        answer=AnswerRule(
            clause=answer.clause,
            on_ring=answer.on_ring if on_ring is None else on_ring,
            ring_limit=answer.ring_limit,
            caller_id_wait=answer.caller_id_wait,
            ring_gap_limit=answer.ring_gap_limit,
        ),
        greeting=(say(greeting),),
        silent=_ladder("silent", dialplan.silent_line, say),
        noisy=_ladder("noisy", dialplan.noisy_line, say),
        message=Message(pause=dialplan.message.pause, limit=dialplan.message.limit),
        closing=Closing(
            further=say("further"),
            further_wait=dialplan.further.wait,
            farewell=say("farewell"),
            guard=dialplan.hang_up.guard,
        ),
        hang_up_first=dialplan.hang_up.clause,
        recording=recording,
    )


def _ladder(name: str, table: LadderTable, say: Say) -> Ladder:
    return Ladder(
        clause=table.clause,
        steps=tuple(say(f"{name}-{step}") for step in range(1, len(table.steps) + 1)),
        wait=table.wait,
        final=say(f"{name}-final"),
        release_wait=table.release_wait,
    )


def _prompt(phrase: Phrase, recordings: Mapping[Segment, Recording], agent: str) -> Prompt:
    whole = phrase.whole(agent)
    segments = (whole,) if whole is not None and whole in recordings else phrase.segments(agent)
    played = [recordings[segment] for segment in segments]
    return Prompt(
        key=phrase.key,
        text=filled(phrase.text, agent),
        clause=phrase.clause,
        recordings=tuple(recording.path for recording in played),
        duration=sum(recording.duration for recording in played),
        barge_in=phrase.barge_in,
    )
