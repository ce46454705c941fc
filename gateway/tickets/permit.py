"""The permit: the one thing by which a customer's number can be dialled (JS-7); and the number that a used one
gives, without which no line of the gateway calls anybody but an agent."""

from datetime import datetime
from typing import Any, Final, NoReturn, Self

from gateway.tickets.errors import PermitRefused

_SEAL: Final = object()
"""Known to this room alone."""


class Permit:
    """Leave to call the customer of one ticket once, and soon.

    It holds no number: `TicketBook.dial` gives that out, to whoever holds a permit that the database knows,
    once. It is made by a TicketBook alone, and is neither changed, copied, stored nor derived from.
    """

    __slots__ = ("__weakref__", "_secret", "expires_at", "number_masked", "owner", "ticket")

    ticket: int
    number_masked: str
    """For people to see (WD-11)."""
    owner: str
    """Number of the agent who is to talk to him."""
    expires_at: datetime
    """From then on it cannot be dialled by."""
    _secret: str

    def __init__(
        self, seal: object, *, ticket: int, number_masked: str, owner: str, expires_at: datetime, secret: str
    ) -> None:
        if seal is not _SEAL:
            raise PermitRefused(
                "a permit is given by a TicketBook for a ticket that owes a call-back, and not made"
            )
        for name, value in (
            ("ticket", ticket),
            ("number_masked", number_masked),
            ("owner", owner),
            ("expires_at", expires_at),
            ("_secret", secret),
        ):
            object.__setattr__(self, name, value)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise PermitRefused("a permit is not changed")

    def __delattr__(self, name: str) -> NoReturn:
        raise PermitRefused("a permit is not changed")

    def __init_subclass__(cls, **_: Any) -> NoReturn:
        raise PermitRefused("nothing is derived from a permit")

    def __reduce_ex__(self, _: object) -> NoReturn:
        raise PermitRefused("a permit is not copied or stored")

    def __repr__(self) -> str:
        return f"Permit(ticket={self.ticket}, number={self.number_masked}, expires_at={self.expires_at})"


class Dialable(str):
    """A customer's number, digits alone, that may be dialled now: a permit was used up for it. Made by a
    TicketBook alone; what is made of it (a slice, a sum, a copy) is a mere string."""

    __slots__ = ()

    def __new__(cls, seal: object, number: str) -> Self:
        if seal is not _SEAL:
            raise PermitRefused("a number to be dialled is given by TicketBook.dial for a permit, and not made")
        return super().__new__(cls, number)

    def __init_subclass__(cls, **_: Any) -> NoReturn:
        raise PermitRefused("nothing is derived from a number to be dialled")

    def __reduce_ex__(self, _: object) -> NoReturn:
        raise PermitRefused("a number to be dialled is not copied or stored")


def number_of_used(number: str) -> Dialable:
    """For `call_backs` alone: the number of the permit that was used up in this moment."""
    return Dialable(_SEAL, number)


def issue(*, ticket: int, number_masked: str, owner: str, expires_at: datetime, secret: str) -> Permit:
    """For `call_backs` alone: a permit for the attempt that the database has under `secret`."""
    return Permit(
        _SEAL, ticket=ticket, number_masked=number_masked, owner=owner, expires_at=expires_at, secret=secret
    )


def secret_of(permit: object) -> str:
    """For `call_backs` alone. Raises PermitRefused for anything but a real Permit."""
    if type(permit) is not Permit:
        raise PermitRefused(f"a {type(permit).__name__} is no permit: no customer's number is dialled without one")
    try:
        return permit._secret
    except AttributeError:
        raise PermitRefused("this permit was not given by a TicketBook") from None
