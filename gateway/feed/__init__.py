"""The line-status feed over MQTT."""

from gateway.feed.config import FeedConfig, FeedError
from gateway.feed.feed import Feed

__all__ = ["Feed", "FeedConfig", "FeedError"]
