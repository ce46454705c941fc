"""gateway.toml: the web page with the lines as they are."""

from typing import Annotated

from pydantic import Field

from gateway.config.forms import AddressPort, Network, PlainPath
from gateway.config.table import Table


class WallboardConfig(Table):
    """`[wallboard]`: the web page with the lines as they are; on loopback it may do without a log-in."""

    listen: AddressPort | None = Field(
        None, description="IPv4 address:port to be opened by a browser; left out: none"
    )
    password_file: PlainPath | None = Field(
        None, description="the path of a file with lines `name:hash` from `sansheng password`, or one hash alone"
    )
    certificate_file: PlainPath | None = Field(
        None, description="the path of a PEM file, the authorities' certificates after its own; only with key_file"
    )
    key_file: PlainPath | None = Field(None, description="the path of a PEM file; only with certificate_file")
    streams: int = Field(100, ge=1, le=1000, description="browsers at the same time, 1 to 1000")
    proxies: Annotated[tuple[Network, ...], Field(strict=False)] = Field(
        (), description='a list of IPv4 networks of reverse proxies, like ["127.0.0.1"]'
    )
