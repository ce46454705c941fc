"""A customer who must wait: reassured at once and every 15 s (JH-8), told of the call-back that he can have
instead, let go on when somebody has time for him or nobody may be kept waiting any longer (JH-9, JS-2).
"""

from collections.abc import Callable

from gateway.call import facts
from gateway.call.attending import Attending
from gateway.call.conversation import Conversation
from gateway.call.course import Course
from gateway.call.plan import Plan, Prompt
from gateway.call.transitions import Trigger
from gateway.call.voice import Voice
from gateway.call.waiting import Waiting


class Waits:
    """The waits of one call. `instead` begins what is done for who has waited too long, or will not wait."""

    def __init__(
        self,
        plan: Plan,
        course: Course,
        conversation: Conversation,
        attending: Attending,
        voice: Voice,
        instead: Callable[[float], None],
    ) -> None:
        self._plan = plan
        self._course = course
        self._conversation = conversation
        self._attending = attending
        self._voice = voice
        self._instead = instead
        self._waiting: Waiting | None = None
        self._for_agent = False
        """Whether he waits for an agent to come; else an agent, or somebody by the feed, lets him wait."""
        self._told_of_call_back = False
        self._leaves_by: Callable[[float], None] | None = None
        """What follows once the prompt that is being cut has ended: he has chosen, or nobody can come."""
        self._words_over = False
        """Whether the apology is being said after which something is done instead of the wait."""

    @property
    def on(self) -> bool:
        """Whether the customer is being kept waiting."""
        return self._waiting is not None

    @property
    def deadline(self) -> float | None:
        """When the next reassurance, or the end of all patience, is due."""
        return None if self._waiting is None else self._waiting.deadline

    def begin(self, now: float, *, for_agent: bool) -> None:
        """He must wait. Nothing may be playing."""
        assert self._plan.waiting is not None
        self._for_agent = for_agent
        self._conversation.interrupt()
        self._course.enter(Trigger.WAIT_ORDERED)
        self._course.emit(facts.WaitBegan(self._attending.position))
        self._waiting = Waiting(self._plan.waiting, now)
        self._voice.say(self._plan.waiting.first, now)

    def overdue(self, now: float) -> bool:
        """Whether he waits, and may be kept waiting no longer."""
        return self._waiting is not None and self._waiting.overdue(now)

    def end(self, now: float, *, overdue: bool = False) -> Prompt | None:
        """The wait is over because somebody has time for him, or (`overdue`) nobody had for too long; what he is
        told of a long one (JH-9). The state is the caller's to change, the prompt that runs his to cut."""
        waiting, self._waiting = self._waiting, None
        self._leaves_by = None
        self._words_over = False
        if waiting is None:
            return None
        waiting.ended = not overdue
        self._course.emit(facts.WaitEnded(waiting.waited(now), overdue=overdue))
        return waiting.last_words(now)

    def someone_has_time(self, now: float) -> bool:
        """As `end`, and the conversation goes on where it was: at once, or once what is being said has ended. True
        where it may be cut."""
        assert self._waiting is not None, "nobody waits"
        self._waiting.ended = True
        if self._voice.saying is None:
            self._leave(now)
            return False
        return True

    def waits_for_agent(self, now: float) -> None:
        """The agent who let him wait has gone: he waits for another one, if one may come."""
        self._for_agent = True
        if not self._attending.expected:
            self.nobody_comes(now)

    def nobody_comes(self, now: float) -> None:
        """No agent is there any more who could come to a customer who waits for one."""
        if self._waiting is not None and self._for_agent and self._leaves_by is None:
            self._leave_by(self._overdue, now)

    def key(self, digit: str, now: float) -> bool:
        """The customer pressed a key; True where he does not want to wait any longer."""
        rule = self._plan.call_back
        if self._waiting is None or not self._for_agent or rule is None or self._leaves_by is not None:
            return False
        if digit == rule.key:
            self._leave_by(lambda at: self._chosen(self._instead, at), now)
        elif digit == rule.message_key:
            self._leave_by(lambda at: self._chosen(self._take_message, at), now)
        else:
            return False
        return True

    def resume(self, held: float, now: float) -> None:
        """The customer had put us on hold for `held` seconds."""
        if self._waiting is not None:
            self._waiting.resume(held, now)

    def spoken(self) -> None:
        """A prompt begins."""
        if self._waiting is not None:
            self._waiting.spoken(True)

    def prompt_ended(self, now: float) -> bool:
        """A prompt has ended on the line; True where the wait knows what follows."""
        if self._words_over:
            self._words_over = False
            self._course.enter(Trigger.STEP_ENDED)
            self._instead(now)
            return True
        if self._waiting is None:
            return False
        self._waiting.spoken(False)
        if self._leaves_by is not None:
            leave, self._leaves_by = self._leaves_by, None
            leave(now)
        elif self._waiting.ended:
            self._leave(now)
        elif not self._tell_of_call_back(self._waiting, now):
            self._voice.carry_out_requests(now)
        return True

    def due(self, now: float) -> None:
        """The deadline has passed."""
        assert self._waiting is not None
        if not self._waiting.overdue(now):
            self._voice.say(self._waiting.again(now), now)
        elif self._for_agent:
            self._overdue(now)
        else:
            self._leave(now)

    def _tell_of_call_back(self, waiting: Waiting, now: float) -> bool:
        rule = self._plan.call_back
        if (
            rule is None
            or not self._for_agent
            or self._told_of_call_back
            or waiting.waited(now) < rule.offer_after
        ):
            return False
        self._told_of_call_back = True
        self._voice.say(rule.offer, now)
        return True

    def _leave_by(self, leave: Callable[[float], None], now: float) -> None:
        """Leave the wait: at once, or as soon as what is being said has been cut."""
        self._attending.expected = False
        if self._voice.saying is None:
            leave(now)
        else:
            self._leaves_by = leave
            self._voice.hush()

    def _chosen(self, instead: Callable[[float], None], now: float) -> None:
        waiting, self._waiting = self._waiting, None
        assert waiting is not None
        self._course.emit(facts.WaitEnded(waiting.waited(now), overdue=False, chosen=True))
        self._course.enter(Trigger.WAIT_OVER)
        self._conversation.attended(now)
        instead(now)

    def _take_message(self, now: float) -> None:
        rule = self._plan.call_back
        assert rule is not None  # he has pressed its key
        self._conversation.leaves_message(rule.wait)
        if rule.speak is None:
            self._voice.go_on(now)
            return
        self._course.enter(Trigger.STEP_DUE)
        self._voice.say(rule.speak, now)

    def _overdue(self, now: float) -> None:
        """Nobody may be kept waiting any longer, or nobody can come: after the apology he is called back. Unless
        somebody else had time for him while the last prompt was being said: then he goes on as he was told."""
        self._attending.expected = False
        self._words_over = self._waiting is not None and not self._waiting.ended
        self._leave(now)

    def _leave(self, now: float) -> None:
        waiting, self._waiting = self._waiting, None
        assert waiting is not None
        self._course.emit(facts.WaitEnded(waiting.waited(now), overdue=not waiting.ended))
        self._course.enter(Trigger.WAIT_OVER)
        self._conversation.attended(now)
        words = waiting.last_words(now)
        if words is None:
            self._voice.go_on(now)
        else:
            self._course.enter(Trigger.STEP_DUE)
            self._voice.say(words, now)
