"""Customers and agents brought together: kept, rung, joined, parted."""

from collections.abc import Iterable
from itertools import count

from gateway.call.desk_news import AgentMisses, AgentsExpected, DeskNews, QueueMoved
from gateway.desk.choice import matches
from gateway.desk.customer import Customer, Stage
from gateway.desk.member import Member
from gateway.desk.presence import Presence
from gateway.desk.queue import Queue
from gateway.desk.staff import Staff
from gateway.desk.terms import Agent, DeskEffect, DeskRule, DropAgent, Effects, Offer, RingAgent, TellCall


class Serving:
    """Every customer with the agent whom he has, if any. What comes of an input is noted until it is `settled`."""

    def __init__(self, agents: Iterable[Agent], rule: DeskRule, now: float) -> None:
        self._effects: list[DeskEffect] = []
        self._serial = count()
        self._was_staffed = False
        self._nobody_after = rule.nobody_after
        self._hopeless = True
        """Whether nobody has been at work for so long that who waits need not wait for it."""
        self.hopeless_at: float | None = None
        """When that will be so."""
        self.unsettled: float | None = None
        """Since when something has changed that nobody has been told."""
        self.staff = Staff(agents, rule, self._effects.append, now)
        self.queue = Queue(rule.starve_after)
        self.customers: dict[str, Customer] = {}

    def new(self, call: str) -> Customer:
        """A call that the desk has not known."""
        self.customers[call] = customer = Customer(call, next(self._serial))
        return customer

    def caller(self, member: Member) -> Customer:
        """Whom his telephone is rung for or joined with."""
        assert member.call is not None, "asked of a telephone in use alone"
        return self.customers[member.call]

    def offer(self, customer: Customer | None) -> Offer:
        """Who is kept, rung or joined with him; None: a call that the desk does not know."""
        agent, staffed = None if customer is None else customer.agent, self.staff.staffed
        trainee = agent is not None and self.staff.member(agent).agent.trainee
        return Offer(agent, agent is None and staffed, staffed, trainee)

    def keep(self, customer: Customer, member: Member | None, now: float) -> None:
        """Keep this agent for him, instead of another; None: leave it as it is."""
        if member is not None:
            self.let_go(customer)
            self.staff.keep(member, customer.call, now)
            customer.agent, customer.lost = member.number, None

    def let_go(self, customer: Customer) -> None:
        """Nobody is kept for him any more."""
        if customer.stage is Stage.OFFERED and customer.agent is not None:
            self.staff.let_go(self.staff.member(customer.agent))
            customer.agent = None

    def withdraw(self, member: Member) -> None:
        """Who is not free any more is kept for nobody."""
        if member.presence is not Presence.FREE:
            self.kept_no_longer(member)

    def kept_no_longer(self, member: Member) -> None:
        """He is for others now. Whom he greets is told when he is off-hook, if he is another's then."""
        if member.kept_for is not None:
            customer = self.customers[member.kept_for]
            customer.agent, customer.lost = None, member.number
            self.staff.let_go(member)

    def serve_first(self, customer: Customer, now: float) -> None:
        """He is off-hook. The number greeted is the number who answers, wherever it can be."""
        customer.begins_to_wait(now)
        self.expect(customer)
        kept = self.staff.member(customer.agent) if customer.agent else self.staff.find(customer.lost)
        if kept is not None:
            self.ring(customer, kept, now)
            return
        if customer.lost is not None:
            presence = self.staff.member(customer.lost).presence
            elsewhere = Presence.BUSY if presence is Presence.FREE else presence  # back, but another's
            self.tell(customer, AgentMisses(customer.lost, elsewhere.value))
        self.wait(customer, now)

    def wait(self, customer: Customer, now: float) -> None:
        """He is put where his rank and his waiting place him."""
        customer.stage, customer.agent = Stage.WAITING, None
        self.expect(customer)
        self.queue.add(customer, now)

    def ring(self, customer: Customer, member: Member, now: float) -> None:
        """His telephone is rung for this customer."""
        customer.stage, customer.agent = Stage.RUNG, member.number
        self.staff.ring(member, customer.call, now, outgoing=customer.outgoing)
        self._effects.append(RingAgent(member.number, customer.call))

    def missed(self, member: Member, why: str, now: float) -> None:
        """He did not come: the next one is looked for."""
        customer = self.caller(member)
        self.tell(customer, AgentMisses(member.number, why))
        self.staff.missed(member, why, now)
        self.look_further(customer, now)

    def look_further(self, customer: Customer, now: float) -> None:
        """Who was rung did not come. A call-back is his alone: it is over."""
        if customer.outgoing:
            del self.customers[customer.call]
        else:
            self.wait(customer, now)

    def part(self, customer: Customer, now: float) -> None:
        """He wants nobody any more, or has gone."""
        self.let_go(customer)
        self.queue.remove(customer)
        if customer.stage in (Stage.WAITING, Stage.RUNG):
            customer.ends_waiting(customer.stage, now)
        if customer.agent is not None:
            member = self.staff.member(customer.agent)
            self.drop(member)
            over = self.staff.left if customer.stage is Stage.JOINED else self.staff.spared
            over(member, now)
        customer.stage, customer.agent = Stage.CONTENT, None

    def drop(self, member: Member) -> None:
        """Release his leg."""
        self._effects.append(DropAgent(member.number))

    def tell(self, customer: Customer, news: DeskNews) -> None:
        """News for him."""
        self._effects.append(TellCall(customer.call, news))

    def expect(self, customer: Customer) -> None:
        """Tell him whether anybody may come, unless he knows. Who was promised somebody hopes for a while."""
        expected = self.staff.staffed or (customer.expected is True and not self._hopeless)
        if customer.expected is not expected:
            customer.expected = expected
            self.tell(customer, AgentsExpected(expected))

    def settled(self, now: float) -> Effects:
        """Whatever has changed, ring whoever can be rung, tell who waits what has changed for him; the effects."""
        self.unsettled = None
        self.queue.promote(now)
        self._see_who_is_there(now)
        for customer, member in matches(self.queue, self.staff):
            self.queue.remove(customer)
            self.ring(customer, member, now)
        if self._was_staffed:
            for customer, place in self.queue.moved():
                self.tell(customer, QueueMoved(place))
        effects = tuple(self._effects)
        self._effects.clear()
        return effects

    def _see_who_is_there(self, now: float) -> None:
        """Who waits is told at once that somebody is at work, and after a while that nobody is any more."""
        came = self.staff.staffed and not self._was_staffed
        if self._was_staffed is not self.staff.staffed:
            self._was_staffed, self._hopeless = self.staff.staffed, False
            self.hopeless_at = None if self._was_staffed else now + self._nobody_after
        gone = self.hopeless_at is not None and now >= self.hopeless_at
        if gone:
            self.hopeless_at, self._hopeless = None, True
        if came or gone:
            for customer in self.queue:
                self.expect(customer)
