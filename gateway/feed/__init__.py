"""The line-status feed over MQTT."""

from gateway.feed.call_commands import PhraseListed, call_commands
from gateway.feed.config import FeedConfig, FeedError
from gateway.feed.desk_board import TicketCall, TicketShown
from gateway.feed.desk_commands import DeskToAsk, desk_commands
from gateway.feed.feed import Feed

__all__ = [
    "DeskToAsk",
    "Feed",
    "FeedConfig",
    "FeedError",
    "PhraseListed",
    "TicketCall",
    "TicketShown",
    "call_commands",
    "desk_commands",
]
