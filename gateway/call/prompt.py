"""Something said to the customer."""

from dataclasses import dataclass
from enum import StrEnum


class Part(StrEnum):
    """The part of a call that a prompt belongs to; records and the judge of clauses tell prompts apart by it."""

    GREETING = "greeting"
    LADDER = "ladder"
    """A step, or the last words, on a silent or unintelligible line."""
    CORRECTION = "correction"
    """A faint customer is asked to speak up, a loud one to lower his voice."""
    MENU = "menu"
    OPENING = "opening"
    """The customer is asked to tell his case."""
    QUESTION = "question"
    REPLY = "reply"
    """What he is told once his case was heard: an apology, a promise with its time."""
    WAITING = "waiting"
    NOTICE = "notice"
    """After the greeting: that the call is recorded, or JH-13's words to who has earned them."""
    CALL_BACK = "call_back"
    """A number to call back is taken and read back, the call-back promised."""
    PHRASE = "phrase"
    """Said because the agent asked for it."""
    LAST_WORDS = "last_words"
    """A phrase that is a farewell: it ends the call as the line's own farewell does."""
    CLOSING = "closing"
    """「anything else?」 and the farewell."""


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
    """Sum of the recordings' lengths in seconds."""
    barge_in: bool = False
    """Whether the customer's speech, or his answer by key, stops it at once."""
    part: Part = Part.GREETING
