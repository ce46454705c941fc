"""A whole call in virtual time: an engine, a line that does as it is told, a customer who acts.

Reads like a story: `call.rings(2)`, `call.customer_is(Verdict.SILENT)`, `call.passes(5)`, `assert call.said == …`.
"""

import heapq
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import TypeVar

from drivers.line import (
    Answer,
    Answered,
    CallerId,
    CallerIdReceived,
    CallOffered,
    DigitReceived,
    FarEndHeld,
    FarEndHungUp,
    FarEndResumed,
    HangUpSign,
    LegEvent,
    LegReleased,
    LineCommand,
    MediaLost,
    MediaRestored,
    Play,
    PlayFinished,
    PlayStarted,
    Record,
    Release,
    RingBurst,
    StopPlaying,
    StopRecording,
    Verdict,
    VerdictReached,
)
from gateway.call.engine import CallEngine, Effects
from gateway.call.facts import (
    CallAnswered,
    CallFact,
    Dialled,
    Notice,
    Offered,
    PromptFinished,
    PromptStarted,
    Released,
    WaitBegan,
)
from gateway.call.plan import AnswerRule, Closing, Day, Flow, Ladder, Message, Part, Plan, Prompt
from gateway.call.states import CallState
from gateway.feed.board import Board
from gateway.feed.topics import Topics
from tests.conforming import ConformingBoard
from tests.scenarios.at_the_desk import AtTheDesk

Fact = TypeVar("Fact", bound=CallFact)

