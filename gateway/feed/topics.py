"""Topic names of the line-status feed: pure text."""

from dataclasses import dataclass
from functools import lru_cache

from gateway.feed.config import FeedError

WILDCARDS = frozenset("+#\0")
"""Characters that no topic level may hold (MQTT 3.1.1 §4.7); '/' would split it in two."""


@lru_cache(maxsize=4096)  # the names of all lines and agents, again and again
def level(name: str) -> str:
    """One level of a topic, as the user wrote it in the config.

    Raises FeedError that names it where MQTT does not allow it as a level.
    """
    if not name or "/" in name or WILDCARDS & set(name):
        raise FeedError(f"{name!r} cannot be part of an MQTT topic: it must not be empty or hold / + #")
    return name


@dataclass(frozen=True, slots=True)
class Topics:
    """Every topic of one gateway: all under `<base>/<site>/`. `base` may have several levels."""

    base: str
    site: str
    elsewhere: tuple[str, ...] = ()
    """Filters of retained topics of ours that are not under them: those where others look for them."""

    def __post_init__(self) -> None:
        for name in (*self.base.split("/"), self.site):
            level(name)

    @property
    def root(self) -> str:
        """What all topics begin with, without the last slash."""
        return f"{self.base}/{self.site}"

    @property
    def status(self) -> str:
        """Birth and last will of the gateway."""
        return f"{self.root}/status"

    @property
    def session(self) -> str:
        """Which run of the gateway the states are of."""
        return f"{self.root}/session"

    @property
    def heartbeat(self) -> str:
        """A sign of life every few seconds."""
        return f"{self.root}/heartbeat"

    @property
    def calls(self) -> str:
        """The calls that ended last, and how each kept its standard."""
        return f"{self.root}/calls"

    @property
    def kpi(self) -> str:
        """Today's figures."""
        return f"{self.root}/kpi"

    @property
    def command(self) -> str:
        """Requests to the gateway."""
        return f"{self.root}/command"

    @property
    def command_result(self) -> str:
        """Their answers."""
        return f"{self.root}/command/result"

    @property
    def alert(self) -> str:
        """Alerts of all lines, for who wants nothing else."""
        return f"{self.root}/alert"

    def line_state(self, line: str) -> str:
        """What a line does now."""
        return f"{self.root}/line/{level(line)}/state"

    def line_event(self, line: str) -> str:
        """What has happened on a line."""
        return f"{self.root}/line/{level(line)}/event"

    def line_alert(self, line: str, code: str) -> str:
        """A trouble of one line, while it lasts."""
        return f"{self.root}/line/{level(line)}/alert/{level(code)}"

    def agent_state(self, number: str) -> str:
        """What an agent does now."""
        return f"{self.root}/agent/{level(number)}/state"

    def ticket_state(self, ticket: int) -> str:
        """What an open ticket needs."""
        return f"{self.root}/ticket/{ticket}/state"

    @property
    def passing(self) -> tuple[str, ...]:
        """Filters of the retained topics that end with what they tell of: those of tickets, of troubles, and those
        elsewhere."""
        return f"{self.root}/ticket/+/state", f"{self.alert}/+", f"{self.root}/line/+/alert/+", *self.elsewhere

    @property
    def standing(self) -> tuple[str, ...]:
        """Filters of the retained topics of lines and agents: an earlier run may have had others."""
        return f"{self.root}/line/+/state", f"{self.root}/agent/+/state"

    def has(self, topic: str) -> bool:
        """Whether a topic is the feed's own, and not one elsewhere."""
        return topic.startswith(f"{self.root}/")

    def is_ticket(self, topic: str) -> bool:
        """Whether a topic of ours is a ticket's."""
        return topic.startswith(f"{self.root}/ticket/")

    def trouble(self, code: str) -> str:
        """A trouble of the gateway's own, while it lasts."""
        return f"{self.alert}/{level(code)}"
