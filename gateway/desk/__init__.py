"""The desk: agents, who is rung for whom, who waits. Pure policy: no clock, no IO, no log."""

from gateway.desk.desk import Desk
from gateway.desk.presence import Presence, Why, Wish
from gateway.desk.terms import (
    Agent,
    DeskEffect,
    DeskRefused,
    DeskRule,
    DropAgent,
    Effects,
    Offer,
    PresenceChanged,
    RingAgent,
    TellCall,
)

__all__ = [
    "Agent",
    "Desk",
    "DeskEffect",
    "DeskRefused",
    "DeskRule",
    "DropAgent",
    "Effects",
    "Offer",
    "Presence",
    "PresenceChanged",
    "RingAgent",
    "TellCall",
    "Why",
    "Wish",
]
