"""The modem as one machine over bytes: command state or a voice stream, and what comes out of either.

One decoder serves all states (V.253 shields events everywhere). The state changes at the very byte that
changes it: what follows CONNECT is audio, what follows DLE ETX is text again, even within one read.
"""

import asyncio
import logging
from contextlib import suppress
from enum import Enum
from typing import Protocol

from drivers.fxo.at import LINE_IN_USE, LineCutter, Result, is_line_in_use, is_ring, result_of
from drivers.fxo.command_queue import COMMAND_TIMEOUT, CommandQueue, Reply
from drivers.fxo.dle import (
    CLEAR_TRANSMIT,
    END_DUPLEX,
    END_RECEIVE,
    END_TRANSMIT,
    ETX_CODE,
    DleDecoder,
    DleEvent,
    DlePacket,
    stuff,
)
from drivers.fxo.errors import FxoError, NoAnswer, PortLost
from drivers.fxo.intruder import Intruder
from drivers.fxo.profiles import Delays
from drivers.fxo.waiting import happens

logger = logging.getLogger(__name__)

RING_CODE = "R"
STREAM_OK_TIMEOUT = 0.5
"""How long an OK after DLE ETX is waited for: some firmware sends none."""
KNOWN_SILENT_TIMEOUT = 0.05
"""The same for a modem that has left it out before."""
PROBE_TIMEOUT = 1.0
DRAIN = 0.3
"""Seconds in which a stale tail of an old stream comes out."""
ABORT_TRANSMIT = CLEAR_TRANSMIT + END_TRANSMIT
ESCAPES = b"\0" + END_TRANSMIT + ABORT_TRANSMIT + END_RECEIVE + END_DUPLEX + b"\r"
"""Ends any stream of any family; harmless in command state. NUL comes first because what was discarded before may
have ended in the middle of a pair: after a lone DLE it is no order, and the ones that follow stay whole."""
FAREWELL = 1.0
"""Seconds each last command is given when the port is about to be closed."""
ON_HOOK_COMMANDS = ("AT+VLS=0", "ATH")
_OK_TEXT = b"\r\nOK\r\n"


class ModemState(Enum):
    """What the bytes on the port mean."""

    COMMAND = "command"
    TRANSMIT = "transmit"
    RECEIVE = "receive"
    DUPLEX = "duplex"


_HEARING = {ModemState.RECEIVE, ModemState.DUPLEX}
CONNECT_COMMANDS = {ModemState.TRANSMIT: "AT+VTX", ModemState.RECEIVE: "AT+VRX", ModemState.DUPLEX: "AT+VTR"}


class Sink(Protocol):
    """Who takes what the modem reports by itself; every method returns at once and never raises."""

    def ring_received(self) -> None:
        """A ring burst, as text or as DLE R."""

    def line_received(self, line: str) -> bool:
        """A line that is neither ring nor awaited result yet; True if it was caller ID."""

    def event_received(self, code: str) -> None:
        """A DLE event code other than R and ETX; or LINE_IN_USE, which is said in words."""

    def audio_received(self, audio: bytes) -> None:
        """Unshielded bytes of a receiving stream."""


class Wire(Protocol):
    """The port, as far as the modem uses it."""

    at_once: bool
    """Read audio as it comes, not on the beat of all lines: two people talk to each other."""

    @property
    def backlog(self) -> int:
        """Bytes not yet taken by the kernel."""

    def write(self, data: bytes) -> bool:
        """Queue bytes; False when they had to be thrown away."""

    async def discard_output(self) -> None:
        """Forget queued bytes."""

    async def drop_dtr(self, duration: float) -> bool:
        """Hold DTR low; False where there is none."""

    async def reopen(self, pause: float) -> None:
        """Close and open again. Raises PortError."""


