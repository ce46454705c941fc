"""What single values of [desk], [[shifts]] and [call_backs] cannot tell: keys that contradict others."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time
from ipaddress import IPv4Address
from itertools import combinations

from gateway.config.clock import DAYS
from gateway.config.desk_lines import LOOPBACK, DeskLine, desk_lines
from gateway.config.desk_models import CallBacksConfig, ShiftConfig
from gateway.config.expand import expand_lines
from gateway.config.faults import Fault
from gateway.config.forms import split_host_port
from gateway.config.models import FxoLineConfig, GatewayConfig, LineConfig, SipLineConfig

_LAST_PORT = 65535
_SIP_PORT = 5060
_EVERY_HOST = "0.0.0.0"
_HERE = {LOOPBACK, "localhost"}
_DAY = 24 * 60
_WEEK = 7 * _DAY


def desk_faults(config: GatewayConfig) -> Iterator[Fault]:
    """Every contradiction about the desk; `config`'s lines are known to have ports that exist."""
    yield from _desk_faults(config)
    yield from _code_faults(config)
    yield from _extension_faults(config)
    yield from _shift_faults(config)
    if config.call_backs is not None:
        yield from _call_back_faults(config, config.call_backs)


def _desk_faults(config: GatewayConfig) -> Iterator[Fault]:
    desk, lines = config.desk, desk_lines(config)
    if "desk" in config.model_fields_set and not lines:
        message = "no agent has a telephone to ring; allowed: extension in one of [[agents]], or no [desk]"
        yield config.document.fault(("desk",), message)
    path = config.key_accounts_path
    if path is not None and not path.is_file():
        message = "no such file; allowed: a CSV file with the columns number and rank"
        yield config.document.fault(("desk", "key_accounts"), message)
    reserved = {line.id for line in lines}
    for index, table in enumerate(config.lines):
        if table.id in reserved:
            message = f"{table.id} is a line of the desk's own; allowed: another id"
            yield config.document.fault(("lines", index, "id"), message)
    if desk.listen is not None and lines:
        yield from _listen_faults(config, lines)


def _listen_faults(config: GatewayConfig, lines: tuple[DeskLine, ...]) -> Iterator[Fault]:
    first, last = lines[0].port or 0, lines[-1].port or 0
    needed = (
        f"the desk needs {len(lines)} ports for its agents, {first} to {last}" if len(lines) > 1 else "the desk"
    )
    if last > _LAST_PORT:
        message = f"{needed}, past port {_LAST_PORT}; allowed here: at most port {_LAST_PORT - len(lines) + 1}"
        yield config.document.fault(("desk", "listen"), message)
        return
    for line in expand_lines(config):
        if not isinstance(line, SipLineConfig):
            continue
        host, port = split_host_port(line.listen)
        if first <= port <= last and _same_host(host, lines[0].host):
            message = f"port {port} is line {line.id}'s, and {needed} would bind it too; allowed: ports of its own"
            yield config.document.fault(("desk", "listen"), message)
            return


def _same_host(one: str, other: str) -> bool:
    return one == other or _EVERY_HOST in (one, other)


def _code_faults(config: GatewayConfig) -> Iterator[Fault]:
    """A code that begins another is done before the other can be dialled to its end."""
    codes, written = config.desk.codes, config.desk.model_fields_set
    told: set[str] = set()
    for earlier, later in combinations(codes, 2):
        if not (codes[later].startswith(codes[earlier]) or codes[earlier].startswith(codes[later])):
            continue
        mine, other = (later, earlier) if later in written else (earlier, later)
        what = f"cannot be told from {codes[other]} of {other}"
        if codes[mine] == codes[other]:
            what = f"is {other}'s already" if other in written else f"is that of {other}, which is left out"
        if mine not in told:
            told.add(mine)
            yield config.document.fault(("desk", mine), f"{codes[mine]} {what}; allowed: another code")


def _extension_faults(config: GatewayConfig) -> Iterator[Fault]:
    """An agent's telephone that is a line of ours, so that the gateway would answer its own call; or one that no
    packet can come to from where the desk binds."""
    for index, agent in enumerate(config.agents):
        if agent.extension is None:
            continue
        host, _, port = agent.extension.partition("@")[2].partition(":")
        if desk_lines(config)[0].host == LOOPBACK and _is_elsewhere(host):
            message = (
                f"no packet gets to {host} from {LOOPBACK}; allowed: with desk.listen on an address of its network"
            )
            yield config.document.fault(("agents", index, "extension"), message)
        for line in expand_lines(config):
            if not isinstance(line, SipLineConfig):
                continue
            on, at = split_host_port(line.listen)
            here = _HERE if on in (_EVERY_HOST, LOOPBACK) else {on}
            if int(port or _SIP_PORT) == at and host in here:
                message = f"{host}:{at} is this gateway's own line {line.id}; allowed: the telephone's address"
                yield config.document.fault(("agents", index, "extension"), message)
                break


