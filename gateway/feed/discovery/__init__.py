"""What Home Assistant is told of a gateway, so that its lines show there by themselves."""

from gateway.feed.discovery.devices import discovery_messages
from gateway.feed.discovery.names import with_discovery

__all__ = ["discovery_messages", "with_discovery"]
