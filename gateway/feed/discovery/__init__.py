"""What Home Assistant is told of a gateway, so that its lines show there by themselves."""

from gateway.feed.discovery.names import with_discovery
from gateway.feed.discovery.told import DevicesTold

__all__ = ["DevicesTold", "with_discovery"]
