"""A call from off-hook to its last prompt: one thing is said at a time, and each machine has its turn.

Joins `prompting` (what is being said), `conversation` (whose turn it is), `waiting` (a customer who waits),
`holding` (the end), and the requests of people.
"""

from collections import deque
from collections.abc import Callable

from drivers.line import Record, StopPlaying, Verdict
from gateway.call import facts
from gateway.call.conversation import Conversation, Turn
from gateway.call.course import Course
from gateway.call.facts import CallFact, CutReason
from gateway.call.holding import Holding, ReleaseOrder
from gateway.call.plan import Part, Plan, Prompt
from gateway.call.prompting import Prompting
from gateway.call.requests import CallRequest, EndWaiting, KeepWaiting, RequestRefused, SayPhrase
from gateway.call.states import CallState
from gateway.call.transitions import Trigger
from gateway.call.waiting import Waiting

Timer = tuple[float | None, Callable[[float], None]]
"""When it is due, and what is done then."""
LetGo = Callable[[Holding], None]
"""Releases the line: the wait for the customer is over."""
REQUESTS = 5
"""Requests that wait for the end of a prompt at most: more is a stuck key, not an agent."""


class Speaking:
    """Everything that is said to the customer, in order."""

    def __init__(self, plan: Plan, leg: str, course: Course, offered_at: float, let_go: LetGo) -> None:
        self._plan = plan
        self._leg = leg
        self._course = course
        self._offered_at = offered_at
        self._let_go = let_go
        self._prompting = Prompting(leg)
        self._conversation = Conversation(plan, leg, offered_at, course.emit)
        self._greetings: list[Prompt] = []
        self._waiting: Waiting | None = None
        self._holding: Holding | None = None
        self._requested: deque[CallRequest] = deque()

    def timers(self) -> list[Timer]:
        """What is waited for."""
        timers: list[Timer] = [
            (self._prompting.deadline, self._prompt_lost),
            (self._conversation.deadline, self._our_turn),
        ]
        if self._waiting is not None:
            timers.append((self._waiting.deadline, self._wait_due))
        if self._holding is not None:
            holding = self._holding
            timers.append((holding.deadline, lambda _: self._let_go(holding)))
        return timers

    # -- what happens ------------------------------------------------------------------------------------------

    def off_hook(self, now: float) -> None:
        """The line was answered: greet for today."""
        self._course.enter(Trigger.OFF_HOOK)
        if self._plan.recording is not None:
            recording = self._plan.recording
            self._course.emit(Record(self._leg, recording), facts.RecordingStarted(recording))
        self._greetings = list(self._plan.day(now - self._offered_at).greeting)
        self._say(self._greetings.pop(0), now)

    def play_started(self, play: int) -> None:
        """The line tells that a Play began."""
        self._course.emit(self._prompting.started(play))

    def play_finished(self, play: int, complete: bool, now: float) -> None:
        """The line tells that a Play ended."""
        ended = self._prompting.finished(play, complete)
        if ended is not None:
            self._prompt_ended(ended[1], now)

    def hear(self, verdict: Verdict, now: float) -> None:
        """The ears have a new verdict."""
        self._conversation.hear(verdict, now)
        if self._conversation.intelligible:
            self._course.emit(self._prompting.barge_in())
        if self._holding is not None and self._holding.hear(self._speaks(self._holding), now):
            self._speak_up(now)

    def key(self, digit: str, now: float) -> None:
        """The customer pressed a key."""
        if self._holding is None and self._conversation.key(digit, now):
            self._course.emit(self._prompting.barge_in())

    def resume(self, held: float, now: float) -> None:
        """The customer had put us on hold for `held` seconds: every wait for him stood still."""
        self._prompting.resume(held)
        self._conversation.resume(now)
        if self._waiting is not None:
            self._waiting.resume(held, now)
        if self._holding is not None:
            self._holding.resume(now)

    def end(self, cut: CutReason) -> None:
        """The call is over: what was being said is cut, what was being answered is complete."""
        self._conversation.end()
        self._course.emit(self._prompting.abandon(cut))

    def request(self, request: CallRequest, now: float) -> None:
        """Somebody asks for something. Raises RequestRefused, and then nothing has changed."""
        self._check(request)
        if isinstance(request, EndWaiting):
            self._requested = deque(wanted for wanted in self._requested if not isinstance(wanted, KeepWaiting))
            if self._waiting is not None:
                self._end_wait(now)
            return
        self._requested.append(request)
        if self._prompting.prompt is None:
            self._carry_out_requests(now)

    # -- what has come due -------------------------------------------------------------------------------------

    def _prompt_lost(self, now: float) -> None:
        self._course.emit(StopPlaying(self._leg))
        self._prompt_ended(self._prompting.give_up()[1], now)

    def _our_turn(self, now: float) -> None:
        self._take(self._conversation.take_turn(now), now)

    def _wait_due(self, now: float) -> None:
        assert self._waiting is not None
        if self._waiting.overdue(now):
            self._leave_wait(now)
        else:
            self._say(self._waiting.again(now), now)

    # -- joints between the machines ---------------------------------------------------------------------------

    def _say(self, prompt: Prompt, now: float) -> None:
        if self._waiting is not None:
            self._waiting.spoken(True)
        self._course.emit(self._prompting.say(prompt, now))

    def _take(self, turn: Turn | None, now: float) -> None:
        """Say what it is our turn to say; None: the customer has the word, unless a request waits."""
        if turn is None:
            self._carry_out_requests(now)
            return
        if turn.closes:
            self._close(turn, now)
        else:
            self._course.enter(Trigger.STEP_DUE)
        self._say(turn.prompt, now)

    def _prompt_ended(self, finished: CallFact | None, now: float) -> None:
        self._course.emit(finished)
        cut = self._prompting.cut_by
        if self._holding is not None:
            self._last_prompt_ended(self._holding, cut is None, now)
        elif self._waiting is not None:
            self._reassured(self._waiting, now)
        elif self._greetings:
            self._say(self._greetings.pop(0), now)
        elif self._course.state is CallState.GREETING:
            self._course.enter(Trigger.GREETED)
            self._take(self._conversation.greeted(now), now)
        else:
            self._course.enter(Trigger.STEP_ENDED)
            self._go_on(now, barged=cut is CutReason.BARGE_IN)

    def _go_on(self, now: float, *, barged: bool = False) -> None:
        """The conversation goes on where it was. Where it has more to say of its own, a request goes first: those
        words could be the last."""
        if self._conversation.keeps and self._requested:
            self._carry_out_requests(now)
        else:
            self._take(self._conversation.said(now, barged=barged), now)

    def _last_prompt_ended(self, holding: Holding, complete: bool, now: float) -> None:
        if holding.ladder and self._conversation.intelligible:
            self._speak_up(now)
        else:
            holding.said(complete, now)

    def _close(self, turn: Turn, now: float) -> None:
        self._course.enter(Trigger.FAREWELL_DUE)
        closing, ladder = self._plan.closing, turn.ladder
        order = ReleaseOrder(ladder.clause, ladder.release_wait) if ladder else None
        if ladder is None and closing.release_wait is not None:
            order = ReleaseOrder(closing.clause, closing.release_wait)
        self._holding = Holding(closing.guard, order, ladder=ladder is not None)
        self._holding.hear(self._speaks(self._holding), now)  # he may be speaking already

    def _speaks(self, holding: Holding) -> bool:
        """Whether nothing may run against the customer: after a ladder he must be understood; after a farewell a
        faint voice is somebody who is still there, too."""
        return self._conversation.intelligible if holding.ladder else self._conversation.audible

    def _speak_up(self, now: float) -> None:
        self._holding = None
        self._course.enter(Trigger.SPOKE_UP)
        self._conversation.spoke_up(now)

    # -- requests and waiting ----------------------------------------------------------------------------------

    def _check(self, request: CallRequest) -> None:
        """Raise RequestRefused for what cannot be met."""
        state = self._course.state
        refusals = {
            CallState.RINGING: "the call is not answered yet; ask again when it is",
            CallState.CLOSING: "the last words are being said; nothing can follow them",
            CallState.RELEASED: "the call is over",
        }
        if state in refusals:
            raise RequestRefused(refusals[state])
        if isinstance(request, SayPhrase) and request.key not in self._plan.phrases:
            allowed = ", ".join(self._plan.phrases) or "none, as the dialplan has no [phrases]"
            raise RequestRefused(f"no phrase {request.key!r}; allowed: {allowed}")
        waits = self._waiting is not None or any(isinstance(wanted, KeepWaiting) for wanted in self._requested)
        if isinstance(request, KeepWaiting) and (waits or self._plan.waiting is None):
            raise RequestRefused("the customer is waiting already" if waits else "the dialplan has no [waiting]")
        if isinstance(request, EndWaiting) and not waits:
            raise RequestRefused("the customer is not waiting")
        if any(self._closes(wanted) for wanted in self._requested):
            raise RequestRefused(refusals[CallState.CLOSING])
        if len(self._requested) >= REQUESTS and not isinstance(request, EndWaiting):
            raise RequestRefused(f"{REQUESTS} requests wait already; ask again when they are done")

    def _closes(self, request: CallRequest) -> bool:
        return isinstance(request, SayPhrase) and self._plan.phrases[request.key].part is Part.LAST_WORDS

    def _carry_out_requests(self, now: float) -> None:
        """The next request, if there is one; each prompt's end comes here again."""
        if not self._requested:
            return
        request = self._requested.popleft()
        self._conversation.interrupt()
        if isinstance(request, SayPhrase):
            self._say_phrase(self._plan.phrases[request.key], now)
        else:
            assert self._plan.waiting is not None
            self._course.enter(Trigger.WAIT_ORDERED)
            self._course.emit(facts.WaitBegan())
            self._waiting = Waiting(self._plan.waiting, now)
            self._say(self._plan.waiting.first, now)

    def _say_phrase(self, phrase: Prompt, now: float) -> None:
        if phrase.part is Part.LAST_WORDS:
            if self._waiting is not None:
                self._course.emit(facts.WaitEnded(self._waiting.waited(now), overdue=False))
                self._course.enter(Trigger.WAIT_OVER)
                self._waiting = None
            self._close(Turn(phrase, closes=True), now)
        elif self._waiting is None:
            self._course.enter(Trigger.STEP_DUE)
        self._say(phrase, now)

    def _reassured(self, waiting: Waiting, now: float) -> None:
        """A prompt has ended in mid-wait."""
        waiting.spoken(False)
        if waiting.ended:
            self._leave_wait(now)
        else:
            self._carry_out_requests(now)

    def _end_wait(self, now: float) -> None:
        assert self._waiting is not None
        self._waiting.ended = True
        prompt = self._prompting.prompt
        if prompt is None:
            self._leave_wait(now)
        elif prompt.part is not Part.PHRASE:  # what somebody wants said is said to its end
            self._course.emit(self._prompting.cut(CutReason.WAIT_ENDED))

    def _leave_wait(self, now: float) -> None:
        waiting, self._waiting = self._waiting, None
        assert waiting is not None
        self._course.emit(facts.WaitEnded(waiting.waited(now), overdue=not waiting.ended))
        self._course.enter(Trigger.WAIT_OVER)
        self._conversation.attended(now)
        words = waiting.last_words(now)
        if words is None:
            self._go_on(now)
        else:
            self._course.enter(Trigger.STEP_DUE)
            self._say(words, now)
