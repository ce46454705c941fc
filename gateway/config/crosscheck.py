"""What single values cannot tell: keys that contradict each other."""

import os
from collections.abc import Callable, Collection, Iterator

from gateway.config.checks import Check
from gateway.config.desk_crosscheck import desk_faults
from gateway.config.expand import expand_line
from gateway.config.faults import ConfigErrors, Fault
from gateway.config.forms import split_host_port
from gateway.config.models import AUTO, FxoLineConfig, GatewayConfig, LineConfig, SipLineConfig
from gateway.config.mqtt_crosscheck import MQTT_CHECKS
from gateway.config.places import DIALPLAN_FILE, dialplan_folder, shipped_dialplans
from gateway.config.ports import port_faults
from gateway.config.wallboard_crosscheck import WALLBOARD_CHECKS

_LAST_PORT = 65535
_ANY_HOST = frozenset({"0.0.0.0"})
Claim = tuple[str | int, str]
"""A thing that one line alone can have, and the host it has it on (empty where there is none)."""


def cross_faults(config: GatewayConfig, wrong: Collection[str] = ()) -> Iterator[Fault]:
    """Every contradiction in `config`, on the line of the later key. `wrong` are keys of the file that are not in
    `config` because their values are wrong, as faults name them: what needs them is not looked for."""
    for check in _CHECKS:
        if check.possible(wrong):
            yield from check.find(config)


def check_profiles(config: GatewayConfig, known: Collection[str]) -> None:
    """Raise ConfigErrors where a line's modem profile is neither `auto` nor one of `known`, the driver's."""
    faults = [
        config.document.fault(
            ("lines", index, "profile"), f"no modem profile {line.profile!r}; allowed: {', '.join((AUTO, *known))}"
        )
        for index, line in enumerate(config.lines)
        if isinstance(line, FxoLineConfig) and line.profile not in (AUTO, *known)
    ]
    if faults:
        raise ConfigErrors(faults)


def _dialplan_faults(config: GatewayConfig) -> Iterator[Fault]:
    if dialplan_folder(config.dialplan, config.folder) is None:
        shipped = ", ".join(shipped_dialplans())
        yield config.document.fault(
            ("dialplan",),
            f"{config.dialplan!r} is not shipped, and no folder with a {DIALPLAN_FILE}; "
            f"allowed: {shipped}, or a folder relative to this file",
        )


def _kpi_faults(config: GatewayConfig) -> Iterator[Fault]:
    if config.kpi.score is None:
        return
    from gateway.kpi.score import Score, ScoreWrong  # read by the few who have a formula

    try:
        Score.parse(config.kpi.score)
    except ScoreWrong as error:
        yield config.document.fault(("kpi", "score"), str(error))


def _agent_faults(config: GatewayConfig) -> Iterator[Fault]:
    seen: set[str] = set()
    telephones: dict[str, str] = {}
    for index, agent in enumerate(config.agents):
        if agent.number in seen:
            yield config.document.fault(
                ("agents", index, "number"), f"agent {agent.number} is there already; allowed: each number once"
            )
        seen.add(agent.number)
        # A telephone is known by the number it calls as: two agents at one could not be told apart.
        if agent.telephone is not None and agent.telephone in telephones:
            yield config.document.fault(
                ("agents", index, "extension"),
                f"user {agent.telephone} is agent {telephones[agent.telephone]}'s; allowed: each user once",
            )
        elif agent.telephone is not None:
            telephones[agent.telephone] = agent.number


def _line_faults(config: GatewayConfig) -> Iterator[Fault]:
    beyond = list(_range_faults(config))
    yield from beyond or (*_id_faults(config), *_port_faults(config))
    yield from _registrar_faults(config)


def _among_lines(check: Callable[[GatewayConfig], Iterator[Fault]]) -> Callable[[GatewayConfig], Iterator[Fault]]:
    """The same check, where lines have ports that exist."""
    return lambda config: iter(()) if any(_range_faults(config)) else check(config)


def _range_faults(config: GatewayConfig) -> Iterator[Fault]:
    for index, line in enumerate(config.lines):
        if isinstance(line, SipLineConfig):
            _, port = split_host_port(line.listen)
            if port + line.count - 1 > _LAST_PORT:
                yield config.document.fault(
                    ("lines", index, "count"),
                    f"{line.count} lines from port {port} go past port {_LAST_PORT}; "
                    f"allowed here: at most {_LAST_PORT - port + 1}",
                )


def _id_faults(config: GatewayConfig) -> Iterator[Fault]:
    yield from _repeats(
        config, lambda line: (line.id, ""), "id", "{what} is there already (line {first}); allowed: each id once"
    )


def _port_faults(config: GatewayConfig) -> Iterator[Fault]:
    yield from _repeats(
        config, _udp_port, "listen", "port {what} is line {first}'s already; allowed: a port of its own"
    )
    yield from _repeats(config, _tty, "port", "{what} is line {first}'s already; allowed: a modem of its own")


def _udp_port(line: LineConfig) -> Claim | None:
    if not isinstance(line, SipLineConfig):
        return None
    host, port = split_host_port(line.listen)
    return port, host


def _tty(line: LineConfig) -> Claim | None:
    if not isinstance(line, FxoLineConfig):
        return None
    # The same device by another name (by-id, by-path) is the same; a USB path has one name alone.
    return (line.port if line.port.startswith("usb:") else os.path.realpath(line.port)), ""


def _repeats(
    config: GatewayConfig, claim_of: Callable[[LineConfig], Claim | None], key: str, message: str
) -> Iterator[Fault]:
    """A fault for each `[[lines]]` table that claims what an earlier line, or an earlier copy of its own, has."""
    owners: dict[str | int, dict[str, str]] = {}
    for index, line in enumerate(config.lines):
        clash: tuple[str | int, str] | None = None
        for single in expand_line(line):
            claim = claim_of(single)
            if claim is None:
                continue
            thing, host = claim
            hosts = owners.setdefault(thing, {})
            first = _owner(hosts, host)
            if first is not None and clash is None:
                clash = thing, first
            hosts.setdefault(host, single.id)
        if clash is not None:
            yield config.document.fault(("lines", index, key), message.format(what=clash[0], first=clash[1]))


def _owner(hosts: dict[str, str], host: str) -> str | None:
    """Which line has this port on `host`; a port on every address clashes with the same port on any one."""
    if host in hosts:
        return hosts[host]
    if hosts and (host in _ANY_HOST or not _ANY_HOST.isdisjoint(hosts)):
        return next(iter(hosts.values()))
    return None


def _registrar_faults(config: GatewayConfig) -> Iterator[Fault]:
    for index, line in enumerate(config.lines):
        if not isinstance(line, SipLineConfig) or line.registrar is not None:
            continue
        for key in ("username", "password_file"):
            if getattr(line, key) is not None:
                yield config.document.fault(
                    ("lines", index, key), "is for a registrar, but none is named; allowed: with registrar only"
                )


_CHECKS = (
    Check(_dialplan_faults, ("dialplan",)),
    *MQTT_CHECKS,
    *WALLBOARD_CHECKS,
    Check(_kpi_faults, ("kpi.score",)),
    Check(_agent_faults, ("agents",)),
    Check(_line_faults, ("lines",)),
    Check(_among_lines(port_faults), ("mqtt",)),
    Check(_among_lines(desk_faults), ("lines", "agents", "desk", "shifts", "call_backs")),
)
