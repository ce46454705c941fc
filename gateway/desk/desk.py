"""The desk: who is rung for whom, who waits, and in which order. No clock, no IO.

Whoever drives it tells it of calls, of agents' telephones and of agents' wishes, calls `fire_timers` once
`next_deadline` has come, and carries out the effects in order. Of a leg that DropAgent released it tells nothing
any more. A call begins with `offered` or `call_back` and ends with `released`; what is told of any other has no
effect. `docs/desk.md` says in words how the desk chooses.
"""

from collections.abc import Callable, Iterable

from gateway.call.desk_news import AgentAnswers, AgentGoes, AgentHolds, AgentMisses, AgentRings
from gateway.desk.customer import Stage
from gateway.desk.member import Telephone
from gateway.desk.presence import Presence, Why, Wish
from gateway.desk.serving import Serving
from gateway.desk.staff import AgentTimer
from gateway.desk.terms import Agent, DeskRefused, DeskRule, Effects, Offer

NO_ANSWER = "no_answer"
"""Why an agent missed a call: his telephone rang and nobody came."""


class Desk:
    """All agents and all customers of one gateway.

    Times are seconds on any clock that never goes back; `now` never decreases from call to call. Whatever names an
    agent raises DeskRefused where there is none of this number, and then nothing has changed.
    """

    def __init__(
        self, agents: Iterable[Agent], rule: DeskRule, ranks: Callable[[str], int | None], *, now: float
    ) -> None:
        """`ranks`: the rank of a key account's number, 1 served first; None: no key account (TT-4). Raises
        DeskRefused where two agents have the same number."""
        self._ranks = ranks
        self._serving = Serving(agents, rule, now)
        self._staff, self._queue = self._serving.staff, self._serving.queue
        self._customers = self._serving.customers

    # -- what can be asked of it -------------------------------------------------------------------------------

    def presence(self, agent: str) -> Presence:
        """Where he stands."""
        return self._staff.member(agent).presence

    def why(self, agent: str) -> Why:
        """What put him there."""
        return self._staff.member(agent).why

    def since(self, agent: str) -> float:
        """Since when he has stood there."""
        return self._staff.member(agent).since

    def agents(self) -> tuple[str, ...]:
        """All of them."""
        return self._staff.numbers

    def call_of(self, agent: str) -> str | None:
        """The call that his telephone is rung for or joined with."""
        return self._staff.member(agent).call

    def available(self) -> tuple[str, ...]:
        """Who can be rung now, first who has been free the longest."""
        return tuple(member.number for member in self._staff.by_idleness())

    def at_work(self, agent: str) -> bool:
        """Whether he is there, be it that he is busy: logged in, reachable and not away. Nobody else is."""
        member = self._staff.known(agent)
        return member is not None and member.at_work

    def waiting(self) -> tuple[str, ...]:
        """The calls for which nobody is rung yet, in the order of service."""
        return tuple(customer.call for customer in self._queue)

    def next_deadline(self) -> float | None:
        """When `fire_timers` must be called at the latest; None: nothing is waited for."""
        serving = self._serving
        deadlines = (
            serving.unsettled,
            serving.hopeless_at,
            self._staff.timers.next(),
            self._queue.next_deadline(),
        )
        return min((due for due in deadlines if due is not None), default=None)

    # -- a call before its answer ------------------------------------------------------------------------------

    def offered(self, call: str, now: float) -> Offer:
        """A call has been offered: the agent who has been free the longest is kept for it until it is answered."""
        customer = self._customers.get(call) or self._serving.new(call)
        if customer.stage is Stage.OFFERED and customer.agent is None:
            self._serving.keep(customer, next(self._staff.by_idleness(), None), now)
        return self._serving.offer(customer)

    def identified(self, call: str, number: str | None, owner: str | None, now: float) -> Offer:
        """The caller ID has come: `number`, if it was given, tells the rank, and `owner`, who keeps an open ticket
        of it, is kept instead if he is free (WD-13). Where the call is answered already, both count while it
        waits; what that changes for others is due at once."""
        if (customer := self._customers.get(call)) is None:
            return self._serving.offer(None)
        customer.rank, customer.owner = None if number is None else self._ranks(number), owner
        if customer.stage is Stage.OFFERED:
            better = self._staff.find(owner)
            if better is None and customer.agent is None:
                better = next(self._staff.by_idleness(), None)
            self._serving.keep(customer, better, now)
        elif customer.stage is Stage.WAITING:
            self._queue.remove(customer)
            self._queue.add(customer, now)
            self._serving.unsettled = now
        return self._serving.offer(customer)

    # -- a call after its answer -------------------------------------------------------------------------------

    def answered(self, call: str, now: float) -> Effects:
        """The call is off-hook: the agent who was kept for it is rung, or it waits for one."""
        customer = self._customers.get(call)
        if customer is not None and customer.stage is Stage.OFFERED:
            self._serving.serve_first(customer, now)
        return self._serving.settled(now)

    def wants(self, call: str, now: float) -> Effects:
        """The customer wants an agent, again or after all. No effect if he waits for one, or has one, already."""
        customer = self._customers.get(call)
        if customer is not None and customer.stage is Stage.OFFERED:
            self._serving.serve_first(customer, now)
        elif customer is not None and customer.stage is Stage.CONTENT:
            customer.outgoing = False
            customer.begins_to_wait(now)
            self._serving.wait(customer, now)
        return self._serving.settled(now)

    def gives_up(self, call: str, now: float) -> Effects:
        """He wants no agent any more: a call-back, a message or the farewell has begun. Whoever is rung for him,
        or joined with him, is dropped."""
        if (customer := self._customers.get(call)) is not None:
            self._serving.part(customer, now)
        return self._serving.settled(now)

    def released(self, call: str, now: float) -> Effects:
        """The customer has gone: whoever is rung for him, or joined with him, is dropped at once."""
        if (customer := self._customers.pop(call, None)) is not None:
            self._serving.part(customer, now)
        return self._serving.settled(now)

    def call_back(self, call: str, agent: str, now: float) -> Effects:
        """Ring this agent, and no other, for a new outgoing call. Raises DeskRefused if he is not free, or the
        call is not new."""
        member = self._staff.member(agent)
        if call in self._customers:
            raise DeskRefused(f"call {call} is under way; a call-back is a new call")
        if not member.available:
            raise DeskRefused(f"agent {agent} {member.taken_by}; the call-back must wait until he is free")
        customer = self._serving.new(call)
        customer.outgoing = True
        customer.begins_to_wait(now)
        self._serving.ring(customer, member, now)
        return self._serving.settled(now)

    # -- agents' telephones ------------------------------------------------------------------------------------

    def leg_rings(self, agent: str, now: float) -> Effects:
        """His telephone rings."""
        member = self._staff.member(agent)
        if member.telephone is Telephone.RUNG:
            self._serving.tell(self._serving.caller(member), AgentRings(agent))
        return self._serving.settled(now)

    def leg_answered(self, agent: str, now: float, *, socket: str, peer: str) -> Effects:
        """He is on the telephone: his leg is joined from `peer` to `socket`. Dropped where nobody wants him."""
        member = self._staff.member(agent)
        if member.telephone is Telephone.RUNG:
            customer = self._serving.caller(member)
            customer.former = agent
            customer.ends_waiting(Stage.JOINED, now)
            self._staff.answered(member, now)
            self._serving.tell(customer, AgentAnswers(agent, socket, peer))
        elif member.telephone is Telephone.ON_HOOK:
            self._serving.drop(member)
        return self._serving.settled(now)

    def leg_ended(self, agent: str, why: str, now: float) -> Effects:
        """His leg has ended: he was not reached, or has left the customer. `why`: a DialFailure's value, or how it
        ended. No effect where it was not rung."""
        member = self._staff.member(agent)
        if member.telephone is Telephone.RUNG:
            self._serving.missed(member, why, now)
        elif member.telephone is Telephone.JOINED:
            customer = self._serving.caller(member)
            self._serving.tell(customer, AgentGoes(agent, why))
            customer.stage, customer.agent = Stage.CONTENT, None
            self._staff.left(member, now)
        return self._serving.settled(now)

    def leg_held(self, agent: str, held: bool, now: float) -> Effects:
        """He has put the customer on hold with his telephone's own key, or is back."""
        member = self._staff.member(agent)
        if member.telephone is Telephone.JOINED:
            self._serving.tell(self._serving.caller(member), AgentHolds(held))
        return self._serving.settled(now)

    # -- agents ------------------------------------------------------------------------------------------------

    def reached(self, agent: str, reachable: bool, now: float) -> Effects:
        """Whether his telephone is registered, or answers OPTIONS. A leg that is up there tells its end itself."""
        member = self._staff.member(agent)
        self._staff.reached(member, reachable, now)
        self._serving.withdraw(member)
        return self._serving.settled(now)

    def wish(self, agent: str, wish: Wish, now: float) -> Effects:
        """What he asks for; while he is busy it is carried out when the call ends. Raises DeskRefused, and then
        nothing has changed."""
        member = self._staff.member(agent)
        self._staff.wish(member, wish, now)
        if wish in (Wish.AWAY, Wish.LOG_OUT) and member.telephone is Telephone.RUNG:
            customer = self._serving.caller(member)
            self._serving.drop(member)
            self._staff.spared(member, now)
            self._serving.tell(customer, AgentMisses(agent, member.presence.value))
            self._serving.look_further(customer, now)
        self._serving.withdraw(member)
        return self._serving.settled(now)

    def engage(self, agent: Agent, now: float) -> Effects:
        """One agent more, or one there is who becomes a trainee, or is none any more; one who was dismissed is
        back."""
        self._staff.engage(agent, now)
        return self._serving.settled(now)

    def dismiss(self, agent: str, now: float) -> Effects:
        """He serves nobody but the customer whom he has, and can ask for nothing any more."""
        effects = self.wish(agent, Wish.LOG_OUT, now)
        self._staff.member(agent).dismissed = True
        return effects

    def fire_timers(self, now: float) -> Effects:
        """Do what has come due by `now`."""
        for timer, agent in self._staff.timers.take(now):
            member = self._staff.member(agent)
            if timer is AgentTimer.RING:
                self._serving.drop(member)
                self._serving.missed(member, NO_ANSWER, now)
            elif timer is AgentTimer.KEPT:
                self._serving.kept_no_longer(member)
            else:
                self._staff.time_up(member, timer, now)
        return self._serving.settled(now)
