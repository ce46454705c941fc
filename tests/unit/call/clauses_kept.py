"""What the clauses ask of every call, checked on a random one."""

from drivers.line import VOICES, Play, Record, StopRecording
from gateway.call.desk_news import AgentsExpected
from gateway.call.engine import Effect
from gateway.call.facts import (
    AgentConnected,
    AlertRaised,
    KindChosen,
    MediaRestored,
    PromptFailed,
    PromptStarted,
    QuestionAnswered,
    Released,
    VerdictGiven,
    WaitBegan,
    WaitEnded,
)
from gateway.call.plan import Part, Plan, Question
from gateway.call.states import CallState
from tests.unit.call.done import Done


def questions(plan: Plan) -> dict[tuple[str, ...], Question]:
    """The plan's questions by their recordings."""
    choices = plan.menu.choices.values() if plan.menu else ()
    flows = (plan.flow, *(choice.flow for choice in choices))
    return {question.prompt.recordings: question for flow in flows for question in flow.questions}


def every_question_is_answered_once(done: Done) -> None:
    """JS-3: a question is asked once, and answered or let go before the next one and before the call's end."""
    known = questions(done.plan)
    asked: list[str] = []
    answered: list[str] = []
    for effect in done.of(Play, QuestionAnswered, Released):
        if isinstance(effect, Play):
            if effect.recordings in known:
                assert asked == answered
                asked.append(known[effect.recordings].key)
        elif isinstance(effect, QuestionAnswered):
            answered.append(effect.question.key)
            assert asked == answered
        else:
            assert asked == answered
    assert len(asked) == len(set(asked))


def every_recording_ends(done: Done) -> None:
    """JS-3: each file is begun once, and each answer's is ended once, at the latest with the call."""
    running: set[str] = set()
    begun: list[str] = []
    for effect in done.of(Record, StopRecording, Released):
        if isinstance(effect, Record):
            begun.append(effect.path)
            running.add(effect.path)
        elif isinstance(effect, StopRecording):
            running.remove(effect.path)
        else:
            assert running <= {done.plan.recording}
    assert len(begun) == len(set(begun))
    assert len(running - {done.plan.recording}) <= 1


def waits_are_reassured_and_end(done: Done) -> None:
    """JH-8, JH-9: a wait ends before the next begins, and nobody is reassured more often than the clause says."""
    rule = done.plan.waiting
    began, spoke = None, -1.0
    for at, effect in done.timed(WaitBegan, WaitEnded, Play):
        if isinstance(effect, WaitBegan):
            assert began is None
            began, spoke = at, -1.0
        elif isinstance(effect, WaitEnded):
            assert rule is not None
            assert began is not None
            assert 0.0 <= effect.waited <= at - began + 0.001
            assert not effect.overdue or effect.waited >= rule.limit - 0.001 or given_up(done)
            began = None
        elif isinstance(effect, Play) and began is not None:
            assert rule is not None
            if effect.recordings == rule.first.recordings:
                assert at == began
            elif effect.recordings != rule.again.recordings:
                continue  # a phrase
            assert spoke < 0 or at - spoke >= rule.every - 0.5
            spoke = at


def given_up(done: Done) -> bool:
    """Whether the desk ever told that nobody can come any more: then no limit is waited for."""
    return AgentsExpected(False) in done.taken


def one_kind_is_chosen(done: Done) -> None:
    """TT-1: one kind at most, and people are called in for the serious ones at once, never for others."""
    chosen = done.of(KindChosen)
    assert len(chosen) <= 1
    alerting = {c.kind for c in done.plan.menu.choices.values() if c.alert} if done.plan.menu else set()
    alerts = {(at, f.kind) for at, f in done.timed(AlertRaised) if isinstance(f, AlertRaised)}
    due = {(at, f.kind) for at, f in done.timed(KindChosen) if isinstance(f, KindChosen) and f.kind in alerting}
    assert alerts == due


def nobody_is_corrected_twice(done: Done) -> None:
    """WD-6, WD-7: each prompt about a customer's voice comes once."""
    corrections = [step.recordings for c in (done.plan.faint, done.plan.loud) if c for step in c.steps]
    said = [play.recordings for play in done.of(Play) if isinstance(play, Play)]
    assert all(said.count(recordings) <= 1 for recordings in corrections)


def what_is_said_is_said_of_its_day(done: Done) -> None:
    """JH-12, WD-4, WD-5: greeting and farewell are those of the day on which they are said."""
    plan = done.plan
    farewells = {day.farewell.recordings for day in (plan.today, plan.tomorrow) if day}
    plays = [(at, play.recordings) for at, play in done.timed(Play) if isinstance(play, Play)]
    if plays:
        greeting = [prompt.recordings for prompt in plan.day(plays[0][0]).greeting]
        said = [recordings for _, recordings in plays[: len(greeting)]]
        assert said == greeting[: len(said)]
    assert all(
        recordings == plan.day(at).farewell.recordings for at, recordings in plays if recordings in farewells
    )


def what_was_asked_for_is_said(done: Done) -> None:
    """JH-13, JH-14, JH-18, WD-9, WD-10: in the order asked for, and never lost to the farewell."""
    keys = done.sayings
    said = [keys[play.recordings] for play in done.of(Play) if isinstance(play, Play) and play.recordings in keys]
    assert said == done.phrases[: len(said)]
    if done.state in (CallState.LISTENING, CallState.CLOSING):
        assert said == done.phrases


def ladders_are_climbed_rung_by_rung(done: Done) -> None:
    """JH-6, JH-7: each step of a ladder once, in order, its last words once; anew only for who was heard again, or
    whom somebody has attended to in between."""
    rungs = {
        prompt.key: (ladder.clause, rung)
        for ladder in (done.plan.silent, done.plan.noisy)
        for rung, prompt in enumerate((*ladder.steps, ladder.final))
    }
    reached: dict[str, int] = {}
    for effect in done.of(VerdictGiven, MediaRestored, WaitBegan, AgentConnected, PromptStarted, PromptFailed):
        if isinstance(effect, PromptStarted) and effect.prompt.key in rungs:
            clause, rung = rungs[effect.prompt.key]
            assert rung > reached.get(clause, -1), "said once already"
            reached[clause] = rung
        elif _attends(effect):
            reached.clear()


def _attends(effect: Effect) -> bool:
    """Whether he is heard, or attended to."""
    if isinstance(effect, PromptStarted | PromptFailed):
        return effect.prompt.part is Part.PHRASE
    return not isinstance(effect, VerdictGiven) or effect.verdict in VOICES


CLAUSES = (
    ladders_are_climbed_rung_by_rung,
    every_question_is_answered_once,
    every_recording_ends,
    waits_are_reassured_and_end,
    one_kind_is_chosen,
    nobody_is_corrected_twice,
    what_is_said_is_said_of_its_day,
    what_was_asked_for_is_said,
)
