"""The states of a call, as the feed shows them.

Rules, kept by the table in `transitions` and checked as properties over random event sequences:

1. No effect releases the leg while the customer is there, except where a clause orders it (a ladder's final
   prompt, or WD-2's farewell, was said to its end), the guard after the farewell has run out, or the process is
   shutting down. The first two lead out of CLOSING and out of no other state: the table itself forbids a hang-up
   without last words. Where somebody has picked up a parallel telephone, a release cuts nobody: he and the
   customer go on talking.
2. A prompt once begun is complete or recorded as cut, with the reason.
3. A call that was offered has exactly one end.
4. Off-hook is ordered in the gap after ring N, never for a line that stopped ringing.
5. Silence, noise and lost media are never the customer's hang-up.
"""

from enum import StrEnum


class CallState(StrEnum):
    """Where a call stands."""

    DIALLING = "dialling"
    """We call a customer back; his telephone has not been picked up."""
    RINGING = "ringing"
    """Offered and not yet off-hook."""
    GREETING = "greeting"
    """Off-hook, the greeting is being said."""
    LISTENING = "listening"
    """The customer has the word."""
    PROMPTING = "prompting"
    """Something other than greeting and farewell is being said."""
    WAITING = "waiting"
    """He waits for somebody, and is reassured."""
    TALKING = "talking"
    """He and an agent hear each other."""
    CLOSING = "closing"
    """A ladder's final prompt or the farewell is being said, or has been and the customer is still there."""
    RELEASED = "released"
    """Over."""
