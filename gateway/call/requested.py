"""What people have asked of a call and what cannot be met: requests wait for the end of the prompt being said."""

from collections import deque

from gateway.call.plan import Part, Plan
from gateway.call.requests import CallRequest, EndWaiting, KeepWaiting, RequestRefused, SayPhrase
from gateway.call.states import CallState

REQUESTS = 5
"""Requests that wait for the end of a prompt at most: more is a stuck key, not an agent."""
_LAST_WORDS = "the last words are being said; nothing can follow them"
_REFUSALS = {
    CallState.DIALLING: "the customer is being called; ask again when he is on the telephone",
    CallState.RINGING: "the call is not answered yet; ask again when it is",
    CallState.CLOSING: _LAST_WORDS,
    CallState.RELEASED: "the call is over",
}


class Requested:
    """The requests of one call that wait, in their order."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._waiting: deque[CallRequest] = deque()

    def __bool__(self) -> bool:
        return bool(self._waiting)

    @property
    def a_wait(self) -> bool:
        """Whether a KeepWaiting is among them."""
        return any(isinstance(wanted, KeepWaiting) for wanted in self._waiting)

    def check(self, request: CallRequest, state: CallState, *, waits: bool) -> None:
        """Raise RequestRefused for what cannot be met; `waits` tells whether the customer waits already."""
        if state in _REFUSALS:
            raise RequestRefused(_REFUSALS[state])
        if isinstance(request, SayPhrase) and request.key not in self._plan.phrases:
            allowed = ", ".join(self._plan.phrases) or "none, as the dialplan has no [phrases]"
            raise RequestRefused(f"no phrase {request.key!r}; allowed: {allowed}")
        waits = waits or self.a_wait
        if isinstance(request, KeepWaiting) and (waits or self._plan.waiting is None):
            raise RequestRefused("the customer is waiting already" if waits else "the dialplan has no [waiting]")
        if isinstance(request, EndWaiting) and not waits:
            raise RequestRefused("the customer is not waiting")
        if any(self._closes(wanted) for wanted in self._waiting):
            raise RequestRefused(_LAST_WORDS)
        if len(self._waiting) >= REQUESTS and not isinstance(request, EndWaiting):
            raise RequestRefused(f"{REQUESTS} requests wait already; ask again when they are done")

    def add(self, request: CallRequest) -> None:
        """One more waits."""
        self._waiting.append(request)

    def next(self) -> CallRequest:
        """Whose turn it is; there must be one."""
        return self._waiting.popleft()

    def forget_waits(self) -> None:
        """Who was to wait need not any more."""
        self._waiting = deque(wanted for wanted in self._waiting if not isinstance(wanted, KeepWaiting))

    def _closes(self, request: CallRequest) -> bool:
        return isinstance(request, SayPhrase) and self._plan.phrases[request.key].part is Part.LAST_WORDS
