"""Whose turn it is, and what we say in ours, from the greeting's end to the farewell.

Joins four small machines: `choosing` (the menu), `listening` (the customer's word), `agenda` (what comes next once
he was heard), `inquiring` (a question's answer). Silence climbs the silent ladder (JH-6), noise the noisy one
(JH-7), a faint or loud voice is asked to change (WD-6, WD-7).
"""

from collections.abc import Callable
from dataclasses import dataclass

from drivers.line import LineCommand, Verdict
from gateway.call.agenda import Agenda, Step
from gateway.call.choosing import Choosing
from gateway.call.facts import AlertRaised, CallFact, KindChosen, MessageTaken
from gateway.call.inquiring import Inquiring
from gateway.call.listening import STALE, Listening, Outcome, Phase
from gateway.call.plan import Choice, Flow, Ladder, Plan, Prompt, Question

Emit = Callable[[LineCommand | CallFact], None]


@dataclass(frozen=True, slots=True)
class Turn:
    """What must be said next. `ladder` is set where the prompt is that ladder's final one."""

    prompt: Prompt
    closes: bool = False
    """It is the last prompt of the call: a farewell, or a ladder's final one."""
    ladder: Ladder | None = None


class AgentWanted:
    """What he has told is for an agent, and one may come: the customer must wait for him."""


