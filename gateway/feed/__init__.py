"""The line-status feed over MQTT."""

from gateway.feed.config import FeedConfig, FeedError
from gateway.feed.desk_board import TicketCall, TicketShown
from gateway.feed.feed import Feed
from gateway.feed.requests.call_commands import PhraseListed, call_commands
from gateway.feed.requests.desk_commands import DeskToAsk, desk_commands

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
