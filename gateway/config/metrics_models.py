"""gateway.toml: the figures that Prometheus fetches."""

from pydantic import Field

from gateway.config.forms import AddressPort
from gateway.config.table import Table


class MetricsConfig(Table):
    """`[metrics]`: where the gateway's counters can be fetched over HTTP, by whoever reaches the address."""

    listen: AddressPort | None = Field(
        None, description="IPv4 address:port to be asked for /metrics on; left out: none"
    )
