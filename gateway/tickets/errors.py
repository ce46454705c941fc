"""What can be wrong with tickets, one class for each cause a caller can act on.

TicketsError
├── TicketsMissing        no database, or none that has tickets
├── TicketsUnreachable    it cannot be read or written just now
├── TicketUnknown         no ticket has this id
└── TicketRefused         the ticket does not allow it; nothing has changed
    └── PermitRefused     this number may not be called, or not now
"""


class TicketsError(Exception):
    """A ticket cannot be had or changed; the message names it and the cure."""


class TicketsMissing(TicketsError):
    """There is no database with tickets yet."""


class TicketsUnreachable(TicketsError, OSError):
    """The database cannot be read or written just now. An OSError, as what passes by itself is: the writing thread
    tries such things anew."""


class TicketUnknown(TicketsError):
    """No ticket of this site has this id."""


class TicketRefused(TicketsError):
    """What is asked for the ticket does not allow. Nothing has changed."""


class PermitRefused(TicketRefused):
    """A customer's number may not be called, or not now (JS-7). Nothing has changed."""
