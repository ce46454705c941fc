"""The customer of a walk, as the ears tell of him, and the agent who listens.

He listens while a prompt is said, and begins a second after it has ended: tells his case after the greeting,
answers what he is asked, repeats what was not understood, says nothing to 「anything else?」, hangs up after the
farewell.
"""

from collections import deque
from dataclasses import dataclass

from drivers.line import (
    DigitReceived,
    FarEndHeld,
    FarEndHungUp,
    FarEndResumed,
    LegEvent,
    Verdict,
    VerdictReached,
)
from gateway.call import facts
from gateway.call.desk_news import AgentAnswers, AgentGoes, AgentRings, AgentsExpected, DeskNews
from gateway.call.facts import CallFact
from gateway.call.prompt import Part, Prompt
from gateway.call.requests import CallRequest, EndWaiting, KeepWaiting, SayPhrase
from gateway.call.states import CallState
from gateway.walk.schedule import Schedule
from gateway.walk.script import Script
from gateway.walk.signalling import Signalling

REACTION = 1.0
"""Seconds from a prompt's end to the customer's first word or key, and from his last word to what the agent
does."""
CASE, ANSWER = 8.0, 3.0
"""Seconds he speaks to tell his case, and to answer a question."""
KEY_EVERY = 0.4
"""Seconds from key to key."""
HANGS_UP = 2.0
"""Seconds from the farewell's end to the handset; when that is known is the line's."""
QUIET_TOLD = 1.0
"""Seconds the ears take to tell that nobody speaks."""
TOLD = {Verdict.SPEECH: 0.5, Verdict.FAINT: 0.7, Verdict.NOISY: 0.8, Verdict.LOUD: 1.0, Verdict.SILENT: QUIET_TOLD}
"""Seconds from a sound's beginning to its verdict: the medians in docs/hearing.md."""
_HEARD_AS = {
    Verdict.SILENT: (-62.0, None),
    Verdict.NOISY: (-32.0, None),
    Verdict.FAINT: (-42.0, 18.0),
    Verdict.SPEECH: (-24.0, 30.0),
    Verdict.LOUD: (-8.0, 40.0),
}
"""dBFS and dB over the noise: well inside each verdict's range."""

_SPEAKS = {
    Part.GREETING: CASE,
    Part.MENU: CASE,
    Part.OPENING: CASE,
    Part.LADDER: CASE,
    Part.CORRECTION: CASE,
    Part.QUESTION: ANSWER,
}
_KEYED = (Part.MENU, Part.QUESTION)
_FAREWELLS = (Part.CLOSING, Part.LAST_WORDS)


@dataclass(frozen=True, slots=True)
class _SpeechEnds:
    """He has come to the end of what he had to say, and the ears tell so."""


Act = LegEvent | CallRequest | DeskNews
"""What is done at the other end, by the agent, or at the desk."""
_Act = Act | _SpeechEnds


