"""What people ask of a call that is up: the agent, through the feed's commands or by code from his telephone."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CallRequest:
    """Any request."""


@dataclass(frozen=True, slots=True)
class SayPhrase(CallRequest):
    """Say the dialplan's phrase `key` to the customer (JH-13, JH-14, JH-18, WD-9, WD-10): at once, or as soon as
    the prompt that is being said has ended."""

    key: str


@dataclass(frozen=True, slots=True)
class KeepWaiting(CallRequest):
    """The customer must wait: reassure him until EndWaiting (JH-8)."""


@dataclass(frozen=True, slots=True)
class EndWaiting(CallRequest):
    """Somebody has time for him; a reassurance that is being said is cut, a phrase is said to its end."""


@dataclass(frozen=True, slots=True)
class AgentWish:
    """What an agent asks for himself, in the desk's words: `log_in`, `log_out`, `away`, `back`, `after_call`."""

    wish: str


Wanted = CallRequest | AgentWish
"""What a code on an agent's telephone stands for."""


class RequestRefused(Exception):
    """The request cannot be met; nothing has changed. The message says why and what can be asked."""
