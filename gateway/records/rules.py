"""What a standard asks of a call, in the few figures that judging needs. Pure.

Nothing here depends on the day, the agent or the load: what is said on a holiday, by a trainee or in an overflow
is judged under its own prompt's clause, and stands among the occasions of every day.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from gateway.call.plan import Choice, Correction, Flow, Ladder, Menu, Plan, Prompt, WaitRule
from gateway.records.occasions import OWNED, Occasion, When, occasions_of


@dataclass(frozen=True, slots=True)
class Said:
    """A prompt's key, and the clause that orders it."""

    key: str
    clause: str

    @classmethod
    def of(cls, prompt: Prompt) -> "Said":
        """Of a plan's prompt."""
        return cls(prompt.key, prompt.clause)


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
class CorrectionRule:
    """What a customer is asked whose voice is `verdict` (WD-6, WD-7): in this order, each once in a call."""

    clause: str
    verdict: str
    steps: tuple[str, ...]
    """Keys of the prompts."""

    @classmethod
    def of(cls, correction: Correction, verdict: str) -> "CorrectionRule":
        """The rule of a plan's correction."""
        return cls(correction.clause, verdict, tuple(step.key for step in correction.steps))


@dataclass(frozen=True, slots=True)
class FlowRule:
    """How a case is taken: `questions`, then `replies`, in this order, and whether 「anything else?」 follows."""

    questions: tuple[Said, ...] = ()
    answers: tuple[str, ...] = ()
    """The questions' own keys, one for each: by these their answers are noted."""
    replies: tuple[Said, ...] = ()
    further: bool = True
    limit: float = 300.0
    """Seconds after which a message may be taken as told."""
    opening: str | None = None
    """Key of the words that ask for his case; None: the greeting has asked."""

    @property
    def said(self) -> frozenset[str]:
        """The keys of all that is said in it."""
        return frozenset(filter(None, (self.opening, *(said.key for said in (*self.questions, *self.replies)))))

    @classmethod
    def of(cls, flow: Flow) -> "FlowRule":
        """The rule of a plan's flow."""
        return cls(
            questions=tuple(Said.of(question.prompt) for question in flow.questions),
            answers=tuple(question.key for question in flow.questions),
            replies=tuple(Said.of(reply) for reply in flow.replies),
            further=flow.further,
            limit=flow.message.limit,
            opening=flow.opening.key if flow.opening else None,
        )


@dataclass(frozen=True, slots=True)
class ChoiceRule:
    """What one key of the menu means: sort of request, its flow, whether people are called in at once (TT-1)."""

    kind: str
    flow: FlowRule
    alert: bool = False

    @classmethod
    def of(cls, choice: Choice) -> "ChoiceRule":
        """The rule of a plan's choice."""
        return cls(choice.kind, FlowRule.of(choice.flow), choice.alert)


@dataclass(frozen=True, slots=True)
class MenuRule:
    """The menu is offered up to `times`, until a key of `choices` is pressed; else it is `otherwise`."""

    clause: str
    times: int
    choices: Mapping[str, ChoiceRule]
    otherwise: ChoiceRule

    @classmethod
    def of(cls, menu: Menu) -> "MenuRule":
        """The rule of a plan's menu."""
        choices = {digit: ChoiceRule.of(choice) for digit, choice in menu.choices.items()}
        return cls(menu.clause, menu.times, choices, ChoiceRule.of(menu.otherwise))

    def meant(self, digit: str | None) -> ChoiceRule | None:
        """What the customer's key means; None as a key is what he gets who pressed nothing."""
        return self.otherwise if digit is None else self.choices.get(digit)


@dataclass(frozen=True, slots=True)
class WaitingRule:
    """`first` at once, then `again` every so many seconds; `sorry` ends a wait that nobody ended, `thanks` one of
    `long` seconds or more."""

    clause: str
    first: str
    again: str
    every: float
    sorry: Said
    thanks: Said
    long: float

    @classmethod
    def of(cls, rule: WaitRule) -> "WaitingRule":
        """The rule of a plan's wait."""
        sorry, thanks = Said.of(rule.sorry), Said.of(rule.thanks)
        return cls(rule.clause, rule.first.key, rule.again.key, rule.every, sorry, thanks, rule.long)


