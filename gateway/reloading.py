"""A gateway.toml in another's place while calls are up: what of it holds at once, what needs a restart. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from gateway.config import GatewayConfig
from gateway.config.desk_lines import desk_lines
from gateway.config.table import Table

AT_ONCE = ("dialplan", "parameters", "answer", "lines", "agents", "drain_seconds")
"""Keys that hold for the next call; calls that are up end by what they began with. Whatever else there is belongs
to what the gateway was put together from: broker, database, desk."""


@dataclass(frozen=True, slots=True)
class Reload:
    """What a new config makes of a running gateway's."""

    config: GatewayConfig
    """What holds from now on."""
    restart: tuple[str, ...]
    """Keys that have changed and hold only after a restart."""

    @classmethod
    def of(cls, old: GatewayConfig, new: GatewayConfig) -> "Reload":
        """`new` in place of `old`, as far as it goes."""
        others = [key for key in GatewayConfig.model_fields if key not in AT_ONCE]
        config = new.model_copy(update={key: getattr(old, key) for key in others})
        restart = [name for key in others for name in _changed(key, getattr(old, key), getattr(new, key))]
        if _rings(old) is not _rings(new):
            config = config.model_copy(update={"agents": old.agents})
            restart.append("agents (there was no desk to ring them, or there is none any more)")
        elif len(desk_lines(config)) != len(desk_lines(old)):
            restart.append("lines (the desk needs another number of softphones to ring the agents)")
        return cls(config, tuple(restart))


def _rings(config: GatewayConfig) -> bool:
    """Whether any agent is rung: otherwise there is no desk."""
    return any(agent.extension is not None for agent in config.agents)


def _changed(key: str, old: object, new: object) -> Iterator[str]:
    if old == new:
        return
    if not isinstance(old, Table) or not isinstance(new, Table):
        yield key
        return
    fields = [name for name in type(old).model_fields if getattr(old, name) != getattr(new, name)]
    yield from (f"{key}.{name}" for name in fields)
    if not fields:
        yield f"{key} (its password or key)"
