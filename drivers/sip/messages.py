"""What the gateway and a softphone worker say to each other: typed messages, and their bytes. Pure.

A message is a frozen dataclass; on the socket it is a 4-byte big-endian length and as many bytes of JSON,
`["RingBurst", {"leg": "3.1", "number": 2}]`. Orders are the line's own commands, facts the line's own events;
only what concerns the worker itself is defined here.
"""

import json
import struct
import types
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from enum import Enum
from math import isnan
from typing import Any, Final, Union, get_args, get_origin, get_type_hints

from drivers.line import (
    Answer,
    Answered,
    CallerIdReceived,
    CallOffered,
    DialFailed,
    DigitReceived,
    FarEndHeld,
    FarEndHungUp,
    FarEndResumed,
    FarEndRinging,
    FaultCode,
    GiveUp,
    Join,
    LegFailed,
    LegReleased,
    LineCommand,
    LineEvent,
    LineFault,
    LineRestored,
    LineTrouble,
    LineTroubleOver,
    MediaLost,
    MediaRestored,
    Part,
    Play,
    PlayFinished,
    PlayStarted,
    Record,
    Release,
    RingBurst,
    StopPlaying,
    StopRecording,
    VerdictReached,
)
from drivers.sip.config import SipConfig

LIMIT: Final = 1 << 20
"""Bytes; no message comes near it, so a longer one means that the stream is out of step."""
_LENGTH: Final = struct.Struct(">I")
_MOST_SHOWN: Final = 100
"""Characters of a wrong value that an error shows: it goes into the log."""


class WireError(ValueError):
    """Bytes that are no message. The stream cannot be trusted any more: close it."""


@dataclass(frozen=True, slots=True)
class WorkerMessage:
    """A message about the worker rather than about a leg."""


@dataclass(frozen=True, slots=True)
class Configure(WorkerMessage):
    """To the worker, first of all. `generation` makes its leg names unique among all workers of the line."""

    config: SipConfig
    generation: int


@dataclass(frozen=True, slots=True)
class Ping(WorkerMessage):
    """To the worker: prove that the thread that owns the softphone still turns. A number below 0
    asks for the sake of the Probe whose number it is without the sign."""

    number: int


@dataclass(frozen=True, slots=True)
class TakeNoMore(WorkerMessage):
    """To the worker: answer new calls and OPTIONS with 503 from now on; calls that are up go on."""


@dataclass(frozen=True, slots=True)
class Shutdown(WorkerMessage):
    """To the worker: release what is up, unregister, exit."""


@dataclass(frozen=True, slots=True)
class Originate(WorkerMessage):
    """To the worker: a Dial whose address is checked. `address` is whom the call is for, a sip: address; `target`
    the same, with its host's number in place of the name: looking that up must not hold up the softphone."""

    leg: str
    address: str
    target: str
    shown: str | None


@dataclass(frozen=True, slots=True)
class Probe(WorkerMessage):
    """To the worker: send OPTIONS to `target`, a sip: address with its host's number."""

    number: int
    target: str


@dataclass(frozen=True, slots=True)
class Probed(WorkerMessage):
    """From the worker: the final answer to Probe `number`; status 0 where there was none, and why not."""

    number: int
    status: int
    reason: str


@dataclass(frozen=True, slots=True)
class Locate(WorkerMessage):
    """From the worker: it has something to send to this host, a name; Located is to tell where it is."""

    host: str


@dataclass(frozen=True, slots=True)
class Located(WorkerMessage):
    """To the worker: the host's IPv4 address; None where it is not known."""

    host: str
    address: str | None


@dataclass(frozen=True, slots=True)
class WorkerReady(WorkerMessage):
    """From the worker: the port is bound, at most `max_legs` calls at a time."""

    max_legs: int


@dataclass(frozen=True, slots=True)
class WorkerFailed(WorkerMessage):
    """From the worker, last of all: it cannot serve, and exits."""

    code: FaultCode
    detail: str


@dataclass(frozen=True, slots=True)
class Pong(WorkerMessage):
    """From the worker: the answer to Ping `number`."""

    number: int


Message = WorkerMessage | LineCommand | LineEvent

