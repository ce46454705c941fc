"""A dialplan and its recordings as the frozen Plan of one call."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from pathlib import PurePath

from gateway.call.plan import (
    AnswerRule,
    CallBackRule,
    Choice,
    Closing,
    Correction,
    Day,
    Flow,
    Ladder,
    Menu,
    Message,
    Part,
    Plan,
    Prompt,
    Question,
    WaitRule,
)
from gateway.dialplan.holidays import farewell_key, greeting_keys
from gateway.dialplan.models import Dialplan
from gateway.dialplan.phrases import DIGITS, Phrase, Recording, Segment, dashed, phrases_of
from gateway.dialplan.placeholders import filled
from gateway.dialplan.tables import CorrectionTable, FlowTable, LadderTable


@dataclass(frozen=True, slots=True)
class Call:
    """What a plan depends on beside its dialplan."""

    agent: str
    """Digits of the number of the agent who greets."""
    trainee: bool = False
    """Whether he is one (JH-4)."""
    overflow: bool = False
    """Whether more customers call than agents are there (JH-5)."""
    at: datetime | None = None
    """When it is offered, aware, in the site's zone; None: on an ordinary day that never ends."""
    on_ring: int | None = None
    """The site's own ring to answer after; None: the dialplan's. `check_override` has checked it."""
    recording: str | None = None
    """Where the customer is recorded; answers are beside it, each under its question's name."""
    both_sides: bool = False
    """Whether the recording holds what he hears, too."""
    warned: bool = False
    """Whether his number is on the list of those who hear the `[warning]` (JH-13)."""


@dataclass(slots=True)
class Said:
    """What was put together for an earlier call of one dialplan and its recordings."""

    phrases: Mapping[str, Phrase] | None = None
    """All of them by key, once they are known."""
    prompts: dict[tuple[str, str], Prompt] = field(default_factory=dict)
    """By the phrase's key and the agent's number."""


def compile_plan(
    dialplan: Dialplan, recordings: Mapping[Segment, Recording], call: Call, said: Said | None = None
) -> Plan:
    """The plan of one call. `said`, of this dialplan and these recordings alone, makes the next ones cheap.

    `recordings` holds every segment of the dialplan, as PromptBook gives it; an agent's own recording of a whole
    phrase (`greeting-801`) goes before the phrase's segments.
    """
    return _Compiler(dialplan, recordings, call, said or Said()).plan()


def of_call(
    plan: Plan, dialplan: Dialplan, recordings: Mapping[Segment, Recording], call: Call, said: Said
) -> Plan:
    """`plan`, compiled for a call like this one but for its time of the day and its recording, as that of this
    call: the same as compile_plan gives, at a tenth of its cost."""
    return _Compiler(dialplan, recordings, call, said).like(plan)


