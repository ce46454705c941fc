"""A whole call in virtual time: an engine, a line that does as it is told, a customer who acts.

Reads like a story: `call.rings(2)`, `call.customer_is(Verdict.SILENT)`, `call.passes(5)`, `assert call.said == …`.
"""

import heapq
from dataclasses import dataclass, field
from itertools import count

from drivers.line import (
    Answer,
    Answered,
    CallerId,
    CallerIdReceived,
    CallOffered,
    FarEndHungUp,
    HangUpSign,
    LegEvent,
    LegReleased,
    LineCommand,
    Play,
    PlayFinished,
    PlayStarted,
    Release,
    RingBurst,
    StopPlaying,
    Verdict,
    VerdictReached,
)
from gateway.call.engine import CallEngine, Effects
from gateway.call.facts import CallAnswered, CallFact, Offered, PromptFinished, PromptStarted, Released
from gateway.call.plan import AnswerRule, Closing, Day, Flow, Ladder, Message, Part, Plan, Prompt

LEG = "leg"


def prompt(
    key: str, clause: str, part: Part = Part.CLOSING, *, duration: float = 2.0, barge_in: bool = False
) -> Prompt:
    return Prompt(key, f"<{key}>", clause, (f"{key}.wav",), duration, barge_in, part)


def ladder(clause: str, name: str, steps: int, *, wait: float, release_wait: float) -> Ladder:
    rungs = tuple(prompt(f"{name}-{n + 1}", clause, Part.LADDER, barge_in=True) for n in range(steps))
    return Ladder(clause, rungs, wait, prompt(f"{name}-final", clause, Part.LADDER, barge_in=True), release_wait)


def jihua(on_ring: int = 2, caller_id_wait: float = 2.5) -> Plan:
    return Plan(
        dialplan="jihua-gas",
        agent="801",
        answer=AnswerRule("JH-1", on_ring, 3, caller_id_wait, 4.5),
        today=Day((prompt("greeting", "JH-3", Part.GREETING, duration=6.0),), prompt("farewell", "JH-11")),
        silent=ladder("JH-6", "silent", 2, wait=5.0, release_wait=0.0),
        noisy=ladder("JH-7", "noisy", 2, wait=3.0, release_wait=3.0),
        flow=Flow("message", Message(pause=3.0, limit=300.0)),
        closing=Closing(prompt("further", "JH-10", barge_in=True), 5.0, 60.0, "JH-2"),
        recording="call.wav",
    )


@dataclass
class Story:
    """One call. Every fact is kept with its time in `facts`, every command in `commands`."""

    plan: Plan = field(default_factory=jihua)
    now: float = 0.0
    facts: list[tuple[float, CallFact]] = field(default_factory=list)
    commands: list[tuple[float, LineCommand]] = field(default_factory=list)

    def __post_init__(self) -> None:
        offered = Offered("jinan", "fxo1", "fxo", self.plan.dialplan, self.plan.agent)
        self.engine = CallEngine(self.plan, LEG, offered, now=self.now)
        self._due: list[tuple[float, int, LegEvent]] = []
        self._order = count()
        self.reports(CallOffered(LEG))

    # -- what happens ------------------------------------------------------------------------------------------

    def reports(self, event: LegEvent) -> None:
        """The line reports a fact, now."""
        self._carry_out(self.engine.receive(event, now=self.now))

    def passes(self, seconds: float) -> None:
        """Time goes by; the line and the engine's timers do what comes due, in order."""
        end = self.now + seconds
        while True:
            timer = self.engine.next_deadline()
            line = self._due[0][0] if self._due else None
            due = min((t for t in (timer, line) if t is not None), default=None)
            if due is None or due > end:
                break
            self.now = max(self.now, due)
            if line is not None and line <= self.now:
                self.reports(heapq.heappop(self._due)[2])
            else:
                self._carry_out(self.engine.fire_timers(now=self.now))
        self.now = end

    def rings(self, times: int, *, period: float = 5.0, first: int = 1) -> None:
        """Bursts `first` … at the Chinese cadence; ends right at the last one's end."""
        for number in range(first, first + times):
            if number > first:
                self.passes(period)
            self.reports(RingBurst(LEG, number))

    def caller_id(self, number: str = "13812345678") -> None:
        self.reports(CallerIdReceived(LEG, CallerId(number)))

    def customer_is(self, verdict: Verdict, *, level: float = -30.0) -> None:
        self.reports(VerdictReached(LEG, verdict, level, None))

    def hangs_up(self, sign: HangUpSign = HangUpSign.BYE) -> None:
        self.reports(FarEndHungUp(LEG, sign))

    def greeted(self) -> "Story":
        """The usual beginning: two rings, a caller ID, the greeting said to its end."""
        self.rings(1)
        self.caller_id()
        self.passes(5)
        self.rings(1, first=2)
        self.passes(0.2 + self.plan.today.greeting[0].duration)
        return self

    # -- what came of it ---------------------------------------------------------------------------------------

    @property
    def said(self) -> list[str]:
        """Prompts begun on the line, in order."""
        return [fact.prompt.key for _, fact in self.facts if isinstance(fact, PromptStarted)]

    @property
    def heard(self) -> list[str]:
        """Prompts heard to their end."""
        return [f.prompt.key for _, f in self.facts if isinstance(f, PromptFinished) and f.complete]

    @property
    def answered(self) -> CallAnswered | None:
        return next((f for _, f in self.facts if isinstance(f, CallAnswered)), None)

    @property
    def released(self) -> Released | None:
        return next((f for _, f in self.facts if isinstance(f, Released)), None)

    def at(self, kind: type[CallFact], key: str | None = None) -> float:
        """When the last fact of a kind came; for prompts, of that key."""
        return [t for t, f in self.facts if isinstance(f, kind) and (not key or f.prompt.key == key)][-1]  # type: ignore[attr-defined]

    def ordered(self, kind: type[LineCommand]) -> list[float]:
        """When commands of a kind were given."""
        return [t for t, command in self.commands if isinstance(command, kind)]

    # -- a line that does as it is told ------------------------------------------------------------------------

    def _carry_out(self, effects: Effects) -> None:
        for effect in effects:
            if isinstance(effect, CallFact):
                self.facts.append((self.now, effect))
            else:
                self.commands.append((self.now, effect))
                self._obey(effect)

    def _obey(self, command: LineCommand) -> None:
        if isinstance(command, Answer):
            self._later(0.1, Answered(LEG))
        elif isinstance(command, Play):
            duration = next(p.duration for p in self.plan.prompts() if p.recordings == command.recordings)
            self._later(0.02, PlayStarted(LEG, command.play))
            self._later(0.02 + duration, PlayFinished(LEG, command.play, True))
        elif isinstance(command, StopPlaying):
            running = [entry for entry in self._due if isinstance(entry[2], PlayFinished)]
            self._due = [entry for entry in self._due if not isinstance(entry[2], PlayStarted | PlayFinished)]
            heapq.heapify(self._due)
            for _, _, event in running:
                assert isinstance(event, PlayFinished)
                self._later(0.0, PlayFinished(LEG, event.play, False))
        elif isinstance(command, Release):
            self._due = [(self.now + 0.1, next(self._order), LegReleased(LEG))]

    def _later(self, delay: float, event: LegEvent) -> None:
        heapq.heappush(self._due, (self.now + delay, next(self._order), event))
