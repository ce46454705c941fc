"""The feed that a gateway.toml asks for."""

import socket
from collections.abc import Sequence
from dataclasses import replace
from ipaddress import ip_address

from gateway.call.plan import Plan
from gateway.config import GatewayConfig, LineConfig
from gateway.config.forms import split_host_port
from gateway.config.wallboard_models import WallboardConfig
from gateway.feed.config import FeedConfig
from gateway.feed.requests.call_commands import PhraseListed


def feed_config(
    config: GatewayConfig,
    lines: Sequence[LineConfig] = (),
    plan: Plan | None = None,
    phrases: Sequence[PhraseListed] = (),
) -> FeedConfig:
    """The feed of a gateway whose calls go by `plan`, with the `phrases` that can be asked for; to ask it for
    something needs none of them, nor its lines."""
    mqtt = config.mqtt
    host, port = mqtt.own_broker
    feed = FeedConfig(
        site=config.site,
        base_topic=mqtt.base_topic,
        url=mqtt.url,
        username=mqtt.username,
        password=mqtt.password,
        ca_file=_file(config, mqtt.ca_file),
        certificate_file=_file(config, mqtt.certificate_file),
        key_file=_file(config, mqtt.key_file),
        protocol=mqtt.protocol,
        show_numbers=config.show_numbers,
        agents=tuple(agent.number for agent in config.agents),
        lines=tuple((line.id, line.driver) for line in lines),
        timezone=config.timezone,
        answer_rate_goal=config.kpi.answer_rate_goal,
        alarm_from_calls=config.kpi.alarm_from_calls,
        broker_host=host,
        broker_port=port,
        users_file=_file(config, mqtt.users_file),
        command_key=mqtt.command_key.encode() if mqtt.command_key is not None else None,
        discovery_prefix=mqtt.discovery_prefix,
        wallboard_url=_wallboard_url(config.wallboard),
    )
    if plan is None:
        return feed
    every = None if plan.waiting is None else plan.waiting.every
    keys = tuple(phrase.phrase for phrase in phrases)
    return replace(feed, ring_limit=plan.answer.ring_limit, reassure_every=every, phrases=keys)


def _file(config: GatewayConfig, name: str | None) -> str | None:
    return str(config.folder / name) if name is not None else None


def _wallboard_url(wallboard: WallboardConfig) -> str | None:
    """Where another machine's browser finds the wallboard; None: it does not."""
    if wallboard.listen is None:
        return None
    host, port = split_host_port(wallboard.listen)
    if ip_address(host).is_loopback:
        return None
    name = socket.gethostname() if ip_address(host).is_unspecified else host
    return f"{'http' if wallboard.certificate_file is None else 'https'}://{name}:{port}"