class Conversation:
    """One call's conversation. Orders to the line and facts go to `emit`."""

    def __init__(self, plan: Plan, leg: str, offered_at: float, emit: Emit) -> None:
        self._plan = plan
        self._offered_at = offered_at
        self._emit = emit
        self._choosing = Choosing(plan.menu) if plan.menu else None
        self._listening = Listening(plan)
        self._agenda = Agenda(plan.flow)
        self._inquiring = Inquiring(leg)
        self._keeps = False
        self._over_limit = False

    @property
    def keeps(self) -> bool:
        """Whether we have more to say once the prompt that is being said has ended, and the customer must wait."""
        return self._keeps

    @property
    def intelligible(self) -> bool:
        """Whether the customer is being understood at this moment."""
        return self._listening.intelligible

    @property
    def may_be_told_to_wait(self) -> bool:
        """Whether he is neither speaking nor on a ladder of a silent or unintelligible line."""
        return not self.intelligible and not self._listening.climbing

    @property
    def told(self) -> bool:
        """Whether he has begun to tell his case."""
        return self._listening.phase is not Phase.OPEN

    @property
    def audible(self) -> bool:
        """Whether his voice is heard, be it understood or not."""
        return self._listening.audible

    @property
    def deadline(self) -> float | None:
        """When our turn comes if nothing changes; None while the customer does not have the word."""
        if self._choosing is not None:
            due, word_at = self._choosing.deadline, self._choosing.word_at
            if due is None or word_at is None or not self.intelligible:
                return due
            return min(due, word_at + STALE)
        if self._listening.deadline is not None and self._keyed:
            return self._inquiring.keyed_until
        return self._listening.deadline

    # -- what happens ------------------------------------------------------------------------------------------

    def hear(self, verdict: Verdict, now: float) -> None:
        """The ears have a new verdict."""
        self._listening.hear(verdict, now)

    def key(self, digit: str, now: float) -> bool:
        """The customer pressed a key; True when it answers what is asked, whose prompt may stop."""
        if self._choosing is None:
            return self._inquiring.key(digit, now)
        if not self._choosing.key(digit):
            return False
        assert self._choosing.choice is not None
        self._tell_choice(self._choosing.choice, digit)  # at once, whatever is being said: he may hang up
        return True

    def greeted(self, now: float) -> Turn | None:
        """The greeting has ended: our turn goes on, or (None) the customer has the word."""
        return self._open(self._plan.flow, now) if self._choosing is None else self._choose(now)

    def agent_came(self) -> None:
        """An agent has the word from now on: no question and no menu is asked any more, no ladder climbed."""
        self.interrupt()
        self._choosing = None
        self._close_question()
        self._keeps = False

    def agent_went(self) -> Turn:
        """The agent has gone, and the customer has not: 「anything else?」 (JH-10)."""
        self._listening.interrupt()
        self._listening.ask(Phase.FURTHER, self._plan.closing.further_wait)
        return Turn(self._plan.closing.further)

    def passed_on(self, now: float) -> Turn | None:
        """No agent is to be had: what follows once his case is told, or (None) he has the word to tell it."""
        if self._listening.phase is Phase.MESSAGE:
            self._forgo_menu()
            return self._take_message(now)
        self._keeps = False
        return self.said(now)

    def leaves_message(self, wait: float) -> None:
        """He would rather leave a message and is asked for it: he has `wait` seconds to begin. What he has told
        before counts as one, be it that he says no more."""
        if self._listening.phase is Phase.MESSAGE:
            self._emit(MessageTaken())
        self._forgo_menu()
        self._listening.ask(Phase.FURTHER, wait)

    def promised(self, promise: Prompt) -> Turn:
        """His number was taken: he is told so, and what follows comes as if he had told his case."""
        self._forgo_menu()
        self._keeps, self._over_limit = True, False
        return Turn(promise)

    def said(self, now: float, *, barged: bool = False) -> Turn | None:
        """A prompt has ended, `barged` if the customer cut it: our turn goes on, or (None) he has the word."""
        self._inquiring.said()
        if self._keeps and (self._over_limit or not self.intelligible):
            return self._next(now)
        if self._keeps:  # he is speaking: what comes next waits for his end
            self._keeps = False
            self._listening.spoke_up(now)
            return None
        if self._choosing is not None:
            self._choosing.give_word(now)
        elif barged and self.intelligible:
            self._listening.spoke_up(now)
        else:
            self._listening.give_word(now)
        return None

    def interrupt(self) -> None:
        """The customer loses the word to somebody who attends to him; `said` gives it back. What was said of his
        silence or noise before is forgotten."""
        self._listening.interrupt()
        if self._choosing is not None:
            self._choosing.take_word()

    def attended(self, now: float) -> None:
        """A wait has ended: what he said in it was heard."""
        self._listening.attended(now)

    def spoke_up(self, now: float) -> None:
        """The customer was understood after the last prompt: he has the word."""
        if self._choosing is not None:
            self._choosing.give_word(now)
        else:
            self._listening.spoke_up(now)

    def resume(self, now: float) -> None:
        """The customer had put us on hold: what was waited for is waited for anew."""
        self._listening.resume(now)
        if self._choosing is not None and self._choosing.word_at is not None:
            self._choosing.give_word(now)

    def end(self) -> None:
        """The call is over: an answer that was being given is complete as it is."""
        self._close_question()

    def take_turn(self, now: float, *, awaited: bool = False) -> Turn | AgentWanted | None:
        """The deadline has passed: what we say, or None where the customer keeps or gets the word. `awaited`: an
        agent may come, so what the customer has told is for him."""
        if self._choosing is not None:
            return self._choose(now)
        if self._keyed:
            self._listening.take_word()
            return self._next(now)
        outcome = self._listening.take_turn(now)
        match outcome:
            case None:
                return None
            case Outcome.SILENT:
                return self._climb(self._plan.silent, outcome)
            case Outcome.NOISY:
                return self._climb(self._plan.noisy, outcome)
            case Outcome.FAINT | Outcome.LOUD:
                return self._correct(outcome)
            case Outcome.NOTHING if self._listening.phase is Phase.FURTHER:
                return self._farewell(now)
            case Outcome.NOTHING:
                return self._next(now)
            case Outcome.COMPLETE:
                return self._told(now, awaited=awaited)

    # -- our turn ----------------------------------------------------------------------------------------------

    @property
    def _keyed(self) -> bool:
        return self._inquiring.keyed_until is not None and not self.intelligible

    def _choose(self, now: float) -> Turn | None:
        assert self._choosing is not None
        assert self._plan.menu is not None
        spoke = self._choosing.word_at is not None and self.intelligible
        self._choosing.take_word()
        if not spoke and self._choosing.asks():
            return Turn(self._plan.menu.prompt)
        by_key = self._choosing.choice is not None
        self._forgo_menu()
        if spoke and not by_key:  # he is telling his case already
            self._listening.spoke_up(now)
            return None
        return self._open(self._agenda.flow, now)

    def _forgo_menu(self) -> None:
        """The menu is asked no more: his case is of the kind he chose, or of that of who chooses none."""
        if self._choosing is None:
            return
        assert self._plan.menu is not None
        choice, self._choosing = self._choosing.choice, None
        if choice is None:
            choice = self._plan.menu.otherwise
            self._tell_choice(choice, None)
        self._agenda = Agenda(choice.flow)
        self._listening.message = choice.flow.message

    def _tell_choice(self, choice: Choice, digit: str | None) -> None:
        assert self._plan.menu is not None
        clause = self._plan.menu.clause
        self._emit(KindChosen(choice.kind, digit, clause))
        if choice.alert:
            self._emit(AlertRaised(choice.kind, clause))

    def _told(self, now: float, *, awaited: bool) -> Turn | AgentWanted:
        """He has told his case, or answered a question."""
        if self._listening.phase is not Phase.MESSAGE:
            self._over_limit = self.intelligible  # he would go on for ever: no reply waits for his end
            return self._next(now)
        return AgentWanted() if awaited else self._take_message(now)

    def _take_message(self, now: float) -> Turn:
        self._over_limit = self.intelligible  # as above
        self._emit(MessageTaken())
        return self._next(now)

    def _open(self, flow: Flow, now: float) -> Turn | None:
        if flow.opening is not None:
            return Turn(flow.opening)
        self._listening.give_word(now)
        return None

    def _next(self, now: float) -> Turn:
        """What follows once the customer was heard."""
        self._close_question()
        step = self._agenda.next()
        self._keeps = isinstance(step, Prompt)
        if isinstance(step, Prompt):
            return Turn(step)
        if isinstance(step, Question):
            for order in self._inquiring.ask(step, now):
                self._emit(order)
            self._listening.ask(Phase.QUESTION, step.wait)
            return Turn(step.prompt)
        if step is Step.FURTHER:
            self._listening.ask(Phase.FURTHER, self._plan.closing.further_wait)
            return Turn(self._plan.closing.further)
        return self._farewell(now)

    def _farewell(self, now: float) -> Turn:
        return Turn(self._plan.day(now - self._offered_at).farewell, closes=True)

    def _climb(self, ladder: Ladder, outcome: Outcome) -> Turn:
        rung = self._listening.climb(outcome)
        if rung < len(ladder.steps):
            return Turn(ladder.steps[rung])
        return Turn(ladder.final, closes=True, ladder=ladder)

    def _correct(self, outcome: Outcome) -> Turn:
        return Turn(self._listening.correct(outcome))

    def _close_question(self) -> None:
        for effect in self._inquiring.close(self._listening.phase is Phase.ANSWER):
            self._emit(effect)
