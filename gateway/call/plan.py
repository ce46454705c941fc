"""The frozen Plan of one call: what a dialplan compiles to, and all the engine ever knows of it.

All durations are seconds. Every wait for the customer starts when a prompt has ended on the line.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from gateway.call.prompt import Part, Prompt

__all__ = [
    "AnswerRule",
    "CallBackRule",
    "Choice",
    "Closing",
    "Correction",
    "Day",
    "Flow",
    "Ladder",
    "Menu",
    "Message",
    "Part",
    "Plan",
    "Prompt",
    "Question",
    "WaitRule",
]


@dataclass(frozen=True, slots=True)
class Ladder:
    """What is said, step by step, on a line that stays silent or unintelligible; then the release.

    After each step the line is given `wait` to improve; `final` is followed, after `release_wait`, by the
    release that `clause` orders.
    """

    clause: str
    steps: tuple[Prompt, ...]
    wait: float
    final: Prompt
    release_wait: float


@dataclass(frozen=True, slots=True)
class Correction:
    """What a customer is asked whose voice is faint or loud (WD-6, WD-7): each of `steps` once in a call, when the
    verdict has stood for `wait`. Who has heard them all is taken as he is: nobody is released for his voice."""

    clause: str
    steps: tuple[Prompt, ...]
    wait: float


@dataclass(frozen=True, slots=True)
class AnswerRule:
    """When a ringing line is answered: in the gap after ring `on_ring`."""

    clause: str
    on_ring: int
    ring_limit: int
    """The standard's last permitted ring; on_ring never exceeds it."""
    caller_id_wait: float
    """How long after ring `on_ring` a caller ID is waited for. Shorter than any ring gap."""
    ring_gap_limit: float
    """A ring older than this is no longer ringing: such a line is never answered."""


@dataclass(frozen=True, slots=True)
class Day:
    """What is said today and not on another day: holidays and weekends have words of their own (JH-12, WD-5)."""

    greeting: tuple[Prompt, ...]
    """Said in this order, each to the end; at least one."""
    farewell: Prompt


@dataclass(frozen=True, slots=True)
class Closing:
    """How a served call ends (JH-10, JH-11), and who then hangs up."""

    further: Prompt
    """「anything else?」"""
    further_wait: float
    guard: float
    """Last resort: released so long after the farewell, or after the customer last spoke."""
    clause: str
    """The clause about who hangs up first: `JH-2`, `WD-2`, `TT-3`."""
    release_wait: float | None = None
    """None: the line waits for the customer (JH-2). Else `clause` orders the release so long after a farewell that
    was said to its end (WD-2)."""


@dataclass(frozen=True, slots=True)
class Message:
    """When what the customer says counts as said: he has been quiet for `pause`; `limit` bounds one message."""

    pause: float
    limit: float


@dataclass(frozen=True, slots=True)
class Question:
    """One question of an intake (JS-3). No answer within `wait` is an answer too: the next question follows."""

    key: str
    prompt: Prompt
    wait: float
    recording: str | None = None
    """Where its answer is recorded, apart from the call; None records nothing."""


@dataclass(frozen=True, slots=True)
class Flow:
    """How a case is taken: the customer tells it, is asked `questions`, is told `replies`, all in this order."""

    name: str
    message: Message
    opening: Prompt | None = None
    """Asks him to tell his case; None: the greeting has asked."""
    questions: tuple[Question, ...] = ()
    replies: tuple[Prompt, ...] = ()
    further: bool = True
    """Whether he is asked for anything else before the farewell."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One key of the menu (TT-1)."""

    digit: str
    kind: str
    """What sort of request it is, for records and feed: `enquiry`."""
    flow: Flow
    alert: bool = False
    """Whether people must be called in at once."""


@dataclass(frozen=True, slots=True)
class Menu:
    """What sort of request it is, by key. Said up to `times`, each followed by `wait`; then, or for who speaks
    instead, it is `otherwise`."""

    clause: str
    prompt: Prompt
    wait: float
    times: int
    choices: Mapping[str, Choice]
    otherwise: Choice


@dataclass(frozen=True, slots=True)
class WaitRule:
    """How a waiting customer is reassured (JH-8, JH-9): `first` at once, then `again`, `every` seconds from one
    beginning to the next. A wait ends by itself after `limit`, with `sorry`; one that ends after `long` or more,
    because somebody has time for him, ends with `thanks`."""

    clause: str
    first: Prompt
    again: Prompt
    every: float
    limit: float
    sorry: Prompt
    thanks: Prompt
    long: float


