"""Tickets: what customers are owed, by whom and until when; and the call-backs, the only calls that are ever
made."""

from gateway.tickets.book import TicketBook
from gateway.tickets.call_backs import DueCallBack
from gateway.tickets.config import TicketsConfig
from gateway.tickets.errors import (
    PermitRefused,
    TicketRefused,
    TicketsError,
    TicketsMissing,
    TicketsUnreachable,
    TicketUnknown,
)
from gateway.tickets.news import TicketNews, reminders
from gateway.tickets.permit import Dialable, Permit
from gateway.tickets.policy import REACHED, CallBackPolicy
from gateway.tickets.states import CallBackState, TicketState
from gateway.tickets.ticket import Entry, Standing, Ticket, kinds_of

__all__ = [
    "REACHED",
    "CallBackPolicy",
    "CallBackState",
    "Dialable",
    "DueCallBack",
    "Entry",
    "Permit",
    "PermitRefused",
    "Standing",
    "Ticket",
    "TicketBook",
    "TicketNews",
    "TicketRefused",
    "TicketState",
    "TicketUnknown",
    "TicketsConfig",
    "TicketsError",
    "TicketsMissing",
    "TicketsUnreachable",
    "kinds_of",
    "reminders",
]
