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
    DigitReceived,
    FarEndHeld,
    FarEndHungUp,
    FarEndResumed,
    HangUpSign,
    LegEvent,
    LegFailed,
    LegReleased,
    LineCommand,
    PlayFinished,
    PlayStarted,
    Record,
    Release,
    RingBurst,
    StopPlaying,
    VerdictReached,
)
from gateway.call import facts
from gateway.call.answering import Answering
from gateway.call.facts import CallFact, CutReason, ReleasedBy
from gateway.call.holding import Holding
from gateway.call.listening import Listening, Turn
from gateway.call.plan import Plan, Prompt
from gateway.call.prompting import Prompting
from gateway.call.states import CallState
from gateway.call.transitions import Trigger, follow

Effect = LineCommand | CallFact
Effects = tuple[Effect, ...]

LEG_ENDS_BY_ITSELF = frozenset({HangUpSign.BYE, HangUpSign.CANCEL, HangUpSign.RING_STOPPED})
"""Signs after which the line puts the leg on-hook without an order."""


class CallEngine:
    """Decides one call from its offer to its release.

    Times are seconds on any clock that never goes back; `now` never decreases from call to call.
    """

    def __init__(self, plan: Plan, leg: str, offered: facts.Offered, *, now: float) -> None:
        self._plan = plan
        self._leg = leg
        self._offered = offered
        self._offered_at = now
        self._answering = Answering(plan.answer)
        self._prompting = Prompting(leg)
        self._listening = Listening(plan)
        self._holding: Holding | None = None
        self._held_at: float | None = None
        self._greetings = list(plan.greeting)
        self._effects: list[Effect] = []
        self.state = CallState.RINGING
        self._handlers: dict[type[LegEvent], Callable[[Any, float], None]] = {
            CallOffered: self._call_offered,
            RingBurst: self._ring_burst,
            CallerIdReceived: self._caller_id_received,
            Answered: self._answered,
            PlayStarted: self._play_started,
            PlayFinished: self._play_finished,
            VerdictReached: self._verdict_reached,
            DigitReceived: self._digit_received,
            FarEndHeld: self._far_end_held,
            FarEndResumed: self._far_end_resumed,
            FarEndHungUp: self._far_end_hung_up,
            LegFailed: self._leg_failed,
            LegReleased: self._leg_released,
        }

    def receive(self, event: LegEvent, *, now: float) -> Effects:
        """Take a fact of the leg. After the release nothing has an effect any more."""
        if self.state is not CallState.RELEASED:
            self._handlers[type(event)](event, now)
        return self._taken()

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
        return self._taken()

    def shut_down(self, *, now: float) -> Effects:
        """The process stops, past its drain time: release whatever is up."""
        if self.state is not CallState.RELEASED:
            self._emit(Release(self._leg))
            self._end(Trigger.SHUT_DOWN, ReleasedBy.SHUTDOWN, "shutdown", CutReason.RELEASED)
        return self._taken()

    # -- what the line reports ---------------------------------------------------------------------------------

    def _call_offered(self, _: CallOffered, now: float) -> None:
        self._emit(self._offered, facts.StateEntered(self.state))

    def _ring_burst(self, event: RingBurst, now: float) -> None:
        if self.state is not CallState.RINGING:
            return  # a ring on a leg in use is call waiting, not this call
        answer = self._answering.ring(event.number, now)
        self._emit(facts.Rang(self._answering.rings))
        self._answer_if(answer)

    def _caller_id_received(self, event: CallerIdReceived, now: float) -> None:
        if self._answering.caller_id is not None:
            return
        answer = self._answering.identify(event.caller_id, now)
        self._emit(facts.CallerIdentified(event.caller_id))
        self._answer_if(answer)

    def _answered(self, _: Answered, now: float) -> None:
        if self.state is not CallState.RINGING:
            return
        self._emit(facts.CallAnswered(self._answering.rings, now - self._offered_at))
        self._enter(Trigger.OFF_HOOK)
        if self._plan.recording is not None:
            self._emit(Record(self._leg, self._plan.recording), facts.RecordingStarted(self._plan.recording))
        self._say(self._greetings.pop(0), now)

    def _play_started(self, event: PlayStarted, now: float) -> None:
        self._emit(self._prompting.started(event.play))

    def _play_finished(self, event: PlayFinished, now: float) -> None:
        ended = self._prompting.finished(event.play, event.complete)
        if ended is not None:
            self._prompt_ended(*ended, now)

    def _verdict_reached(self, event: VerdictReached, now: float) -> None:
        self._emit(facts.VerdictGiven(event.verdict, event.level_dbfs, event.snr_db))
        self._listening.hear(event.verdict, now)
        if self._listening.intelligible:
            self._emit(self._prompting.barge_in())
        if self._holding is not None and self._holding.hear(event.verdict, now):
            self._speak_up(now)

    def _digit_received(self, event: DigitReceived, now: float) -> None:
        self._emit(facts.DigitDialled(event.digit))

    def _far_end_held(self, _: FarEndHeld, now: float) -> None:
        if self._held_at is None:
            self._held_at = now
            self._emit(facts.CustomerHeld())

    def _far_end_resumed(self, _: FarEndResumed, now: float) -> None:
        if self._held_at is None:
            return
        self._prompting.resume(now - self._held_at)
        self._listening.resume(now)
        if self._holding is not None:
            self._holding.resume(now)
        self._held_at = None
        self._emit(facts.CustomerResumed())

    def _far_end_hung_up(self, event: FarEndHungUp, now: float) -> None:
        self._emit(facts.CustomerHungUp(event.sign))
        if event.sign not in LEG_ENDS_BY_ITSELF:
            self._emit(Release(self._leg))
        self._end(Trigger.HUNG_UP, ReleasedBy.CUSTOMER, event.sign.value, CutReason.FAR_END_HUNG_UP)

    def _leg_failed(self, event: LegFailed, now: float) -> None:
        self._end(Trigger.LINE_FAILED, ReleasedBy.FAULT, event.code.value, CutReason.LINE)

    def _leg_released(self, _: LegReleased, now: float) -> None:
        self._end(Trigger.LINE_FAILED, ReleasedBy.FAULT, "line released by itself", CutReason.LINE)

    # -- what has come due -------------------------------------------------------------------------------------

    def _timers(self) -> list[tuple[float | None, Callable[[float], None]]]:
        if self.state is CallState.RELEASED or self._held_at is not None:
            return []  # a customer on hold is there and hears nothing: every wait for him stands still
        timers: list[tuple[float | None, Callable[[float], None]]] = [
            (self._answering.deadline, self._caller_id_wait_over),
            (self._prompting.deadline, self._prompt_lost),
            (self._listening.deadline, self._our_turn),
        ]
        if self._holding is not None:
            timers.append((self._holding.deadline, self._let_go))
        return timers

    def _caller_id_wait_over(self, now: float) -> None:
        self._answer_if(self._answering.expire(now))

    def _prompt_lost(self, now: float) -> None:
        self._emit(StopPlaying(self._leg))
        self._prompt_ended(*self._prompting.give_up(), now)

    def _our_turn(self, now: float) -> None:
        turn = self._listening.take_turn(now)
        if turn is None:
            return
        if turn.closes:
            self._close(turn)
        else:
            self._enter(Trigger.STEP_DUE)
        self._say(turn.prompt, now)

    def _let_go(self, now: float) -> None:
        assert self._holding is not None
        trigger = self._holding.expire()
        self._emit(Release(self._leg))
        if trigger is Trigger.GUARD_RAN_OUT:
            self._end(trigger, ReleasedBy.GUARD, self._plan.hang_up_first, CutReason.RELEASED)
        else:
            assert self._holding.ladder is not None
            self._end(trigger, ReleasedBy.STANDARD, self._holding.ladder.clause, CutReason.RELEASED)

    # -- joints between the machines ---------------------------------------------------------------------------

    def _answer_if(self, answer: bool) -> None:
        if answer:
            self._emit(Answer(self._leg))

    def _say(self, prompt: Prompt, now: float) -> None:
        self._emit(self._prompting.say(prompt, now))

    def _prompt_ended(self, prompt: Prompt, finished: CallFact | None, now: float) -> None:
        self._emit(finished)
        complete = isinstance(finished, facts.PromptFinished) and finished.complete
        if self._holding is not None:
            if self._holding.ladder is not None and self._listening.intelligible:
                self._speak_up(now)
            else:
                self._holding.said(complete, now)
        elif self._greetings:
            self._say(self._greetings.pop(0), now)
        elif self.state is CallState.GREETING:
            self._enter(Trigger.GREETED)
            self._listening.give_word(now)
        else:
            self._enter(Trigger.STEP_ENDED)
            barged = isinstance(finished, facts.PromptFinished) and finished.cut is CutReason.BARGE_IN
            (self._listening.spoke_up if barged else self._listening.give_word)(now)

    def _close(self, turn: Turn) -> None:
        self._enter(Trigger.FAREWELL_DUE)
        self._holding = Holding(self._plan.closing.guard, turn.ladder)

    def _speak_up(self, now: float) -> None:
        self._holding = None
        self._enter(Trigger.SPOKE_UP)
        self._listening.spoke_up(now)

    def _end(self, trigger: Trigger, by: ReleasedBy, cause: str, cut: CutReason) -> None:
        self._emit(self._prompting.abandon(cut))
        self._enter(trigger)
        self._emit(facts.Released(by, cause))

    def _enter(self, trigger: Trigger) -> None:
        self.state = follow(self.state, trigger)
        self._emit(facts.StateEntered(self.state))

    def _emit(self, *effects: Effect | None) -> None:
        self._effects.extend(effect for effect in effects if effect is not None)

    def _taken(self) -> Effects:
        effects, self._effects = tuple(self._effects), []
        return effects
