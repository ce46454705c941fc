"""A call from off-hook to its last prompt: one thing is said at a time, and each machine has its turn.

Joins `prompting` (what is being said), `conversation` (whose turn it is), `attended` (an agent, the wait for one),
`holding` (the end), and the requests of people.
"""

from collections.abc import Callable

from drivers.line import Record, StopPlaying, Verdict
from gateway.call import facts
from gateway.call.attended import Attended
from gateway.call.conversation import AgentWanted, Conversation, Turn
from gateway.call.course import Course
from gateway.call.desk_news import DeskNews
from gateway.call.facts import CallFact, CutReason
from gateway.call.holding import Holding, ReleaseOrder
from gateway.call.plan import Part, Plan, Prompt
from gateway.call.prompting import Prompting
from gateway.call.requested import Requested
from gateway.call.requests import CallRequest, EndWaiting, KeepWaiting, RequestRefused, SayPhrase
from gateway.call.states import CallState
from gateway.call.transitions import Trigger
from gateway.call.voice import Timer

LetGo = Callable[[Holding], None]
"""Releases the line: the wait for the customer is over."""


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
        self._attended = Attended(plan, leg, course, self._conversation, self)
        self._greetings: list[Prompt] = []
        self._holding: Holding | None = None
        self._requested = Requested(plan)

    @property
    def saying(self) -> Prompt | None:
        """What is being said."""
        return self._prompting.prompt

    @property
    def agent(self) -> str | None:
        """Who is with the customer."""
        return self._attended.agent

    def timers(self) -> list[Timer]:
        """What is waited for."""
        timers: list[Timer] = [
            (self._prompting.deadline, self._prompt_lost),
            (self._conversation.deadline, self._our_turn),
            *self._attended.timers(),
        ]
        if self._holding is not None and self.agent is None:  # nothing runs against two who talk
            holding = self._holding
            timers.append((holding.deadline, lambda _: self._let_go(holding)))
        return timers

    # -- what happens ------------------------------------------------------------------------------------------

    def off_hook(self, now: float) -> None:
        """The line was answered: greet for today."""
        self._course.enter(Trigger.OFF_HOOK)
        self._record()
        self._greetings = [*self._plan.day(now - self._offered_at).greeting, *self._plan.notices]
        self.say(self._greetings.pop(0), now)

    def picked_up(self, now: float) -> None:
        """The customer whom we called back is on the telephone, and the agent is with him."""
        self._record()
        self._attended.picked_up(now)

    def calls(self, number: str | None) -> None:
        """The customer's calling number is known."""
        self._attended.caller = number

    def news(self, news: DeskNews, now: float) -> None:
        """The desk has something to tell."""
        was = self.agent
        self._attended.news(news, now)
        if was is not None and self.agent is None and self._holding is not None:
            self._holding.resume(now)  # the last word was the agent's, or is the customer's
            self._holding.hear(self._speaks(self._holding), now)

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
        if self._conversation.intelligible and not self._attended.takes_number:  # keys alone answer there
            self._course.emit(self._prompting.barge_in())
        if self._holding is not None and self._holding.hear(self._speaks(self._holding), now):
            self._speak_up(now)

    def key(self, digit: str, now: float) -> None:
        """The customer pressed a key."""
        if self._holding is not None or self._attended.key(digit, now):
            return
        if self._conversation.key(digit, now):
            self._course.emit(self._prompting.barge_in())

    def resume(self, held: float, now: float) -> None:
        """The customer had put us on hold for `held` seconds: every wait for him stood still."""
        self._prompting.resume(held)
        self._conversation.resume(now)
        self._attended.resume(held, now)
        if self._holding is not None:
            self._holding.resume(now)

    def end(self, cut: CutReason) -> None:
        """The call is over: what was being said is cut, what was being answered is complete."""
        self._conversation.end()
        self._course.emit(self._prompting.abandon(cut))

    def request(self, request: CallRequest, now: float) -> None:
        """Somebody asks for something. Raises RequestRefused, and then nothing has changed."""
        waits = self._attended.waits
        self._requested.check(request, self._course.state, waits=waits.on)
        if isinstance(request, KeepWaiting) and self._attended.takes_number:
            raise RequestRefused("the customer's number is being taken; ask again when it is")
        if isinstance(request, EndWaiting):
            self._requested.forget_waits()
            if waits.on:
                self._attended.someone_has_time(now)
            return
        self._requested.add(request)
        if self._prompting.prompt is None:
            self.carry_out_requests(now)

    # -- what has come due -------------------------------------------------------------------------------------

    def _prompt_lost(self, now: float) -> None:
        self._course.emit(StopPlaying(self._leg))
        self._prompt_ended(self._prompting.give_up()[1], now)

    def _our_turn(self, now: float) -> None:
        turn = self._conversation.take_turn(now, awaited=self._attended.awaited)
        if isinstance(turn, AgentWanted):
            self._attended.begin_wait(now)
        else:
            self.take(turn, now)

    # -- joints between the machines ---------------------------------------------------------------------------

    def say(self, prompt: Prompt, now: float) -> None:
        """Begin a prompt; nothing may be playing."""
        self._attended.waits.spoken()
        self._course.emit(self._prompting.say(prompt, now))

    def hush(self, reason: CutReason = CutReason.WAIT_ENDED) -> None:
        """Cut what is being said, unless somebody wanted it said."""
        if self.saying is not None and self.saying.part is not Part.PHRASE:
            self._course.emit(self._prompting.cut(reason))

    def take(self, turn: Turn | None, now: float) -> None:
        """Say what it is our turn to say; None: the customer has the word, unless a request waits."""
        if turn is None:
            self.carry_out_requests(now)
            return
        if turn.closes:
            self._close(turn, now)
        else:
            self._course.enter(Trigger.STEP_DUE)
        self.say(turn.prompt, now)

    def _record(self) -> None:
        recording = self._plan.recording
        if recording is not None:
            order = Record(self._leg, recording, both=self._plan.both_sides)
            self._course.emit(order, facts.RecordingStarted(recording))

    def _prompt_ended(self, finished: CallFact | None, now: float) -> None:
        self._course.emit(finished)
        cut = self._prompting.cut_by
        if self._holding is not None:
            self._last_prompt_ended(self._holding, cut is None, now)
        elif self._attended.prompt_ended(now):
            pass
        elif self._greetings:
            self.say(self._greetings.pop(0), now)
        elif self._course.state is CallState.GREETING:
            if not self._attended.greeted(now):
                self.take(self._conversation.greeted(now), now)
        else:
            self._course.enter(Trigger.STEP_ENDED)
            self.go_on(now, barged=cut is CutReason.BARGE_IN)

    def go_on(self, now: float, *, barged: bool = False) -> None:
        """The conversation goes on where it was. Where it has more to say of its own, a request goes first: those
        words could be the last."""
        if self._conversation.keeps and self._requested:
            self.carry_out_requests(now)
        else:
            self.take(self._conversation.said(now, barged=barged), now)

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
        if not self._attended.spoke_up():
            self._conversation.spoke_up(now)

    def carry_out_requests(self, now: float) -> None:
        """The next request, if there is one; each prompt's end comes here again."""
        if not self._requested:
            return
        request = self._requested.next()
        self._conversation.interrupt()
        if isinstance(request, SayPhrase):
            self._say_phrase(self._attended.phrase(request.key), now)
        else:
            self._attended.begin_wait(now)

    def forget_waits(self) -> None:
        """He waits already, or need not any more: who has asked for it has had his will."""
        self._requested.forget_waits()

    def _say_phrase(self, phrase: Prompt, now: float) -> None:
        if phrase.part is Part.LAST_WORDS:
            self._attended.last_words(now)
            self._close(Turn(phrase, closes=True), now)
        elif self._course.state is CallState.LISTENING:
            self._course.enter(Trigger.STEP_DUE)
        self.say(phrase, now)