class Modem:
    """Bytes in by `bytes_received`, commands and streams out; reports to a Sink."""

    def __init__(self, wire: Wire, sink: Sink, intruder: Intruder | None = None) -> None:
        self.wire = wire
        self._sink = sink
        self._intruder = intruder or Intruder()
        self._decoder = DleDecoder()
        self._cutter = LineCutter()
        self.queue = CommandQueue(self.wire.write)
        self.delays = Delays()
        """What its family wants, once that is known: see `keep_to`."""
        self._state = ModemState.COMMAND
        self._connecting: ModemState | None = None
        self._skip_line_feed = False
        self._ending = False
        self._tail = b""
        self._ended = asyncio.Event()
        self._ended.set()
        self._stream_result = asyncio.Event()
        """A result came that no command asked for: the OK at the end of a stream."""
        self._silent_ends: set[ModemState] = set()
        """Streams that were seen to end without an OK."""
        self._strays = 0
        self._seized = True
        """The line may be off-hook: it is, or it is not known yet."""

    @property
    def state(self) -> ModemState:
        """What the modem is doing now; COMMAND again as soon as a stream has ended, by whomever."""
        return self._state

    def keep_to(self, delays: Delays) -> None:
        """Keep to what the modem's family wants from now on."""
        self.delays = delays
        self.queue.pace = delays.pace

    def bytes_received(self, data: bytes) -> None:
        """Take one read of the port."""
        for token in self._decoder.feed(data):
            if isinstance(token, DleEvent):
                self._event(token.code)
            elif isinstance(token, DlePacket):
                for line in token.content.decode("latin-1").splitlines():
                    self._sink.line_received(line.strip())
            else:
                self._plain(token)

    def lost(self, error: PortLost) -> None:
        """The port has gone: whoever waits is told."""
        self.queue.fail(error)
        self._enter(ModemState.COMMAND)

    async def command(self, text: str, within: float = COMMAND_TIMEOUT) -> Reply:
        """Run one AT command. Raises NoAnswer, PortLost; FxoError if a stream is up: AT there would be audio."""
        if self._state is not ModemState.COMMAND:
            raise FxoError(f"{text} asked for in state {self._state.value}")
        seizes = text.startswith("AT+VLS=") and text != "AT+VLS=0"
        self._seized = self._seized or seizes
        self._decoder.leave_packet()
        reply = await self.queue.run(text, within=within)
        if reply.ok and text in ON_HOOK_COMMANDS:
            self._seized = False
        return reply

    async def connect(self, state: ModemState) -> bool:
        """Start the stream `state`. False when the modem refuses it; raises NoAnswer, PortLost."""
        if self._state is not ModemState.COMMAND:
            raise FxoError(f"{state.value} asked for in state {self._state.value}")
        self._connecting = state
        try:
            reply = await self.queue.run(CONNECT_COMMANDS[state], within=self.delays.connect, connecting=True)
        finally:
            self._connecting = None
        return reply.result is Result.CONNECT

    def send_audio(self, audio: bytes) -> bool:
        """Send audio into the stream, shielded; False when the modem has not read for too long."""
        return self.wire.write(stuff(audio))

    async def end_stream(self, *codes: bytes, within: float) -> bool:
        """End the stream with the first of `codes` that works, each given `within` seconds; False if none does."""
        kind, self._ending = self._state, True
        self._stream_result.clear()
        try:
            for code in codes:
                if self._state is ModemState.COMMAND:
                    break
                self.wire.write(code)
                if await self._stream_ends(kind, within):
                    return True
            return self._state is ModemState.COMMAND
        finally:
            self._ending = False

    async def end_transmit(self, drain: float, *, clear: bool = False) -> bool:
        """End +VTX: what is buffered is heard first, unless `clear`. False if the modem never says OK."""
        first = ABORT_TRANSMIT if clear else END_TRANSMIT
        return await self.end_stream(first, END_TRANSMIT, ABORT_TRANSMIT, within=drain)

    async def escape(self) -> None:
        """Leave whatever state the modem is in and let its stale output pass."""
        await self.wire.discard_output()
        self.wire.write(ESCAPES)
        await asyncio.sleep(DRAIN)
        self._enter(ModemState.COMMAND)
        self._decoder = DleDecoder()
        self._cutter.clear()

    async def farewell(self) -> None:
        """Leave the line on-hook if it may not be, before the port is closed: closing drops DTR, which not every
        modem heeds. Takes 3 s at most; a modem that does not answer is left to the next start. Raises PortLost."""
        if not self._seized and self._state is ModemState.COMMAND:
            return
        await self.escape()
        for command in ON_HOOK_COMMANDS:
            with suppress(NoAnswer):
                await self.command(command, FAREWELL)

    async def _stream_ends(self, kind: ModemState, within: float) -> bool:
        if not await happens(self._ended, within):
            return False
        if self.queue.strays > self._strays:
            self._silent_ends.clear()  # an OK that was missing came late
        self._strays = self.queue.strays
        known = kind in self._silent_ends
        finished = await happens(self._stream_result, KNOWN_SILENT_TIMEOUT if known else STREAM_OK_TIMEOUT)
        self.queue.rest()
        if finished:
            self._silent_ends.discard(kind)
            return True
        self.queue.doubt()
        if not known:
            logger.debug("no OK after the end of the stream")
            self._silent_ends.add(kind)
            if kind is ModemState.TRANSMIT:
                with suppress(NoAnswer):  # whether it listens to commands again; asked the first time only
                    await self.command("AT", PROBE_TIMEOUT)
        return True

    def _enter(self, state: ModemState) -> None:
        self._state = state
        self._tail = b""
        self._skip_line_feed = state is not ModemState.COMMAND
        if state is ModemState.COMMAND:
            self._ended.set()
        else:
            self._ended.clear()

    def _event(self, code: str) -> None:
        if code == ETX_CODE:
            if self._state in _HEARING or (self._state is ModemState.TRANSMIT and self._ending):
                # Some makers end +VTX too with a DLE ETX of their own, and not all of them with an OK after it.
                self._enter(ModemState.COMMAND)
        elif code == RING_CODE:
            self._sink.ring_received()
        else:
            self._sink.event_received(code)

    def _plain(self, data: bytes) -> None:
        position = 0
        while position < len(data):
            if self._state in _HEARING:
                self._audio(data[position:])
                return
            line, position = self._cutter.take(data, position)
            if line is not None:
                self._line(line)

    def _line(self, line: str) -> None:
        if is_ring(line):
            self._sink.ring_received()
            return
        if self._sink.line_received(line):
            return
        if self._intruder.shows(line, self.queue.sent, asked=self.queue.waiting):
            self.queue.doubt()
            return
        if self._connecting is None and result_of(line) is Result.CONNECT:
            # One that was given up has come: the modem is in a stream that nobody wants, and takes no command.
            self.wire.write(ESCAPES)
            self.queue.doubt()
            return
        if is_line_in_use(line):
            self._sink.event_received(LINE_IN_USE)
        result = self.queue.line_received(line)
        if result is Result.CONNECT and self._connecting is not None:
            self._enter(self._connecting)
        elif result is None and result_of(line) is not None:
            self._unasked_result()

    def _unasked_result(self) -> None:
        self._stream_result.set()
        if self._state is ModemState.TRANSMIT:
            # +VTX ends with the result alone; only some makers send DLE ETX first.
            self._enter(ModemState.COMMAND)

    def _audio(self, data: bytes) -> None:
        if self._skip_line_feed:
            self._skip_line_feed = False
            data = data.removeprefix(b"\n")
        if self._ending:
            self._tail = (self._tail + data)[-len(_OK_TEXT) :]
            if self._tail == _OK_TEXT:
                # A modem that ends its stream without DLE ETX.
                self._stream_result.set()
                self._enter(ModemState.COMMAND)
                return
        if data:
            self._sink.audio_received(data)
