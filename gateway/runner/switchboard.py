"""Carries what the desk decides: agents are rung and joined with customers, calls are told, states are shown.

Calls tell their facts here like to any listener; the desk is asked in the order in which things happen, one after
another, whatever comes of it on the way.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from gateway.call import facts
from gateway.call.desk_news import DeskNews
from gateway.call.facts import Notice
from gateway.call.requests import AgentWish, RequestRefused
from gateway.call.states import CallState
from gateway.desk.desk import Desk
from gateway.desk.presence import Presence, Wish
from gateway.desk.terms import (
    Agent,
    DeskEffect,
    DeskRefused,
    DropAgent,
    Effects,
    Offer,
    PresenceChanged,
    RingAgent,
    TellCall,
)
from gateway.runner.agent_telephones import AgentTelephones

log = logging.getLogger(__name__)

TellOf = Callable[[str, DeskNews], None]
"""Tells the call with this id something; one that is over does not listen."""


class PresenceListener(Protocol):
    """Whoever wants to know what the agents do: feed, log."""

    def presence_changed(self, change: PresenceChanged) -> None:
        """An agent stands elsewhere."""


@dataclass(slots=True)
class _Call:
    """What is known of a call that has been offered."""

    state: CallState = CallState.RINGING
    caller: str | None = None
    has_menu: bool = False
    """Whether the customer first says by key what he wants (TT-1): agents are rung once he has."""
    outgoing: bool = False
    agent: str | None = None
    """Who is with the customer."""


class Switchboard:
    """Between the desk, the agents' telephones and the calls."""

    def __init__(
        self, desk: Desk, telephones: AgentTelephones, tell: TellOf, listeners: Sequence[PresenceListener] = ()
    ) -> None:
        self._desk = desk
        self._telephones = telephones
        telephones.news = self
        self._tell = tell
        self._listeners = listeners
        self._calls: dict[str, _Call] = {}
        self._inputs: deque[Callable[[float], Effects]] = deque()
        self._timer: asyncio.TimerHandle | None = None
        self._stopped = False

    # -- a new call --------------------------------------------------------------------------------------------

    def offered(self, call: str) -> Offer:
        """A call is offered: who will greet it."""
        self._calls[call] = _Call()
        offer = self._desk.offered(call, self._now())
        self._arm()
        return offer

    def identified(self, call: str, number: str | None, owner: str | None) -> Offer:
        """Its caller ID has come before the answer: who will greet it now."""
        offer = self._desk.identified(call, number, owner, self._now())
        self._arm()  # somebody is kept, and one who waits already may stand elsewhere by now
        return offer

    def at_work(self, agent: str) -> bool:
        """Whether he is there, be it that he is busy."""
        return self._desk.at_work(agent)

    def has_menu(self, call: str) -> None:
        """The customer is first asked what he wants: nobody is rung before he has said."""
        self._calls[call].has_menu = True

    def call_back(self, call: str, agent: str) -> None:
        """Ring this agent for an outgoing call. Raises DeskRefused."""
        effects = self._desk.call_back(call, agent, self._now())
        self._calls[call] = _Call(CallState.DIALLING, outgoing=True)
        self._do(lambda _: effects)

    def over(self, call: str) -> None:
        """An outgoing call has ended before it was dialled."""
        if self._calls.pop(call, None) is not None:
            self._do(lambda now: self._desk.released(call, now))

    # -- agents ------------------------------------------------------------------------------------------------

    def wish(self, agent: str, wish: AgentWish) -> None:
        """What an agent asks for. Raises RequestRefused, and then nothing has changed."""
        try:
            wanted = Wish(wish.wish)
        except ValueError:
            allowed = ", ".join(Wish)
            raise RequestRefused(
                f"no state {wish.wish!r} of an agent can be asked for; allowed: {allowed}"
            ) from None
        try:
            effects = self._desk.wish(agent, wanted, self._now())
        except DeskRefused as refused:
            raise RequestRefused(str(refused)) from None
        self._do(lambda _: effects)

    def engage(self, agent: Agent) -> None:
        """One agent more, or one there is as he is from now on."""
        self._do(lambda now: self._desk.engage(agent, now))

    def dismiss(self, agent: str) -> Presence:
        """He is no agent any more, but for the customer whom he has; gives where he stands."""
        self._do(lambda now: self._desk.dismiss(agent, now))
        return self._desk.presence(agent)

    def reached(self, agent: str, reachable: bool) -> None:
        """Whether his telephone answers."""
        if not reachable:
            self._telephones.unplugged(agent)
        self._do(lambda now: self._desk.reached(agent, reachable, now))

    def rings(self, agent: str) -> None:
        """His telephone rings."""
        self._do(lambda now: self._desk.leg_rings(agent, now))

    def answered(self, agent: str, socket: str, peer: str) -> None:
        """He is on the telephone."""
        self._do(lambda now: self._desk.leg_answered(agent, now, socket=socket, peer=peer))

    def held(self, agent: str, held: bool) -> None:
        """He has put us on hold, or is back."""
        self._do(lambda now: self._desk.leg_held(agent, held, now))

    def ended(self, agent: str, why: str) -> None:
        """His leg has ended."""
        self._do(lambda now: self._desk.leg_ended(agent, why, now))

    # -- calls -------------------------------------------------------------------------------------------------

    def receive(self, notice: Notice) -> None:
        """A fact of a call."""
        call = self._calls.get(notice.call or "")
        if call is None or notice.call is None:
            return
        name = notice.call
        match notice.fact:
            case facts.StateEntered(state=state):
                self._state_entered(name, call, state)
            case facts.CallerIdentified(caller_id=caller_id):
                call.caller = caller_id.number
            case facts.AgentConnected(agent=agent):
                call.agent = agent
            case facts.AgentLeft():
                call.agent = None
                if call.state is CallState.WAITING:
                    self._do(lambda now: self._desk.wants(name, now))
            case facts.Released():
                del self._calls[name]
                self._do(lambda now: self._desk.released(name, now))
            case _:
                self._wanted(name, call, notice.fact)

    def _wanted(self, name: str, call: _Call, fact: object) -> None:
        """Whether the customer wants an agent, from now on or no more."""
        match fact:
            case facts.CallAnswered() if not call.has_menu and not call.outgoing:
                self._do(lambda now: self._desk.answered(name, now))
            case facts.KindChosen() if call.has_menu:
                call.has_menu = False
                self._do(lambda now: self._desk.answered(name, now))
            case facts.WaitBegan() if call.agent is None:
                self._do(lambda now: self._desk.wants(name, now))
            case facts.WaitEnded(overdue=overdue, chosen=chosen) if overdue or chosen:
                self._gives_up(name, call)
            case facts.MessageTaken() | facts.CallBackAsked():
                self._gives_up(name, call)

    def _state_entered(self, name: str, call: _Call, state: CallState) -> None:
        call.state = state
        if state is CallState.CLOSING:
            self._gives_up(name, call)

    def _gives_up(self, name: str, call: _Call) -> None:
        """Nobody need come any more; who talks with him goes when he likes."""
        if call.agent is None:
            self._do(lambda now: self._desk.gives_up(name, now))

    # -- the desk ----------------------------------------------------------------------------------------------

    def _do(self, ask: Callable[[float], Effects]) -> None:
        """Ask the desk and carry out what it decides; what comes of that waits for its turn."""
        self._inputs.append(ask)
        if len(self._inputs) > 1:
            return
        while self._inputs:
            effects: Effects = ()
            try:
                effects = self._inputs[0](self._now())
            except Exception:  # a fault of the desk must not take the lines with it
                log.exception("the desk failed; calls go on without what it was asked")
            for effect in effects:
                try:
                    self._carry_out(effect)
                except Exception:  # what cannot be shown must not keep an agent from being rung or let go
                    log.exception("what the desk decided was not carried out: %s", type(effect).__name__)
            self._inputs.popleft()
        self._arm()

    def _carry_out(self, effect: DeskEffect) -> None:
        match effect:
            case TellCall(call=call, news=news):
                self._tell(call, news)
            case RingAgent(agent=agent, call=call):
                self._telephones.ring(agent, self._calls[call].caller if call in self._calls else None)
            case DropAgent(agent=agent):
                self._telephones.drop(agent)
            case PresenceChanged():
                for listener in self._listeners:
                    listener.presence_changed(effect)

    def _arm(self) -> None:
        due = None if self._stopped else self._desk.next_deadline()
        if self._timer is not None:
            self._timer.cancel()
        self._timer = None if due is None else asyncio.get_running_loop().call_at(due, self._fire)

    def _fire(self) -> None:
        self._timer = None
        self._do(self._desk.fire_timers)

    def stop(self) -> None:
        """Nothing is waited for any more."""
        self._stopped = True
        self._arm()

    def _now(self) -> float:
        return asyncio.get_running_loop().time()