def _is_elsewhere(host: str) -> bool:
    """Whether it is an address outside this machine; a name's is not known before it is asked for."""
    try:
        return not IPv4Address(host).is_loopback
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class _Turn:
    """When an agent is on duty by one of `[[shifts]]`, in minutes of the week; `day` is the one it begins on."""

    begins: int
    ends: int
    shift: int
    day: int


def _shift_faults(config: GatewayConfig) -> Iterator[Fault]:
    known = {agent.number for agent in config.agents}
    turns: dict[str, list[_Turn]] = {}
    for index, shift in enumerate(config.shifts):
        if shift.begins == shift.ends != time():
            yield config.document.fault(
                ("shifts", index, "to"),
                'is the same as from; allowed: another time; the whole day is "00:00" to "24:00"',
            )
            continue
        for place, agent in enumerate(shift.agents):
            if agent not in known:
                message = f"no agent has the number {agent}; allowed: {', '.join(sorted(known))}"
                yield config.document.fault(("shifts", index, "agents", place), message)
            elif agent in shift.agents[:place]:
                message = f"agent {agent} is there already; allowed: each number once"
                yield config.document.fault(("shifts", index, "agents", place), message)
            else:
                turns.setdefault(agent, []).extend(_turns(index, shift))
    for agent, his in turns.items():
        yield from _overlaps(config, agent, his)


def _turns(index: int, shift: ShiftConfig) -> Iterator[_Turn]:
    begins, ends = (at.hour * 60 + at.minute for at in (shift.begins, shift.ends))
    length = (ends - begins) % _DAY or _DAY
    for day in sorted(shift.weekdays):
        first = day * _DAY + begins
        yield _Turn(first, first + length, index, day)
        if first + length > _WEEK:  # Sunday's night shift ends on Monday
            yield _Turn(first - _WEEK, first + length - _WEEK, index, day)


def _overlaps(config: GatewayConfig, agent: str, turns: list[_Turn]) -> Iterator[Fault]:
    """One fault for each two of the tables, on the later one."""
    told: set[tuple[int, int]] = set()
    ordered = sorted(turns, key=lambda turn: (turn.begins, turn.ends))
    latest = ordered[0]
    for turn in ordered[1:]:
        pair = min(latest.shift, turn.shift), max(latest.shift, turn.shift)
        if turn.begins < latest.ends and pair not in told:
            told.add(pair)
            day = DAYS[turn.day]
            also = f"shifts[{pair[0]}]" if pair[0] != pair[1] else "the shift of the day before"
            message = (
                f"agent {agent} is on duty twice on {day}, by {also} too; allowed: shifts that do not overlap"
            )
            yield config.document.fault(("shifts", pair[1]), message)
        latest = max(latest, turn, key=lambda one: one.ends)


def _call_back_faults(config: GatewayConfig, call_backs: CallBacksConfig) -> Iterator[Fault]:
    if not desk_lines(config):
        message = "no agent has a telephone, which is rung before the customer's; allowed: extension in [[agents]]"
        yield config.document.fault(("call_backs",), message)
    lines = {line.id: line for line in expand_lines(config)}
    line = lines.get(call_backs.line)
    if line is None:
        message = f"no line {call_backs.line}; allowed: {', '.join(lines)}"
        yield config.document.fault(("call_backs", "line"), message)
        return
    yield from _way_out_faults(config, call_backs, line)


def _way_out_faults(config: GatewayConfig, call_backs: CallBacksConfig, line: LineConfig) -> Iterator[Fault]:
    if isinstance(line, FxoLineConfig):
        if call_backs.address is not None:
            message = f"is for a SIP line, but {line.id} is a telephone line; allowed: prefix, or neither"
            yield config.document.fault(("call_backs", "address"), message)
        return
    if call_backs.prefix is not None:
        message = f"is for a telephone line, but {line.id} is a SIP line; allowed: digits within address"
        yield config.document.fault(("call_backs", "prefix"), message)
    if call_backs.address is None and line.registrar is None:
        message = f'is missing, and line {line.id} has no registrar; allowed: "sip:{{number}}@host[:port]"'
        yield config.document.fault(("call_backs", "address"), message)
