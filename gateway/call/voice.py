"""What the machines of a call ask of whoever speaks: one thing is said at a time."""

from collections.abc import Callable
from typing import Protocol

from gateway.call.conversation import Turn
from gateway.call.facts import CutReason
from gateway.call.plan import Prompt

Timer = tuple[float | None, Callable[[float], None]]
"""When it is due, and what is done then."""


class Voice(Protocol):
    """Says it, in order."""

    @property
    def saying(self) -> Prompt | None:
        """What is being said."""

    def say(self, prompt: Prompt, now: float) -> None:
        """Begin a prompt; nothing may be playing."""

    def hush(self, reason: CutReason = CutReason.WAIT_ENDED) -> None:
        """Cut what is being said, unless somebody wanted it said."""

    def take(self, turn: Turn | None, now: float) -> None:
        """Our turn, or (None) the customer has the word, unless a request waits."""

    def go_on(self, now: float) -> None:
        """The conversation goes on where it was."""

    def forget_waits(self) -> None:
        """He waits already, or need not any more: who has asked for it has had his will."""

    def carry_out_requests(self, now: float) -> None:
        """The next request, if there is one."""
