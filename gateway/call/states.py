"""The states of a call, as the feed shows them."""

from enum import StrEnum


class CallState(StrEnum):
    """Where a call stands."""

    RINGING = "ringing"
    """Offered and not yet off-hook."""
    GREETING = "greeting"
    """Off-hook, the greeting is being said."""
    LISTENING = "listening"
    """The customer has the word."""
    PROMPTING = "prompting"
    """A prompt of a ladder, or 「anything else?」, is being said."""
    WAITING = "waiting"
    """The customer waits for an agent."""
    TALKING = "talking"
    """The customer talks to an agent."""
    CLOSING = "closing"
    """The farewell is being said, or has been said and the customer is still there."""
    RELEASED = "released"
    """Over."""