LEG = "leg"
PICK_UP = 0.1
"""Seconds from Answer to off-hook."""
NOON = datetime(2026, 2, 18, 12, tzinfo=UTC)
PLAY_DELAY = 0.02
"""Seconds from Play to its first sample on the line."""


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
class Story(AtTheDesk):
    """One call. Every fact is kept with its time in `facts`, every command in `commands`."""

    plan: Plan = field(default_factory=jihua)
    now: float = 0.0
    facts: list[tuple[float, CallFact]] = field(default_factory=list)
    commands: list[tuple[float, LineCommand]] = field(default_factory=list)
    outgoing: Dialled | None = None
    """He is called back: his agent is on the telephone, and his own is being dialled."""
    board: Board = field(default_factory=lambda: ConformingBoard(Topics("sansheng", "jinan"), [], NOON))
    """Where the call is shown as the feed shows it; each of its messages conforms to its schema."""

    def __post_init__(self) -> None:
        offered = Offered("jinan", "fxo1", "fxo", self.plan.dialplan, self.plan.agent)
        self.engine = CallEngine(self.plan, LEG, offered, now=self.now, dials=self.outgoing)
        self._due: list[tuple[float, int, LegEvent]] = []
        self._order = count()
        if self.outgoing is None:
            self.reports(CallOffered(LEG))
        else:
            self._carry_out(self.engine.dial("sip:13800000000@pbx", None, now=self.now))
            self.agent_answers(self.plan.agent)

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

    def customer_speaks(self, seconds: float, verdict: Verdict = Verdict.SPEECH) -> None:
        """He is heard for so long, and then no more."""
        self.customer_is(verdict)
        self.passes(seconds)
        self.customer_is(Verdict.SILENT)

    def presses(self, keys: str, *, every: float = 0.5) -> None:
        """Keys, one after the other; ends right at the last one."""
        for index, digit in enumerate(keys):
            self.passes(every if index else 0.0)
            self.reports(DigitReceived(LEG, digit))

    def holds(self, seconds: float) -> None:
        """The customer puts us on hold for so long: what is being said stands still, and goes on afterwards."""
        self.reports(FarEndHeld(LEG))
        paused, self._due = self._due, []
        self.passes(seconds)
        self._due += [(due + seconds, order, event) for due, order, event in paused]
        heapq.heapify(self._due)
        self.reports(FarEndResumed(LEG))

    def is_lost(self, seconds: float) -> None:
        """No audio comes from him for so long."""
        self.reports(MediaLost(LEG))
        self.passes(seconds)
        self.reports(MediaRestored(LEG))

    def hangs_up(self, sign: HangUpSign = HangUpSign.BYE) -> None:
        self.reports(FarEndHungUp(LEG, sign))

    def assigned(self, plan: Plan) -> None:
        """The caller ID has told whose customer he is: greet by another plan, if it is not too late."""
        self._carry_out(self.engine.assign(plan, now=self.now))
        self.plan = self.plan if self.ordered(Answer) else plan

    def shuts_down(self) -> None:
        """The process stops."""
        self._carry_out(self.engine.shut_down(now=self.now))

    def off_hook(self, number: str | None = "13812345678") -> "Story":
        """The usual beginning: a caller ID after the first ring, as many rings as the standard waits for. Ends as
        the greeting begins; `number` None: the exchange tells none."""
        self.rings(1)
        self.reports(CallerIdReceived(LEG, CallerId(number)))
        for ring in range(2, self.plan.answer.on_ring + 1):
            self.passes(5)
            self.rings(1, first=ring)
        self.passes(PICK_UP + 0.01)
        return self

    def greeted(self, number: str | None = "13812345678") -> "Story":
        """As `off_hook`, and the greeting is said to its end."""
        self.off_hook(number)
        greeting = self.plan.day(self.now).greeting
        self.passes(sum(PLAY_DELAY + prompt.duration for prompt in greeting))
        return self

    def gets_the_word(self) -> "Story":
        """Time goes by until it is the customer's turn."""
        while self.engine.state is not CallState.LISTENING:
            assert self.released is None, "the call is over"
            self.passes(0.01)
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
    def told(self) -> list[tuple[float, str]]:
        """What was begun on the line, word for word; before each, the seconds (tenths) of ours without a word:
        since the prompt before it ended, or since off-hook."""
        told, quiet_since = [], 0.0
        for at, fact in self.facts:
            if isinstance(fact, CallAnswered | PromptFinished):
                quiet_since = at
            elif isinstance(fact, PromptStarted):
                told.append((round(at - PLAY_DELAY - quiet_since, 1), fact.prompt.text))
        return told

    @property
    def words(self) -> list[str]:
        """The texts of `told` alone."""
        return [text for _, text in self.told]

    def began(self, text: str) -> list[float]:
        """When a text was begun, each time, in seconds from the offer."""
        return [t for t, f in self.facts if isinstance(f, PromptStarted) and f.prompt.text == text]

    @property
    def reassured(self) -> list[float]:
        """When the customer was reassured, in seconds since his first wait began."""
        assert self.plan.waiting is not None
        began = next(at for at, fact in self.facts if isinstance(fact, WaitBegan))
        words = {self.plan.waiting.first, self.plan.waiting.again}
        return [at - began for at, f in self.facts if isinstance(f, PromptStarted) and f.prompt in words]

    def of(self, kind: type[Fact]) -> list[Fact]:
        """The facts of a kind, in order."""
        return [fact for _, fact in self.facts if isinstance(fact, kind)]

    @property
    def recordings(self) -> list[tuple[str, float, float | None]]:
        """What was recorded, in the order of its beginning: path, from when, until when (None: the call's end)."""
        began = [(c.path, at) for at, c in self.commands if isinstance(c, Record)]
        ended = {c.path: at for at, c in self.commands if isinstance(c, StopRecording)}
        return [(path, at, ended.get(path)) for path, at in began]

    @property
    def answered(self) -> CallAnswered | None:
        return next((f for _, f in self.facts if isinstance(f, CallAnswered)), None)

    @property
    def released(self) -> Released | None:
        return next((f for _, f in self.facts if isinstance(f, Released)), None)

    def at(self, kind: type[CallFact], key: str | None = None) -> float:
        """When the last fact of a kind came; for prompts, of that key."""
        return [t for t, f in self.facts if isinstance(f, kind) and (not key or f.prompt.key == key)][-1]

    def ordered(self, kind: type[LineCommand]) -> list[float]:
        """When commands of a kind were given."""
        return [t for t, command in self.commands if type(command) is kind]

    # -- a line that does as it is told ------------------------------------------------------------------------

    def _carry_out(self, effects: Effects) -> None:
        for effect in effects:
            if isinstance(effect, CallFact):
                self.facts.append((self.now, effect))
                self.board.receive(Notice(NOON + timedelta(seconds=self.now), "fxo1", "c1", effect))
                self.board.changes()
            else:
                self.commands.append((self.now, effect))
                self._obey(effect)

    def _obey(self, command: LineCommand) -> None:
        if isinstance(command, Answer):
            self._later(PICK_UP, Answered(LEG))
        elif isinstance(command, Play):
            known = {prompt.recordings: prompt.duration for prompt in self.plan.prompts()}
            # A number that is read back is put together in the call: each digit is a second long.
            duration = known.get(command.recordings, float(len(command.recordings)))
            self._later(PLAY_DELAY, PlayStarted(LEG, command.play))
            self._later(PLAY_DELAY + duration, PlayFinished(LEG, command.play, True))
        elif isinstance(command, StopPlaying):
            running = [entry for entry in self._due if isinstance(entry[2], PlayFinished)]
            self._due = [entry for entry in self._due if not isinstance(entry[2], PlayStarted | PlayFinished)]
            heapq.heapify(self._due)
            for _, _, event in running:
                assert isinstance(event, PlayFinished)
                self._later(0.0, PlayFinished(LEG, event.play, False))
        elif type(command) is Release:  # what becomes of a GiveUp the story tells
            self._due = [(self.now + 0.1, next(self._order), LegReleased(LEG))]

    def _later(self, delay: float, event: LegEvent) -> None:
        heapq.heappush(self._due, (self.now + delay, next(self._order), event))