_KNOWN: Final[dict[str, type[Any]]] = {
    kind.__name__: kind
    for kind in (
        *(Configure, Ping, TakeNoMore, Shutdown, Originate, Probe, Probed, WorkerReady, WorkerFailed, Pong),
        *(Locate, Located),
        *(Answer, Play, StopPlaying, Record, StopRecording, Join, Part, Release, GiveUp),
        *(
            CallOffered,
            RingBurst,
            CallerIdReceived,
            FarEndRinging,
            DialFailed,
            Answered,
            PlayStarted,
            PlayFinished,
            VerdictReached,
        ),
        *(DigitReceived, FarEndHeld, FarEndResumed, MediaLost, MediaRestored, FarEndHungUp),
        *(LegFailed, LegReleased, LineFault, LineRestored, LineTrouble, LineTroubleOver),
    )
}
_HINTS: Final = {kind: get_type_hints(kind) for kind in _KNOWN.values()}


def encode(message: Message) -> bytes:
    """The bytes of one message. Raises WireError for one that is not to be sent, or is too long."""
    name = type(message).__name__
    if _KNOWN.get(name) is not type(message):
        raise WireError(f"{name} is not a message")
    body = json.dumps([name, _plain(message)], separators=(",", ":")).encode()
    if len(body) > LIMIT:
        raise WireError(f"{name}: {len(body)} bytes are too long, {LIMIT} are allowed")
    return _LENGTH.pack(len(body)) + body


class Decoder:
    """Bytes in any portions in, messages out."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> list[Message]:
        """The messages that `data` completes. Raises WireError when the stream is not to be trusted."""
        self._buffer += data
        return list(self._complete())

    def _complete(self) -> Iterator[Message]:
        while len(self._buffer) >= _LENGTH.size:
            (length,) = _LENGTH.unpack_from(self._buffer)
            if length > LIMIT:
                raise WireError(f"a message of {length} bytes, {LIMIT} are allowed")
            end = _LENGTH.size + length
            if len(self._buffer) < end:
                return
            body = bytes(self._buffer[_LENGTH.size : end])
            del self._buffer[:end]
            yield _decode(body)


def _decode(body: bytes) -> Message:
    try:
        name, values = json.loads(body)
        kind = _KNOWN[name]
    except (ValueError, TypeError, KeyError, RecursionError):
        raise WireError(f"{len(body)} bytes that are no message") from None
    message: Message = _revive(kind, values)
    return message


def _plain(value: Any) -> Any:
    """Dataclasses to objects, enums to their values, tuples to arrays."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value


def _revive(hint: Any, value: Any) -> Any:
    """The inverse of _plain for a value of type `hint`. Raises WireError when it is not of that type."""
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        if value is None and type(None) in get_args(hint):
            return None
        (hint,) = (part for part in get_args(hint) if part is not type(None))
        return _revive(hint, value)
    if origin is tuple and isinstance(value, list):
        return tuple(_revive(get_args(hint)[0], item) for item in value)
    if is_dataclass(hint) and isinstance(value, dict):
        return _build(hint, value)
    if hint is float and isinstance(value, (int, float)) and not isinstance(value, bool):
        return _number(value)
    if isinstance(hint, type) and issubclass(hint, Enum):
        try:
            return hint(value)
        except ValueError:
            raise WireError(f"{_shown(value)} is no {hint.__name__}") from None
    if hint in (str, int, bool) and type(value) is hint:
        return value
    raise WireError(f"{_shown(value)} is not of type {hint}")


def _number(value: float) -> float:
    """Any but NaN, which is not even itself; a level may be infinite."""
    try:
        number = float(value)
    except OverflowError:
        raise WireError("a number is too large") from None
    if isnan(number):
        raise WireError("NaN is no number")
    return number


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}…"


def _build(kind: Any, values: dict[str, Any]) -> Any:
    hints = _HINTS.get(kind) or get_type_hints(kind)
    if set(values) != set(hints):
        raise WireError(f"{kind.__name__}: fields {_shown(sorted(values))}, expected {sorted(hints)}")
    try:
        return kind(**{name: _revive(hints[name], value) for name, value in values.items()})
    except ValueError as error:
        raise WireError(f"{kind.__name__}: {error}") from None
