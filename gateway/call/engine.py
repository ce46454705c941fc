"""The call engine: facts and time in, commands and call facts out. One engine a call, no clock of its own.

Whoever drives it calls `receive` with each fact of the leg, `fire_timers` once `next_deadline` has come, and
carries out the effects in order: a LineCommand goes to the line, a CallFact to the listeners.
"""

from collections.abc import Callable
from typing import Any

from drivers.line import (
    Answer,
    Answered,
    CallerIdReceived,
    CallOffered,
    Dial,
    DialFailed,
    DialFailure,
    DigitReceived,
    FarEndHeld,
    FarEndHungUp,
    FarEndResumed,
    FarEndRinging,
    GiveUp,
    HandsetLifted,
    HangUpSign,
    LegEvent,
    LegFailed,
    LegReleased,
    MediaLost,
    MediaRestored,
    PlayFinished,
    PlayStarted,
    Release,
    RingBurst,
    Verdict,
    VerdictReached,
)
from gateway.call import facts
from gateway.call.answering import Answering
from gateway.call.course import Course, Effect, Effects
from gateway.call.desk_news import AgentGoes, DeskNews
from gateway.call.facts import CutReason, ReleasedBy
from gateway.call.holding import Holding
from gateway.call.plan import Plan
from gateway.call.requests import CallRequest
from gateway.call.speaking import Speaking
from gateway.call.states import CallState
from gateway.call.transitions import Trigger
from gateway.call.voice import Timer

__all__ = ["CallEngine", "Effect", "Effects"]

LEG_ENDS_BY_ITSELF = frozenset({HangUpSign.BYE, HangUpSign.CANCEL, HangUpSign.RING_STOPPED})
"""Signs after which the line puts the leg on-hook without an order."""

DIAL_LIMIT = 45.0
"""Seconds that a customer whom we call back has to come to his telephone: exchanges give up after about a minute,
mobile mailboxes take a call after 20 to 30 s. A line that is told to give up has as long again to do so: it may
have to hear that nobody has picked up."""
AGENT_LEFT = "agent left"
"""Cause of a call-back that ended because the agent hung up before the customer was on the telephone."""
PARALLEL_TELEPHONE = "parallel telephone"
"""Cause of a release that leaves the customer to somebody who has picked up there."""


