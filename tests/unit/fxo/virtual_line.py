"""The driver's own call, modem and watch in virtual time: a modem of few words, and a wire that is none."""

import asyncio
from collections.abc import Callable

from drivers.fxo.call import Call
from drivers.fxo.codecs import Coding, VoiceMode
from drivers.fxo.errors import FxoError
from drivers.fxo.experience import Experience
from drivers.fxo.modem import Modem
from drivers.fxo.profiles import PROFILES
from drivers.fxo.start_up import ModemSetup
from drivers.fxo.watch import IncomingWatch
from drivers.line import LineEvent, Report
from tests.unit.fxo.journal import Journal

LATENCY = 0.03
"""Seconds a modem takes for a result."""
OK = b"\r\nOK\r\n"
ERROR = b"\r\nERROR\r\n"
RING = b"\r\nRING\r\n"
DLE_RING = b"\x10R"
TICK = 0.02


class VirtualLine:
    """A Wire: answers commands from a table (missing: OK, None: silence), a list one after the other. In a stream
    it sends silence, or `sound`, at 8000 bytes a second."""

    def __init__(
        self,
        then: Callable[[LineEvent], None] | None = None,
        *,
        profile: str = "conexant",
        answers: dict[str, bytes | list[bytes] | None] | None = None,
    ) -> None:
        self.journal = Journal(then or (lambda _event: None))
        self.watch = IncomingWatch()
        self.modem = Modem(self, self.watch)
        self.answers: dict[str, bytes | list[bytes] | None] = dict(answers or {})
        self.commands: list[str] = []
        self.times: list[float] = []
        """When each command came."""
        self.on_command: Callable[[str], None] = lambda _command: None
        self.in_voice = False
        self.stream: str | None = None
        self.sound: Callable[[], bytes] = lambda: bytes([0xFF] * 160)
        self.received = bytearray()
        """What came in the streams."""
        family = PROFILES[profile]
        self._setup = ModemSetup(family, "virtual", (VoiceMode(131, Coding.ULAW),), echoes=False)
        self.experience = Experience(off_hook_proven=family.off_hook_trusted)
        self._loop = asyncio.get_running_loop()
        self._line = b""
        self._calls = 0
        self._service = self._loop.create_task(self._serve())

    # -- the Wire ---------------------------------------------------------------------------------------------

    backlog = 0

    def write(self, data: bytes) -> bool:
        """Take bytes of the host."""
        if self.stream is not None:
            self.received += data
            if any(end in data for end in (b"\x10\x03", b"\x10!", b"\x10^")):
                ended, self.stream = self.stream, None
                self.say(OK if ended == "AT+VTX" else b"\x10\x03" + OK)
            return True
        self._line += data
        while b"\r" in self._line:
            line, self._line = self._line.split(b"\r", 1)
            self._command(line[line.rfind(b"AT") :].decode("latin-1") if b"AT" in line else "")
        return True

    async def discard_output(self) -> None:
        """Nothing waits."""

    async def drop_dtr(self, duration: float) -> bool:
        """There is none."""
        return False

    async def reopen(self, pause: float) -> None:
        """As if nothing had been."""

    # -- the modem --------------------------------------------------------------------------------------------

    def _command(self, command: str) -> None:
        if not command:
            return
        self.commands.append(command)
        self.times.append(self._loop.time())
        self.on_command(command)
        if command.startswith("AT+FCLASS="):
            self.in_voice = command.endswith("8")
        answer = self.answers.get(
            command, b"\r\nCONNECT\r\n" if command[:6] in ("AT+VTX", "AT+VTR", "AT+VRX") else OK
        )
        if isinstance(answer, list):
            answer = answer.pop(0) if answer else OK
        if answer is not None:
            self._loop.call_later(LATENCY, self._answer, command, answer)

    def _answer(self, command: str, answer: bytes) -> None:
        self.modem.bytes_received(answer)
        if b"CONNECT" in answer:
            self.stream = command
            if command != "AT+VTX":
                self._loop.call_later(TICK, self._flow)

    def _flow(self) -> None:
        if self.stream is not None:
            self.modem.bytes_received(self.sound())
            self._loop.call_later(TICK, self._flow)

    def say(self, data: bytes, after: float = 0.0) -> None:
        """The modem says something by itself."""
        if after:
            self._loop.call_later(after, self.modem.bytes_received, data)
        else:
            self._loop.call_soon(self.modem.bytes_received, data)

    def ring(self, after: float = 0.0) -> None:
        """A burst is reported, as the class has it."""
        self._loop.call_later(after, lambda: self.modem.bytes_received(DLE_RING if self.in_voice else RING))

    # -- the line ---------------------------------------------------------------------------------------------

    @property
    def call(self) -> Call:
        """The call that is up."""
        assert self.watch.call is not None
        return self.watch.call

    async def _serve(self) -> None:
        while True:
            await self.watch.ringing.wait()
            self.watch.ringing.clear()
            if self.watch.still_ringing:
                await self._take(self.journal)

    async def _take(self, report: Report) -> None:
        self._calls += 1
        call = Call(
            f"leg{self._calls}",
            self.modem,
            self._setup,
            "cn",
            self.watch.rings,
            self.experience,
            report,
            self._revive,
            lambda _able: None,
        )
        self.watch.begin(call)
        try:
            await call.run()
        except FxoError:  # the line would open the port anew, and begin by going on-hook
            await self._revive()
        self.watch.end()

    async def _revive(self) -> None:
        self.commands.append("revived")
        self.times.append(self._loop.time())

    async def close(self) -> None:
        """Stop serving."""
        self.watch.close()
        self._service.cancel()
        await asyncio.gather(self._service, return_exceptions=True)