@dataclass(frozen=True, slots=True)
class CallBackRule:
    """How a customer who cannot be served soon is called back (JS-2, JH-19): his number is his caller ID, or keyed
    in; it is read back digit by digit, and `right` confirms it."""

    clause: str
    key: str
    """Pressed while he waits: he wants to be called back."""
    message_key: str
    """Pressed while he waits: he would rather leave a message."""
    offer: Prompt
    """Tells him of the two keys: said after a reassurance, once, when he has waited for `offer_after`."""
    offer_after: float
    ask: Prompt
    """His number, please, and # at its end."""
    read_back: Prompt
    """Before its digits."""
    confirm: Prompt
    """After them: which key says that it is right, and which that he keys it in anew."""
    noted: Prompt
    """He will be called back."""
    right: str
    wrong: str
    wait: float
    """Seconds in which he begins to key in, or confirms."""
    tries: int
    digits: Mapping[str, tuple[str, float]]
    """The recording of each digit and its length in seconds."""
    speak: Prompt | None = None
    """Who would rather leave a message is asked to speak; None: he knows that he may."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything the engine needs for one call."""

    dialplan: str
    agent: str
    """Number of the agent who greets."""
    answer: AnswerRule
    today: Day
    """The day on which the call is offered."""
    silent: Ladder
    noisy: Ladder
    flow: Flow
    """How a case is taken where no menu tells otherwise."""
    closing: Closing
    faint: Correction | None = None
    """None: a faint customer climbs the noisy ladder (JH-7)."""
    loud: Correction | None = None
    """None: a loud customer is understood, and that is enough."""
    menu: Menu | None = None
    waiting: WaitRule | None = None
    phrases: Mapping[str, Prompt] = field(default_factory=dict)
    """What the agent can have said, by key."""
    midnight: float = math.inf
    """Seconds from the offer to the site's midnight."""
    tomorrow: Day | None = None
    """The day after it; None: as today."""
    recording: str | None = None
    """Where to record the customer; None records nothing."""
    both_sides: bool = False
    """Whether the recording holds what he hears, too: two channels, left the customer."""
    notices: tuple[Prompt, ...] = ()
    """Said after the greeting, each to the end: that the call is recorded; JH-13's words to a number that has
    earned them."""
    call_back: CallBackRule | None = None
    """None: nobody is called back; who has waited too long leaves a message."""
    greeting_clause: str | None = None
    """The clause of the ordinary greeting, whatever this call is greeted with; None: that of today's last."""
    greetings: Mapping[str, str] = field(default_factory=dict)
    """The clause of each greeting that any call of this dialplan may have, by the prompt's key; empty: today's."""
    farewells: Mapping[str, str] = field(default_factory=dict)
    """The same of its farewells."""

    def day(self, since_offer: float) -> Day:
        """What is said so many seconds after the offer: a call may cross midnight."""
        return self.today if self.tomorrow is None or since_offer < self.midnight else self.tomorrow

    def prompts(self) -> tuple[Prompt, ...]:
        """Every prompt the plan can play, each once."""
        return tuple(dict.fromkeys(self._spoken()))

    def _spoken(self) -> Iterator[Prompt]:
        for day in (self.today, self.tomorrow):
            if day is not None:
                yield from (*day.greeting, day.farewell)
        for ladder in (self.silent, self.noisy):
            yield from (*ladder.steps, ladder.final)
        for correction in (self.faint, self.loud):
            yield from correction.steps if correction else ()
        choices = self.menu.choices.values() if self.menu else ()
        if self.menu:
            yield self.menu.prompt
        for flow in (self.flow, *(choice.flow for choice in choices)):
            yield from (flow.opening,) if flow.opening else ()
            yield from (question.prompt for question in flow.questions)
            yield from flow.replies
        if self.waiting:
            yield from (self.waiting.first, self.waiting.again, self.waiting.sorry, self.waiting.thanks)
        yield from self.notices
        if self.call_back:
            back = self.call_back
            yield from (back.offer, back.ask, back.read_back, back.confirm, back.noted)
            yield from (back.speak,) if back.speak else ()
        yield from self.phrases.values()
        yield self.closing.further
