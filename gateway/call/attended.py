"""The customer and the desk: an agent with him, a wait for one, the call-back or the message in his place."""

from gateway.call import facts
from gateway.call.attending import Attending
from gateway.call.calling_back import CallingBack
from gateway.call.conversation import Conversation, Turn
from gateway.call.course import Course
from gateway.call.desk_news import (
    AgentAnswers,
    AgentGoes,
    AgentHolds,
    AgentMisses,
    AgentRings,
    AgentsExpected,
    DeskNews,
    QueueMoved,
)
from gateway.call.facts import CutReason
from gateway.call.plan import Plan, Prompt
from gateway.call.states import CallState
from gateway.call.transitions import Trigger
from gateway.call.voice import Timer, Voice
from gateway.call.waits import Waits

_TOO_LATE = frozenset({CallState.RINGING, CallState.CLOSING, CallState.RELEASED})
"""States in which no agent is wanted (any more)."""


class Attended:
    """What the desk does for one customer, and what is said of it."""

    def __init__(self, plan: Plan, leg: str, course: Course, conversation: Conversation, voice: Voice) -> None:
        self._plan = plan
        self._course = course
        self._conversation = conversation
        self._voice = voice
        self._attending = Attending(leg)
        self.waits = Waits(plan, course, conversation, self._attending, voice, self._call_back)
        self._calling_back: CallingBack | None = None
        self._next: Prompt | None = None
        """What is said once the prompt that is being cut has ended."""
        self._please_wait = False
        """Whether he must be told to wait once what is being said has ended."""
        self.caller: str | None = None
        """The calling number, to be called back at."""

    @property
    def agent(self) -> str | None:
        """Who is with the customer."""
        return self._attending.agent

    def phrase(self, key: str) -> Prompt:
        """What is said where somebody asks for the dialplan's phrase `key`."""
        return self._attending.phrases.get(key) or self._plan.phrases[key]

    @property
    def awaited(self) -> bool:
        """Whether an agent may come, and the customer can be kept waiting for him."""
        return self._attending.awaited and self._plan.waiting is not None

    @property
    def takes_number(self) -> bool:
        """Whether the customer is keying in, or confirming, the number at which he is called back."""
        return self._calling_back is not None

    def timers(self) -> list[Timer]:
        """What is waited for."""
        timers: list[Timer] = [(self.waits.deadline, self._wait_due)]
        if self._calling_back is not None:
            timers.append((self._calling_back.deadline, self._number_due))
        return timers

    # -- what happens ------------------------------------------------------------------------------------------

    def news(self, news: DeskNews, now: float) -> None:
        """The desk has something to tell."""
        match news:
            case AgentsExpected(expected=expected):
                self._attending.expected = expected
                if not expected and self.agent is None:
                    self.waits.nobody_comes(now)
            case AgentRings(agent=agent):
                self._course.emit(facts.AgentRinging(agent))
                self._stands_at(1)  # nobody is served before him
            case AgentMisses(agent=agent, why=why):
                self._course.emit(facts.AgentMissed(agent, why))
                self._tell_to_wait(now)
            case AgentAnswers():
                self._agent_came(news, now)
            case AgentGoes(agent=agent, why=why):
                self._agent_went(agent, why, now)
            case AgentHolds(held=held):
                self._agent_holds(held, now)
            case QueueMoved(position=position):
                self._stands_at(position)

    def key(self, digit: str, now: float) -> bool:
        """The customer pressed a key; True where it was for the desk."""
        if self._calling_back is None:
            return self.waits.key(digit, now)
        self._number_goes_on(self._calling_back.key(digit, now), now)
        return True

    def resume(self, held: float, now: float) -> None:
        """The customer had put us on hold for `held` seconds."""
        self.waits.resume(held, now)
        if self._calling_back is not None:
            self._calling_back.resume(held)

    def prompt_ended(self, now: float) -> bool:
        """A prompt has ended on the line; True where the desk knows what follows."""
        if self._calling_back is not None:
            self._number_prompt_ended(self._calling_back, now)
        elif self.waits.prompt_ended(now):
            pass
        elif self._course.state is CallState.TALKING:
            self._talk_on(now)
        else:
            return False
        return True

    def greeted(self, now: float) -> bool:
        """The greeting has ended; True where an agent is there, or the customer must wait for one."""
        if self.agent is not None:
            self._connect(Trigger.AGENT_CAME, now)
            return True
        self._course.enter(Trigger.GREETED)
        if self._please_wait and self.awaited and not self._conversation.intelligible:
            self.begin_wait(now)
            return True
        return False

    def picked_up(self, now: float) -> None:
        """The customer whom we called back is on the telephone. His agent is there already, or has left in this
        moment: then all is as for any customer whose agent has."""
        if self.agent is not None:
            self._connect(Trigger.PICKED_UP, now)
        else:
            self._course.enter(Trigger.PICKED_UP)
            self._conversation.agent_came()
            self._talk_on(now)

    def spoke_up(self) -> bool:
        """The customer has more to say after the last words; True where he says it to the agent, who is still
        there."""
        if self.agent is None:
            return False
        self._course.enter(Trigger.AGENT_CAME)
        self._conversation.agent_came()
        return True

    # -- agents ------------------------------------------------------------------------------------------------

    def _stands_at(self, position: int) -> None:
        """His place in the queue."""
        moved, self._attending.position = self._attending.position != position, position
        if moved and self.waits.on and self.agent is None:
            self._course.emit(facts.WaitMoved(position))

    def _tell_to_wait(self, now: float) -> None:
        """Who was greeted is not there: the customer must not be left without a word."""
        if self._course.state is CallState.GREETING:
            self._please_wait = True
            return
        listens = self._course.state is CallState.LISTENING and self._calling_back is None
        if listens and self.awaited and self._conversation.may_be_told_to_wait:
            self.begin_wait(now)

    def _agent_came(self, news: AgentAnswers, now: float) -> None:
        if self._course.state in _TOO_LATE or self.agent is not None:
            return
        self._course.emit(self._attending.joins(news))
        if self._course.state not in (CallState.GREETING, CallState.DIALLING):
            self._connect(Trigger.AGENT_CAME, now)

    def _connect(self, trigger: Trigger, now: float) -> None:
        """The two talk from now on: whatever the line says by itself ends."""
        assert self.agent is not None, "no agent is there"
        self._next = self.waits.end(now)
        self._calling_back = None
        self._please_wait = self._attending.held and self._plan.waiting is not None
        if self._course.state is not CallState.TALKING:  # else he before has gone while the line still spoke
            self._course.enter(trigger)
        self._course.emit(facts.AgentConnected(self.agent))
        self._conversation.agent_came()
        self._hush_and_talk(CutReason.AGENT, now)

    def _agent_went(self, agent: str, why: str, now: float) -> None:
        if not self._attending.leaves(agent):
            return
        self._course.emit(self._attending.parted(), facts.AgentLeft(agent, why))
        if self._course.state is CallState.TALKING and self._voice.saying is None:
            self._talk_on(now)
        elif self._course.state is CallState.GREETING:
            self._please_wait = True  # they have not talked: another one is looked for
        elif self._course.state is CallState.WAITING:
            self.waits.waits_for_agent(now)

    def _agent_holds(self, held: bool, now: float) -> None:
        """His telephone's own hold key lets the customer wait as a request would."""
        self._attending.held = held and self.agent is not None
        if not held:
            self._please_wait = False
            if self.waits.on:
                self.someone_has_time(now)
        elif self._course.state is CallState.TALKING and self._plan.waiting is not None:
            self._please_wait = True
            self._hush_and_talk(CutReason.AGENT, now)

    def _hush_and_talk(self, reason: CutReason, now: float) -> None:
        """What the line says by itself is cut, what somebody wanted said is said to its end."""
        self._voice.hush(reason)
        if self._voice.saying is None:
            self._talk_on(now)

    def _talk_on(self, now: float) -> None:
        """Nothing is being said by the line while they talk; or the agent has gone."""
        words, self._next = self._next, None
        if self.agent is None:
            self._please_wait = False
            self._course.enter(Trigger.AGENT_WENT)
            self._voice.take(self._conversation.agent_went(), now)
        elif words is not None:
            self._voice.say(words, now)
        elif self._please_wait:
            self.begin_wait(now)
        else:
            self._voice.carry_out_requests(now)

    # -- waiting -----------------------------------------------------------------------------------------------

    def begin_wait(self, now: float) -> None:
        """He must wait (JH-8): for an agent, or for whoever lets him wait. Nothing may be playing."""
        self._please_wait = False
        self._voice.forget_waits()
        if self.agent is not None:
            self._course.emit(self._attending.parted())
        self.waits.begin(now, for_agent=self.awaited)

    def someone_has_time(self, now: float) -> None:
        """The agent who let him wait is back, or somebody else attends to him."""
        if self.agent is not None:
            self._talk_again(now)
        elif self.waits.someone_has_time(now):
            self._voice.hush(CutReason.WAIT_ENDED)

    def _wait_due(self, now: float) -> None:
        if self.agent is not None and self.waits.overdue(now):
            self._talk_again(now, overdue=True)
        else:
            self.waits.due(now)

    def _talk_again(self, now: float, *, overdue: bool = False) -> None:
        """The agent who let him wait is back, or (`overdue`) has let him wait too long: after the apology they
        hear each other, but for an agent whose telephone still holds him, who keeps him waiting anew."""
        self._next = self.waits.end(now, overdue=overdue)
        self._please_wait = overdue and self._attending.held
        self._course.emit(self._attending.joined())
        self._course.enter(Trigger.AGENT_CAME)
        self._hush_and_talk(CutReason.WAIT_ENDED, now)

    def last_words(self, now: float) -> None:
        """A farewell is ordered, be it in mid-wait or while his number is taken."""
        self._calling_back = None
        if self.waits.on:
            self.waits.end(now)
            self._course.enter(Trigger.WAIT_OVER)
            if self.agent is not None:  # he may have more to say to the customer, or the customer to him
                self._course.emit(self._attending.joined())

    # -- the call-back -----------------------------------------------------------------------------------------

    def _call_back(self, now: float) -> None:
        """Instead of the wait: his number is taken. Nothing is being said."""
        rule = self._plan.call_back
        self._voice.forget_waits()
        if rule is None:
            self._voice.take(self._conversation.passed_on(now), now)
            return
        self._calling_back = CallingBack(rule, self.caller)
        self._course.enter(Trigger.STEP_DUE)
        self._voice.say(self._calling_back.begin(), now)

    def _number_due(self, now: float) -> None:
        assert self._calling_back is not None
        self._number_goes_on(self._calling_back.expire(), now)

    def _number_goes_on(self, prompt: Prompt | None, now: float) -> None:
        """A key, or none in time: the next prompt is said, now or once the one that runs has been cut."""
        calling_back = self._calling_back
        assert calling_back is not None
        if prompt is None and calling_back.asked is None:
            if calling_back.collects:
                self._voice.hush(CutReason.BARGE_IN)  # he knows what is asked
            return
        self._next = prompt
        if self._voice.saying is None:
            self._number_says(calling_back, now)
        else:
            self._voice.hush(CutReason.BARGE_IN)

    def _number_prompt_ended(self, calling_back: CallingBack, now: float) -> None:
        self._course.enter(Trigger.STEP_ENDED)
        if self._next is None and calling_back.asked is None:
            calling_back.said(now)
            self._voice.carry_out_requests(now)
        else:
            self._number_says(calling_back, now)

    def _number_says(self, calling_back: CallingBack, now: float) -> None:
        prompt, self._next = self._next, None
        if prompt is None:
            self._number_taken(calling_back, now)
            return
        self._course.enter(Trigger.STEP_DUE)
        self._voice.say(prompt, now)

    def _number_taken(self, calling_back: CallingBack, now: float) -> None:
        rule, asked = self._plan.call_back, calling_back.asked
        assert rule is not None
        assert asked is not None
        self._calling_back = None
        turn: Turn | None
        if asked.number is not None:
            turn = self._conversation.promised(rule.noted)
        elif rule.speak is not None and not self._conversation.told:
            turn = Turn(rule.speak)
        else:  # nobody can be called back: what he has told is passed on
            turn = self._conversation.passed_on(now)
        self._course.emit(asked)
        self._voice.take(turn, now)
