"""What our devices are called in Home Assistant's topics and registries: stable, and no two alike. Pure.

A topic is `<prefix>/device/<gateway>/<device>/config`, of which Home Assistant takes letters, digits, `-` and
`_` alone. `<gateway>` is the root of the feed's topics, its levels joined by `__`. In every name what is no letter
of ASCII, digit or `-` stands as `_` and the two hexadecimal digits of each of its bytes. So `sip1-1` stays what it
is, `sip1_1` becomes `sip1_5f1`, and no name holds the `__` between two.
"""

import re
from dataclasses import dataclass, replace

from gateway.feed.topics import Topics, level

DEFAULT_PREFIX = "homeassistant"
"""Where Home Assistant looks unless it is told otherwise."""
GATEWAY = "gateway"
"""The device that is the gateway itself; all others begin with what they are."""

_OTHER = re.compile(r"[^A-Za-z0-9-]")


def safe(name: str) -> str:
    """A name in the characters that Home Assistant takes; of two names never the same one."""
    return _OTHER.sub(lambda other: "".join(f"_{byte:02x}" for byte in other[0].encode()), name)


@dataclass(frozen=True, slots=True)
class Names:
    """The names of one gateway's devices. `prefix` may have several levels; FeedError where it can be no topic."""

    topics: Topics
    prefix: str = DEFAULT_PREFIX

    def __post_init__(self) -> None:
        for name in self.prefix.split("/"):
            level(name)

    @property
    def gateway(self) -> str:
        """The gateway's own name, by which the other devices tell whose they are."""
        return "__".join(safe(name) for name in self.topics.root.split("/"))

    def line(self, line: str) -> str:
        """A line's device."""
        return f"line-{safe(line)}"

    def agent(self, number: str) -> str:
        """An agent's device."""
        return f"agent-{safe(number)}"

    def identifier(self, device: str) -> str:
        """A device's name in Home Assistant's registry."""
        return f"{self.gateway}__{device}"

    def config(self, device: str) -> str:
        """The topic that tells of a device."""
        return f"{self.prefix}/device/{self.gateway}/{device}/config"

    @property
    def every_config(self) -> str:
        """The filter of all devices of ours, those of earlier runs too."""
        return self.config("+")


def with_discovery(topics: Topics, prefix: str) -> Topics:
    """The topics of a gateway, and those at which an earlier run told Home Assistant of devices: such as are no
    more must be found and taken away. With an empty `prefix` those are all, where Home Assistant looks by default.
    """
    return replace(topics, elsewhere=(Names(topics, prefix or DEFAULT_PREFIX).every_config,))