@dataclass(frozen=True, slots=True)
class Rules:
    """What the calls of one dialplan are judged by."""

    answer_clause: str
    ring_limit: int
    hang_up_clause: str
    greeting_clause: str
    """Broken by a call that got no greeting at all, or a holiday's alone."""
    ladders: tuple[LadderRule, ...]
    further: Said
    """「anything else?」"""
    release_wait: float | None = None
    """None: only the customer, or a ladder's clause, ends the call (JH-2). Else the hang-up clause orders the
    release, so many seconds after a farewell that was said to its end (WD-2)."""
    corrections: tuple[CorrectionRule, ...] = ()
    flow: FlowRule = field(default_factory=FlowRule)
    """How a case is taken where no menu tells otherwise."""
    menu: MenuRule | None = None
    waiting: WaitingRule | None = None
    longest_wait: float | None = None
    """Seconds for which the line says nothing to somebody who says nothing, at most; None: not known."""
    call_back_clause: str | None = None
    """The clause by which who cannot be served is called back; None: his words are passed on, and no more."""
    occasions: tuple[Occasion, ...] = ()
    """On which occasions its clauses are judged: a clause that has had none of its own is not applicable."""

    @property
    def clauses(self) -> frozenset[str]:
        """Every clause that has something to say on a call."""
        return frozenset(occasion.clause for occasion in self.occasions)

    @classmethod
    def of(cls, plan: Plan) -> "Rules":
        """The rules a plan was made to keep: the same for every call of its dialplan."""
        corrections = (("faint", plan.faint), ("loud", plan.loud))
        return cls(
            answer_clause=plan.answer.clause,
            ring_limit=plan.answer.ring_limit,
            hang_up_clause=plan.closing.clause,
            greeting_clause=plan.greeting_clause or plan.today.greeting[-1].clause,
            ladders=(LadderRule.of(plan.silent), LadderRule.of(plan.noisy)),
            further=Said.of(plan.closing.further),
            release_wait=plan.closing.release_wait,
            corrections=tuple(CorrectionRule.of(rule, verdict) for verdict, rule in corrections if rule),
            flow=FlowRule.of(plan.flow),
            menu=MenuRule.of(plan.menu) if plan.menu else None,
            waiting=WaitingRule.of(plan.waiting) if plan.waiting else None,
            call_back_clause=plan.call_back.clause if plan.call_back else None,
            occasions=occasions_of(plan),
            longest_wait=max(_waits(plan)),
        )


def _waits(plan: Plan) -> Iterator[float]:
    """Every time in seconds for which the line says nothing to somebody who says nothing."""
    yield from (plan.silent.wait, plan.noisy.wait, plan.closing.further_wait)
    yield from (correction.wait for correction in (plan.faint, plan.loud) if correction is not None)
    flows = [plan.flow]
    if plan.menu is not None:
        yield plan.menu.wait
        flows += [plan.menu.otherwise.flow, *(choice.flow for choice in plan.menu.choices.values())]
    for flow in flows:
        yield flow.message.pause
        yield from (question.wait for question in flow.questions)
    if plan.call_back is not None:
        yield plan.call_back.wait


JIHUA = Rules(
    answer_clause="JH-1",
    ring_limit=3,
    hang_up_clause="JH-2",
    greeting_clause="JH-3",
    ladders=(
        LadderRule("JH-6", ("silent-1", "silent-2"), "silent-final", release_wait=0.0),
        LadderRule("JH-7", ("noisy-1", "noisy-2"), "noisy-final", release_wait=3.0),
    ),
    further=Said("further", "JH-10"),
    waiting=WaitingRule(
        clause="JH-8",
        first="waiting-first",
        again="waiting-again",
        every=15.0,
        sorry=Said("waiting-sorry", "JH-9"),
        thanks=Said("waiting-thanks", "JH-9"),
        long=30.0,
    ),
    longest_wait=8.0,
    call_back_clause="JH-19",
    occasions=(
        Occasion("JH-1", When.ANSWER),
        Occasion("JH-3", When.GREETING, ("greeting",)),
        Occasion("JH-4", When.GREETING, ("trainee-greeting",)),
        Occasion("JH-5", When.GREETING, ("overflow-greeting",)),
        Occasion("JH-12", When.GREETING, ("holiday-greeting", "holiday-greeting-spring-festival")),
        Occasion("JH-6", When.LADDER, ("silent",)),
        Occasion("JH-7", When.LADDER, ("noisy", "faint")),
        Occasion("JH-8", When.WAITING, ("waiting-first", "waiting-again")),
        Occasion("JH-9", When.PATIENCE, ("waiting-thanks", "waiting-sorry")),
        Occasion("JH-19", When.CALL_BACK),
        Occasion("JH-9", When.PHRASE, ("phrase-sorry-for-waiting",)),
        Occasion("JH-10", When.PHRASE, ("phrase-farewell-enquiry", "phrase-farewell-thanks")),
        Occasion("JH-13", When.PHRASE, ("phrase-nuisance",)),
        Occasion("JH-14", When.PHRASE, ("phrase-foul-language", "phrase-dialect", "phrase-not-heard")),
        Occasion("JH-18", When.PHRASE, ("phrase-number-only",)),
        Occasion("JH-10", When.CLOSING, ("further",)),
        Occasion("JH-11", When.CLOSING, ("farewell",)),
        Occasion("JH-2", When.RELEASE),
        Occasion(OWNED, When.OWNER),
    ),
)
"""The rules of the default dialplan, for records whose own dialplan is not known."""
