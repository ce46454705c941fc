"""Which agent is rung for which waiting customer."""

from gateway.desk.customer import Customer
from gateway.desk.member import Member
from gateway.desk.queue import Queue
from gateway.desk.staff import Staff


def matches(queue: Queue, staff: Staff) -> list[tuple[Customer, Member]]:
    """Who is to be rung for whom: the first of the queue, as many as agents can be rung, in their order.

    Each is given the agent whom he knows, if that one is free (WD-13); the others, who has been free the longest
    of the rest. Nobody waits for the agent whom he knows: that might take long.
    """
    served = queue.first(min(len(queue), staff.available))
    known: dict[str, Customer] = {}
    given: dict[int, Member] = {}
    for customer in served:
        for number in customer.preferred:
            if (member := staff.find(number)) is not None and known.setdefault(
                member.number, customer
            ) is customer:
                given[customer.serial] = member
                break
    others = (member for member in staff.by_idleness() if member.number not in known)
    return [(customer, given.get(customer.serial) or next(others)) for customer in served]