class _Compiler:
    def __init__(
        self, dialplan: Dialplan, recordings: Mapping[Segment, Recording], call: Call, said: Said
    ) -> None:
        self._said = said
        self._dialplan = dialplan
        self._recordings = recordings
        self._call = call
        if said.phrases is None:
            said.phrases = phrases_of(dialplan)
        self._phrases = said.phrases

    def plan(self) -> Plan:
        dialplan, call = self._dialplan, self._call
        answer, day = dialplan.answer, call.at.date() if call.at else None
        tomorrow = None if day is None else self._day(day + timedelta(days=1))
        flow = self._flow(dialplan.flow)
        return Plan(
            dialplan=dialplan.name,
            agent=call.agent,
            answer=AnswerRule(
                clause=answer.clause,
                on_ring=answer.on_ring if call.on_ring is None else call.on_ring,
                ring_limit=answer.ring_limit,
                caller_id_wait=0.0 if call.on_ring == 1 else answer.caller_id_wait,  # the site wants it at once
                ring_gap_limit=answer.ring_gap_limit,
            ),
            today=self._day(day),
            silent=self._ladder("silent", dialplan.silent_line),
            noisy=self._ladder("noisy", dialplan.noisy_line),
            flow=flow,
            closing=self._closing(),
            faint=self._correction("faint", dialplan.faint_line),
            loud=self._correction("loud", dialplan.loud_line),
            menu=self._menu(),
            waiting=self._waiting(),
            phrases={name: self._say(f"phrase-{dashed(name)}") for name in dialplan.phrases},
            midnight=_until_midnight(call.at) if call.at else float("inf"),
            tomorrow=tomorrow,
            recording=call.recording,
            both_sides=call.both_sides,
            notices=self._notices(),
            call_back=self._call_back(),
            greeting_clause=dialplan.greeting.clause,
            greetings=self._clauses("greeting", Part.GREETING),
            farewells=self._clauses("farewell", Part.CLOSING),
        )

    def like(self, plan: Plan) -> Plan:
        call, asks = self._call, bool(self._dialplan.questions)
        return replace(
            plan,
            midnight=_until_midnight(call.at) if call.at else float("inf"),
            recording=call.recording,
            flow=self._flow(self._dialplan.flow) if asks else plan.flow,  # each answer has its own recording
            menu=self._menu() if asks else plan.menu,
        )

    def _say(self, key: str) -> Prompt:
        known, prompts = (key, self._call.agent), self._said.prompts
        if known not in prompts:
            prompts[known] = self._put_together(key)
        return prompts[known]

    def _put_together(self, key: str) -> Prompt:
        phrase, agent = self._phrases[key], self._call.agent
        played = [self._recordings[segment] for segment in self._segments(phrase)]
        return Prompt(
            key=phrase.key,
            text=filled(phrase.text, agent),
            clause=phrase.clause,
            recordings=tuple(recording.path for recording in played),
            duration=sum(recording.duration for recording in played),
            barge_in=phrase.barge_in,
            part=phrase.part,
        )

    def _clauses(self, word: str, part: Part) -> dict[str, str]:
        """The clause of each prompt of this part with that word in its key, on whatever day it is said."""
        return {key: said.clause for key, said in self._phrases.items() if said.part is part and word in key}

    def _segments(self, phrase: Phrase) -> tuple[Segment, ...]:
        whole = phrase.whole(self._call.agent)
        return (whole,) if whole is not None and whole in self._recordings else phrase.segments(self._call.agent)

    def _day(self, day: date | None) -> Day:
        before = () if day is None else greeting_keys(self._dialplan, day)
        farewell = "farewell" if day is None else farewell_key(self._dialplan, day)
        if self._call.overflow and self._dialplan.overflow_greeting is not None:
            greeting: tuple[str, ...] = ("overflow-greeting",)  # it is short so that all are answered soon
        elif self._call.trainee and self._dialplan.trainee_greeting is not None:
            greeting = (*before, "trainee-greeting")
        else:
            greeting = (*before, "greeting")
        return Day(tuple(self._say(key) for key in greeting), self._say(farewell))

    def _ladder(self, name: str, table: LadderTable) -> Ladder:
        return Ladder(
            clause=table.clause,
            steps=tuple(self._say(f"{name}-{step}") for step in range(1, len(table.steps) + 1)),
            wait=table.wait,
            final=self._say(f"{name}-final"),
            release_wait=table.release_wait,
        )

    def _correction(self, name: str, table: CorrectionTable | None) -> Correction | None:
        if table is None:
            return None
        steps = tuple(self._say(f"{name}-{step}") for step in range(1, len(table.steps) + 1))
        return Correction(table.clause, steps, table.wait)

    def _flow(self, name: str | None) -> Flow:
        table = FlowTable() if name is None else self._dialplan.flows[name]
        message = self._dialplan.message
        return Flow(
            name=name or "message",
            message=Message(table.pause or message.pause, table.limit or message.limit),
            opening=self._say(f"text-{dashed(table.open)}") if table.open else None,
            questions=tuple(self._question(key) for key in table.ask),
            replies=tuple(self._say(f"text-{dashed(key)}") for key in table.say),
            further=table.further,
        )

    def _question(self, name: str) -> Question:
        recording = None
        if self._call.recording:
            whole = PurePath(self._call.recording)
            recording = str(whole.with_name(f"{whole.stem}-{dashed(name)}{whole.suffix}"))
        prompt = self._say(f"question-{dashed(name)}")
        return Question(name, prompt, self._dialplan.questions[name].wait, recording)

    def _menu(self) -> Menu | None:
        table = self._dialplan.menu
        if table is None:
            return None
        choices = {
            digit: Choice(digit, choice.kind, self._flow(choice.flow or self._dialplan.flow), choice.alert)
            for digit, choice in table.choices.items()
        }
        return Menu(table.clause, self._say("menu"), table.wait, table.times, choices, choices[table.otherwise])

    def _waiting(self) -> WaitRule | None:
        table = self._dialplan.waiting
        if table is None:
            return None
        return WaitRule(
            clause=table.clause,
            first=self._say("waiting-first"),
            again=self._say("waiting-again"),
            every=table.every,
            limit=table.limit,
            sorry=self._say("waiting-sorry"),
            thanks=self._say("waiting-thanks"),
            long=table.long,
        )

    def _notices(self) -> tuple[Prompt, ...]:
        dialplan = self._dialplan
        notices = (self._say("notice"),) if dialplan.notice else ()
        if not self._call.warned or dialplan.warning_phrase is None:
            return notices
        said = self._say(f"phrase-{dashed(dialplan.warning_phrase)}")
        # The agent's phrase in words, but not of his bidding: a record of what he had said must not count it.
        return (*notices, replace(said, key="warning", part=Part.NOTICE))

    def _call_back(self) -> CallBackRule | None:
        table = self._dialplan.call_back
        if table is None:
            return None
        spoken = {digit: self._recordings[segment] for digit, segment in DIGITS.items()}
        return CallBackRule(
            clause=table.clause,
            key=table.key,
            message_key=table.message_key,
            offer=self._say("call-back-offer"),
            offer_after=table.offer_after,
            ask=self._say("call-back-ask"),
            read_back=self._say("call-back-read-back"),
            confirm=self._say("call-back-confirm"),
            noted=self._say("call-back-noted"),
            right=table.right,
            wrong=table.wrong,
            wait=table.wait,
            tries=table.tries,
            speak=self._say("call-back-speak") if table.speak else None,
            digits={digit: (recording.path, recording.duration) for digit, recording in spoken.items()},
        )

    def _closing(self) -> Closing:
        dialplan = self._dialplan
        releases = dialplan.hang_up.after_farewell == "release"
        return Closing(
            further=self._say("further"),
            further_wait=dialplan.further.wait,
            guard=dialplan.hang_up.guard,
            clause=dialplan.hang_up.clause,
            release_wait=dialplan.hang_up.release_wait if releases else None,
        )


def _until_midnight(at: datetime) -> float:
    """Seconds that really pass until the next day begins where `at` is, be it a day of 23 or 25 hours."""
    midnight = datetime.combine(at.date() + timedelta(days=1), time(), tzinfo=at.tzinfo)
    return midnight.timestamp() - at.timestamp()