class CallEngine:
    """Decides one call from its offer to its release.

    Times are seconds on any clock that never goes back; `now` never decreases from call to call.
    """

    def __init__(
        self, plan: Plan, leg: str, offered: facts.Offered, *, now: float, dials: facts.Dialled | None = None
    ) -> None:
        """`dials`: the customer is called back, in place of his call to us; `dial` begins it."""
        self._plan = plan
        self._leg = leg
        self._offered = offered
        self._offered_at = now
        self._dials = dials
        self._dial_until: float | None = None
        self._gave_up: str | None = None
        """Why the line was told that we want the customer no more; he may have picked up all the same."""
        self._course = Course(CallState.RINGING if dials is None else CallState.DIALLING)
        self._answering = Answering(plan.answer)
        self._speaking = Speaking(plan, leg, self._course, now, self._let_go)
        self._held_at: float | None = None
        self._verdict: Verdict | None = None
        """The ears' last, which stands while his audio is lost."""
        self._media_lost = False
        self._handlers: dict[type[LegEvent], Callable[[Any, float], None]] = {
            CallOffered: self._call_offered,
            RingBurst: self._ring_burst,
            CallerIdReceived: self._caller_id_received,
            FarEndRinging: self._far_end_ringing,
            DialFailed: self._dial_failed,
            Answered: self._answered,
            PlayStarted: self._play_started,
            PlayFinished: self._play_finished,
            VerdictReached: self._verdict_reached,
            DigitReceived: self._digit_received,
            FarEndHeld: self._far_end_held,
            FarEndResumed: self._far_end_resumed,
            MediaLost: self._media_went,
            MediaRestored: self._media_came_again,
            FarEndHungUp: self._far_end_hung_up,
            HandsetLifted: self._handset_lifted,
            LegFailed: self._leg_failed,
            LegReleased: self._leg_released,
        }

    @property
    def state(self) -> CallState:
        """Where the call stands."""
        return self._course.state

    def receive(self, event: LegEvent, *, now: float) -> Effects:
        """Take a fact of the leg. After the release nothing has an effect any more."""
        if self.state is not CallState.RELEASED:
            self._handlers[type(event)](event, now)
        return self._course.taken()

    def next_deadline(self) -> float | None:
        """When `fire_timers` must be called at the latest; None: nothing is waited for."""
        deadlines = (due for due, _ in self._timers() if due is not None)
        return min(deadlines, default=None)

    def fire_timers(self, *, now: float) -> Effects:
        """Do what has come due by `now`."""
        fired = True
        while fired:
            fired = False
            for due, expire in self._timers():
                if due is not None and due <= now:
                    expire(now)
                    fired = True
                    break
        return self._course.taken()

    def request(self, request: CallRequest, *, now: float) -> Effects:
        """What people ask of the call. Raises RequestRefused, and then nothing has changed."""
        self._speaking.request(request, now)
        return self._course.taken()

    def dial(self, address: str, shown: str | None, *, now: float) -> Effects:
        """Call the customer back at `address`; his agent is on the telephone, or about to be told of by `news`."""
        assert self._dials is not None, "this call came in"
        self._dial_until = now + DIAL_LIMIT
        self._course.emit(self._offered, self._dials, facts.StateEntered(self.state))
        self._course.emit(Dial(self._leg, address, shown))
        return self._course.taken()

    def assign(self, plan: Plan, *, now: float) -> Effects:
        """The caller ID tells whose customer he is, while his call still rings: greet by `plan`."""
        if self.state is CallState.RINGING and not self._answering.ordered:
            if plan.agent != self._plan.agent:
                self._course.emit(facts.AgentAssigned(plan.agent))
            self._plan = plan
            self._speaking = Speaking(plan, self._leg, self._course, self._offered_at, self._let_go)
            self._speaking.calls(self._answering.caller_id.number if self._answering.caller_id else None)
        return self._course.taken()

    def news(self, news: DeskNews, *, now: float) -> Effects:
        """The desk has something to tell; after the release it has no effect."""
        if self.state is not CallState.RELEASED:
            self._speaking.news(news, now)
            if self.state is CallState.DIALLING and isinstance(news, AgentGoes) and self._speaking.agent is None:
                self._give_up(AGENT_LEFT, now)
        return self._course.taken()

    def shut_down(self, *, now: float) -> Effects:
        """The process stops, past its drain time: release whatever is up."""
        if self.state is not CallState.RELEASED:
            self._course.emit(Release(self._leg))
            self._end(Trigger.SHUT_DOWN, ReleasedBy.SHUTDOWN, "shutdown", CutReason.RELEASED)
        return self._course.taken()

    # -- what the line reports ---------------------------------------------------------------------------------

    def _call_offered(self, _: CallOffered, now: float) -> None:
        self._course.emit(self._offered, facts.StateEntered(self.state))

    def _ring_burst(self, event: RingBurst, now: float) -> None:
        if self.state is not CallState.RINGING:
            # The line rings on though it said it was answered. The evidence counts what the customer heard.
            if self.state is not CallState.RELEASED and self._answering.rang_on(event.number):
                self._course.emit(facts.Rang(self._answering.rings))
            return
        answer = self._answering.ring(event.number, now)
        self._course.emit(facts.Rang(self._answering.rings))
        self._answer_if(answer)

    def _caller_id_received(self, event: CallerIdReceived, now: float) -> None:
        if self._answering.caller_id is not None:
            return
        answer = self._answering.identify(event.caller_id, now)
        self._speaking.calls(event.caller_id.number)
        self._course.emit(facts.CallerIdentified(event.caller_id))
        self._answer_if(answer)

    def _far_end_ringing(self, _: FarEndRinging, now: float) -> None:
        if self.state is CallState.DIALLING:
            self._course.emit(facts.CustomerRings())

    def _dial_failed(self, event: DialFailed, now: float) -> None:
        if self.state is CallState.DIALLING:
            self._unreached(self._gave_up or event.why.value)

    def _answered(self, _: Answered, now: float) -> None:
        if self.state is CallState.DIALLING:
            self._dial_until = None
            self._course.emit(facts.CallAnswered(0, now - self._offered_at))
            self._speaking.picked_up(now)
        if self.state is not CallState.RINGING:
            return
        self._answering.answered()
        self._course.emit(facts.CallAnswered(self._answering.rings, now - self._offered_at))
        self._speaking.off_hook(now)

    def _play_started(self, event: PlayStarted, now: float) -> None:
        self._speaking.play_started(event.play)

    def _play_finished(self, event: PlayFinished, now: float) -> None:
        self._speaking.play_finished(event.play, event.complete, now)

    def _verdict_reached(self, event: VerdictReached, now: float) -> None:
        self._verdict = event.verdict
        if self._media_lost:  # a line that tells no end of the loss: who is heard is there
            self._media_lost = False
            self._course.emit(facts.MediaRestored())
        self._course.emit(facts.VerdictGiven(event.verdict, event.level_dbfs, event.snr_db))
        self._speaking.hear(event.verdict, now)

    def _media_went(self, _: MediaLost, now: float) -> None:
        """Who is not heard is served as one who is silent (JH-6), so that he is told that the line is open."""
        if not self._media_lost:
            self._media_lost = True
            self._course.emit(facts.MediaLost())
            self._speaking.hear(Verdict.SILENT, now)

    def _media_came_again(self, _: MediaRestored, now: float) -> None:
        """What was heard of him before is heard again: the ears tell only what changes."""
        if not self._media_lost:
            return
        self._media_lost = False
        self._course.emit(facts.MediaRestored())
        if self._verdict is not None:
            self._speaking.hear(self._verdict, now)

    def _digit_received(self, event: DigitReceived, now: float) -> None:
        self._course.emit(facts.DigitDialled(event.digit))
        self._speaking.key(event.digit, now)

    def _far_end_held(self, _: FarEndHeld, now: float) -> None:
        if self._held_at is None:
            self._held_at = now
            self._course.emit(facts.CustomerHeld())

    def _far_end_resumed(self, _: FarEndResumed, now: float) -> None:
        if self._held_at is None:
            return
        self._speaking.resume(now - self._held_at, now)
        self._held_at = self._verdict = None  # the ears begin anew
        self._course.emit(facts.CustomerResumed())

    def _far_end_hung_up(self, event: FarEndHungUp, now: float) -> None:
        self._course.emit(facts.CustomerHungUp(event.sign))
        if self.state is CallState.DIALLING:  # a line that tells the tone and not what it means
            self._call_off(event.sign.value, Trigger.HUNG_UP)
            return
        if event.sign not in LEG_ENDS_BY_ITSELF:
            self._course.emit(Release(self._leg))
        self._end(Trigger.HUNG_UP, ReleasedBy.CUSTOMER, event.sign.value, CutReason.FAR_END_HUNG_UP)

    def _handset_lifted(self, _: HandsetLifted, now: float) -> None:
        """Two on one line would talk over each other, and the customer has found a human: leave him to him."""
        if self.state is CallState.DIALLING:
            self._call_off(PARALLEL_TELEPHONE, Trigger.HANDSET_LIFTED)
            return
        self._course.emit(facts.HandsetLifted(), Release(self._leg))
        self._end(Trigger.HANDSET_LIFTED, ReleasedBy.HANDSET, PARALLEL_TELEPHONE, CutReason.HANDSET)

    def _leg_failed(self, event: LegFailed, now: float) -> None:
        self._end(Trigger.LINE_FAILED, ReleasedBy.FAULT, event.code.value, CutReason.LINE)

    def _leg_released(self, _: LegReleased, now: float) -> None:
        if self.state is CallState.DIALLING and self._gave_up is not None:
            self._unreached(self._gave_up)
        else:
            self._end(Trigger.LINE_FAILED, ReleasedBy.FAULT, "line released by itself", CutReason.LINE)

    # -- what has come due -------------------------------------------------------------------------------------

    def _timers(self) -> list[Timer]:
        if self.state is CallState.RELEASED or self._held_at is not None:
            return []  # a customer on hold is there and hears nothing: every wait for him stands still
        waits: list[Timer] = [
            (self._answering.deadline, self._caller_id_wait_over),
            (self._dial_until, self._nobody_picks_up),
        ]
        return [*waits, *self._speaking.timers()]

    def _nobody_picks_up(self, now: float) -> None:
        if self._gave_up is None:
            self._give_up(DialFailure.NO_ANSWER.value, now)
        else:
            self._course.emit(Release(self._leg))
            self._unreached(self._gave_up)

    def _give_up(self, cause: str, now: float) -> None:
        """Who has just come to his telephone is not cut off: the line knows, or hears, whether anybody has."""
        if self._gave_up is None:
            self._gave_up, self._dial_until = cause, now + DIAL_LIMIT
            self._course.emit(GiveUp(self._leg))

    def _unreached(self, cause: str) -> None:
        if cause != AGENT_LEFT:
            self._course.emit(facts.DialUnanswered(cause))
        self._end(Trigger.NOT_REACHED, ReleasedBy.UNREACHED, cause, CutReason.RELEASED)

    def _call_off(self, cause: str, trigger: Trigger) -> None:
        """Nobody has picked up, so nobody is cut off."""
        self._course.emit(Release(self._leg))
        self._end(trigger, ReleasedBy.UNREACHED, cause, CutReason.RELEASED)

    def _caller_id_wait_over(self, now: float) -> None:
        self._answer_if(self._answering.expire(now))

    def _let_go(self, holding: Holding) -> None:
        trigger = holding.expire()
        self._course.emit(Release(self._leg))
        if trigger is Trigger.GUARD_RAN_OUT:
            self._end(trigger, ReleasedBy.GUARD, self._plan.closing.clause, CutReason.RELEASED)
        else:
            assert holding.order is not None
            self._end(trigger, ReleasedBy.STANDARD, holding.order.clause, CutReason.RELEASED)

    def _answer_if(self, answer: bool) -> None:
        if answer:
            self._course.emit(Answer(self._leg))

    def _end(self, trigger: Trigger, by: ReleasedBy, cause: str, cut: CutReason) -> None:
        self._speaking.end(cut)
        self._course.enter(trigger)
        self._course.emit(facts.Released(by, cause))
