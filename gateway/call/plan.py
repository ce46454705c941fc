"""The frozen Plan of one call: what a dialplan compiles to, and all the engine ever knows of it.

All durations are seconds. Every wait for the customer starts when a prompt has ended on the line.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Prompt:
    """Something said to the customer, ready to be played."""

    key: str
    """Its name in the dialplan, records and feed: `greeting`, `silent-1`, `noisy-final` …"""
    text: str
    """What is said, word for word."""
    clause: str
    """The clause that orders it, `JH-6`."""
    recordings: tuple[str, ...]
    """WAV files played back to back."""
    duration: float
    """Sum of the recordings' lengths."""
    barge_in: bool = False
    """Whether the customer's speech stops it at once."""


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
class Closing:
    """How a served call ends (JH-10, JH-11) and how long the line then waits for the customer (JH-2)."""

    further: Prompt
    """「anything else?」"""
    further_wait: float
    farewell: Prompt
    guard: float
    """Last resort: released so long after the farewell, or after the customer last spoke."""


@dataclass(frozen=True, slots=True)
class Message:
    """When what the customer says counts as said: he has been quiet for `pause`; `limit` bounds one message."""

    pause: float
    limit: float


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything the engine needs for one call."""

    dialplan: str
    agent: str
    """Number of the agent who greets."""
    answer: AnswerRule
    greeting: tuple[Prompt, ...]
    """Said in this order, each to the end; at least one."""
    silent: Ladder
    noisy: Ladder
    message: Message
    closing: Closing
    hang_up_first: str
    """The clause that makes the line wait for the customer, `JH-2`."""
    recording: str | None = None
    """Where to record the customer; None records nothing."""

    def prompts(self) -> tuple[Prompt, ...]:
        """Every prompt the plan can play, each once."""
        ladders = (self.silent, self.noisy)
        spoken = [*self.greeting, *(step for ladder in ladders for step in (*ladder.steps, ladder.final))]
        return tuple(dict.fromkeys((*spoken, self.closing.further, self.closing.farewell)))