class Customer:
    """Acts by `script`. Every fact of the call goes to `hear`; what he does is due in the order of its seconds."""

    def __init__(self, leg: str, script: Script, signalling: Signalling) -> None:
        self._leg = leg
        self._script = script
        self._signalling = signalling
        self._keys = deque(script.keys)
        self._phrases = deque(script.phrases)
        self._due: Schedule[_Act] = Schedule()
        self._closing = False
        self._served = False
        self._asked_to_wait = False
        self._verdict: Verdict | None = None

    @property
    def next_at(self) -> float | None:
        """When he, or the agent, does something; None while they wait."""
        return self._due.next_at

    @property
    def unused(self) -> tuple[str, ...]:
        """The keys that nothing asked for, and the phrases that had no place in the call."""
        return (*filter(None, self._keys), *self._phrases)

    def act(self, now: float) -> Act:
        """What is due at second `now`."""
        act = self._due.pop()
        self._asked_to_wait = self._asked_to_wait or isinstance(act, KeepWaiting)
        if isinstance(act, _SpeechEnds):
            self._serve(now)
            return self._heard(Verdict.SILENT)
        if isinstance(act, VerdictReached):
            self._verdict = act.verdict
        return act

    def hear(self, fact: CallFact, now: float) -> None:
        """A fact of the call."""
        self._desk_acts(fact, now)
        match fact:
            case facts.CallAnswered():
                first = self._script.voice if not self._script.speaks else Verdict.SILENT
                self._due.add(now + TOLD[first], self._heard(first))
            case facts.StateEntered(state=state):
                self._closing = state is CallState.CLOSING
                if state is CallState.LISTENING and not self._script.speaks:
                    self._serve(now)
            case facts.PromptStarted():
                self._falls_silent(now)
            case facts.PromptFinished(prompt=prompt):
                self._reply(prompt, now)
            case facts.WaitBegan() if self._script.agent is None or self._asked_to_wait:
                self._asked_to_wait = False
                self._due.add(now + (self._script.wait or 0.0), EndWaiting())
            case facts.WaitEnded():
                self._due.take(lambda act: isinstance(act, EndWaiting))
            case facts.CustomerResumed():
                self._due.add(now + QUIET_TOLD, self._heard(Verdict.SILENT))
            case facts.Released():
                self._due.clear()

    def _reply(self, prompt: Prompt, now: float) -> None:
        if self._closing:
            if prompt.part in _FAREWELLS and not self._script.stays:
                known = now + HANGS_UP + self._signalling.hang_up_told
                self._due.add(known, FarEndHungUp(self._leg, self._signalling.hang_up))
        elif prompt.part in _KEYED and self._keys and self._keys[0]:
            for number, digit in enumerate(self._keys.popleft()):
                self._due.add(now + REACTION + number * KEY_EVERY, DigitReceived(self._leg, digit))
        elif prompt.part is Part.PHRASE:
            self._agent_acts(now)
        elif prompt.part in _SPEAKS:
            if prompt.part in _KEYED and self._keys:
                self._keys.popleft()
            self._speak(_SPEAKS[prompt.part], now + REACTION)

    def _speak(self, seconds: float, begins: float) -> None:
        if self._script.speaks:
            self._due.add(begins + TOLD[self._script.voice], self._heard(self._script.voice))
            self._due.add(begins + seconds + QUIET_TOLD, _SpeechEnds())

    def _falls_silent(self, now: float) -> None:
        """We speak: he listens, whatever he was about to say."""
        self._due.take(lambda act: isinstance(act, _SpeechEnds) or self._is_voice(act))
        if self._script.speaks and self._verdict is self._script.voice:
            self._due.add(now + QUIET_TOLD, self._heard(Verdict.SILENT))

    def _is_voice(self, act: _Act) -> bool:
        return isinstance(act, VerdictReached) and act.verdict is self._script.voice and self._script.speaks

    def _heard(self, verdict: Verdict) -> VerdictReached:
        return VerdictReached(self._leg, verdict, *_HEARD_AS[verdict])

    # -- the agent, once the customer has told his case ---------------------------------------------------------

    def _serve(self, now: float) -> None:
        if self._served:
            return
        self._served = True
        if self._script.hold is not None and self._signalling.tells_hold:
            self._due.add(now + REACTION, FarEndHeld(self._leg))
            self._due.add(now + REACTION + self._script.hold, FarEndResumed(self._leg))
        self._agent_acts(now)

    def _desk_acts(self, fact: CallFact, now: float) -> None:
        agent = self._script.agent
        if agent is None:
            return
        if isinstance(fact, facts.CallAnswered):
            self._due.add(now, AgentsExpected(True))
            self._due.add(now, AgentRings(agent.number))
            self._due.add(now + agent.answers, AgentAnswers(agent.number, "", ""))
        elif isinstance(fact, facts.AgentConnected):
            self._due.add(now + agent.talks, AgentGoes(agent.number, "hung_up"))

    def _agent_acts(self, now: float) -> None:
        """The next phrase; after the last one, the wait."""
        if self._phrases:
            self._due.add(now + REACTION, SayPhrase(self._phrases.popleft()))
        elif self._script.wait is not None:
            self._due.add(now + REACTION, KeepWaiting())
