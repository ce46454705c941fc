"""All calls of one gateway as they are lived: each from its offer to its leg's end, then checked and forgotten."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from drivers.line import (
    Answer,
    CallOffered,
    Join,
    LegEvent,
    LegFailed,
    LegReleased,
    LineCommand,
    LineEvent,
    Part,
    RingBurst,
)
from gateway.call import facts
from gateway.call.desk_news import AgentAnswers, DeskNews
from gateway.call.facts import Notice, Released
from gateway.call.plan import Plan
from gateway.call.requests import CallRequest, SayPhrase
from gateway.call.states import CallState
from tests.million.violation import Violation
from tests.unit.call.done import Done
from tests.unit.call.rules_kept import RULES


@dataclass(slots=True)
class Lived(Done):
    """One call, numbered within its shift."""

    number: int = 0
    call: str = ""
    began: float = 0.0
    told: list[tuple[float, object]] = field(default_factory=list)
    """What its engine was told, as `taken`, each with its time."""
    hears: Callable[[facts.CallFact], None] = lambda _: None
    """The customer."""
    line: str = ""
    ordered_to_answer: bool = False
    """From then on who greets him is settled."""
    socket: str | None = None
    """Where he hears an agent."""


class AllLived:
    """Sees every fact, order, piece of news and request. What breaks a rule is in `violations`: to raise it here
    would be to fail as a listener, which costs no call anything."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._by_leg: dict[tuple[str, str], Lived] = {}
        self.up: dict[str, Lived] = {}
        """By call, from the offer until the leg has gone."""
        self.offered = 0
        self.violations: list[Violation] = []
        self.plan_of: Callable[[str], Plan]
        """By call; given once there is a reception, which is made after this."""
        self._offering: tuple[str, str, Callable[[facts.CallFact], None]] | None = None
        self._heard_at: dict[str, Lived] = {}
        """Who hears what arrives at each socket."""

    def expect(self, line: str, leg: str, hears: Callable[[facts.CallFact], None]) -> None:
        """This leg is about to be offered."""
        self._offering = (line, leg, hears)

    # -- a call's way ------------------------------------------------------------------------------------------

    def receive(self, notice: Notice) -> None:
        """A fact of a call, as to any listener."""
        if notice.call is None:
            return
        if isinstance(notice.fact, facts.Offered):
            self._begins(notice.call)
        lived = self.up.get(notice.call)
        if lived is None:
            self.violations.append(Violation("a fact of a call that is over", f"{notice.call}: {notice.fact}"))
            return
        self._acts(lived, notice.fact)
        if isinstance(notice.fact, facts.StateEntered):
            lived.state = notice.fact.state
        lived.hears(notice.fact)

    def seen(self, line: str, event: LineEvent) -> None:
        """A line is about to report this."""
        if isinstance(event, LegEvent) and (lived := self._by_leg.get((line, event.leg))) is not None:
            self._tell(lived, event)
            if isinstance(event, RingBurst):
                lived.rung.append((self._now() - lived.began, event.number))

    def over(self, line: str, event: LineEvent) -> None:
        """The gateway has taken this: where it was the leg's last, the call is checked."""
        if isinstance(event, LegReleased | LegFailed):
            lived = self._by_leg.pop((line, event.leg), None)
            if lived is not None:
                self._part(lived)
                del self.up[lived.call]
                self.check(lived)

    def ordered(self, line: str, command: LineCommand) -> None:
        """A line is given an order."""
        lived = self._by_leg.get((line, command.leg))
        if lived is None:
            self.violations.append(Violation("an order for a leg that has gone", f"{line}: {command}"))
            return
        self._acts(lived, command)
        lived.ordered_to_answer |= isinstance(command, Answer)
        if isinstance(command, Join):
            self._part(lived)
            other = self._heard_at.setdefault(command.socket, lived)
            if other is not lived:
                self.fail(lived, f"its agent is heard in call {other.number} already")
            lived.socket = command.socket
        elif isinstance(command, Part):
            self._part(lived)

    def news(self, call: str, news: DeskNews) -> None:
        """The desk tells a call this."""
        if (lived := self.up.get(call)) is not None:
            self._tell(lived, news)
            if isinstance(news, AgentAnswers) and news.phrases:
                lived.others |= {prompt.recordings: key for key, prompt in news.phrases.items()}

    def asked(self, call: str, request: CallRequest) -> None:
        """This is asked of a call, and not refused."""
        lived = self.up.get(call)
        if lived is None:
            return
        self._tell(lived, request)
        if isinstance(request, SayPhrase):
            lived.phrases.append(request.key)

    # -- rules -------------------------------------------------------------------------------------------------

    def check(self, lived: Lived) -> None:
        """Every rule, on a call whose leg has gone."""
        if lived.state is not CallState.RELEASED:
            self.fail(lived, "its leg has gone, and it has no end")
        for rule in (*RULES, answered_by_the_limit):
            try:
                rule(lived)
            except (AssertionError, IndexError, KeyError) as broken:
                self.fail(lived, f"{rule.__name__}: {(rule.__doc__ or '').strip()} {broken}")

    def fail(self, lived: Lived, broken: str) -> None:
        """It has broken this."""
        self.violations.append(Violation(broken, story(lived), lived.number))

    def _begins(self, call: str) -> None:
        if self._offering is None:
            self.violations.append(Violation("a call was offered twice", call))
            return
        line, leg, hears = self._offering
        self._offering = None
        self.offered += 1
        lived = Lived(
            self.plan_of(call), number=self.offered, call=call, line=line, began=self._now(), hears=hears
        )
        lived.taken.append(CallOffered(leg))
        self._by_leg[line, leg] = self.up[call] = lived

    def _acts(self, lived: Lived, effect: facts.CallFact | LineCommand) -> None:
        after_the_end = bool(lived.effects) and isinstance(lived.effects[-1][1], Released)
        lived.effects.append((self._now() - lived.began, effect))
        if after_the_end:
            self.fail(lived, "an effect after the release")

    def _tell(self, lived: Lived, what: object) -> None:
        lived.taken.append(what)
        lived.told.append((self._now() - lived.began, what))

    def _part(self, lived: Lived) -> None:
        if lived.socket is not None and self._heard_at.get(lived.socket) is lived:
            del self._heard_at[lived.socket]
        lived.socket = None


def answered_by_the_limit(done: Done) -> None:
    """Rule 4 again: a working line rings no further than the standard's last permitted ring."""
    orders = done.timed(Answer)
    until = orders[0][0] if orders else done.effects[-1][0]
    assert all(number <= done.plan.answer.ring_limit for at, number in done.rung if at < until)


def story(lived: Lived) -> str:
    """What was told to the call, and what it did, in order."""
    both: Sequence[tuple[float, str, object]] = [
        *((at, "→", what) for at, what in lived.told),
        *((at, "←", effect) for at, effect in lived.effects),
    ]
    lines = [f"call {lived.number} ({lived.plan.dialplan}, agent {lived.plan.agent})"]
    lines += [f"{at:10.3f} {way} {_short(what)}" for at, way, what in sorted(both, key=lambda one: one[0])]
    return "\n".join(lines)


def _short(what: object) -> str:
    if isinstance(what, facts.PromptStarted | facts.PromptFinished | facts.PromptFailed):
        cut = getattr(what, "cut", None)
        return f"{type(what).__name__}({what.prompt.key}{f', cut: {cut}' if cut else ''})"
    return str(what)
