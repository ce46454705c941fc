"""An FXO line: owns the port, brings the modem up, takes its calls one after another, and never gives up."""

import asyncio
import logging
import threading
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from contextlib import suppress
from dataclasses import replace

from drivers.fxo.call import Call
from drivers.fxo.command_queue import Reply
from drivers.fxo.config import FxoConfig
from drivers.fxo.device import UsbTree, Whereabouts
from drivers.fxo.dialogue import probe
from drivers.fxo.errors import REPLUG, FxoError, ModemSilent, NoAnswer, PortError, PortLost, with_cure
from drivers.fxo.experience import Experience
from drivers.fxo.intruder import Intruder
from drivers.fxo.modem import Modem
from drivers.fxo.opened import OpenPort, opened
from drivers.fxo.outgoing import OutgoingCall, can_be_dialled
from drivers.fxo.picked_up import PickedUpCall
from drivers.fxo.port import SerialPort
from drivers.fxo.start_up import ModemSetup, Warnings, bring_up
from drivers.fxo.troubles import NO_TONE, Troubles
from drivers.fxo.voice_class import VoiceClass
from drivers.fxo.waiting import happens
from drivers.fxo.watch import IncomingWatch
from drivers.hearing.ears import make_ready
from drivers.line import (
    Capabilities,
    Dial,
    DialFailed,
    DialFailure,
    FaultCode,
    LegReleased,
    LineCommand,
    LineEvent,
    LineFault,
    LineRestored,
    LineTrouble,
    LineTroubleOver,
    Release,
    Report,
    TroubleCode,
)

logger = logging.getLogger(__name__)

_loading = threading.Lock()
"""All lines open at once, and one loads the voice model for all."""

BACK_OFF = (1.0, 2.0, 5.0, 10.0)
"""Seconds between attempts to bring a lost line back."""
HEALTH_CHECK = 20.0
"""Seconds of quiet after which the modem is asked whether it is still there."""
RELEASE_LIMIT = 8.0
"""Seconds a live call is given to go on-hook when the line is closed."""


class FxoLine:
    """A Line on a voice modem. See drivers.line.Line for the contract."""

    def __init__(
        self, config: FxoConfig, usb: UsbTree | None = None, open_port: OpenPort = SerialPort.open
    ) -> None:
        """`usb` tells where modems are plugged in; left out: this machine's. `open_port` opens one."""
        self._config = config
        self._whereabouts = Whereabouts(config.port, usb)
        self._open_port = open_port
        self._intruder = Intruder(config.port)
        self._warnings = Warnings()
        self._troubles = Troubles()
        self._capabilities = Capabilities(max_legs=1, caller_id_first=False, dials=True)
        self._sink: Report = _nobody
        self._first = asyncio.Event()
        self._service: asyncio.Task[None] | None = None
        self._watch: IncomingWatch | None = None
        self._calls = 0
        self._ready = False
        """The modem is set up and calls are taken."""
        self._dial: Dial | None = None
        self._early: list[LineCommand] = []
        """What was ordered for its leg before the line came to it."""
        """To be dialled as soon as the line turns to it."""
        self._experience = Experience()
        self._fault: FaultCode | None = None
        self._failures = 0
        self._closing = False

    @property
    def line_id(self) -> str:
        """The id from the config."""
        return self._config.line_id

    @property
    def capabilities(self) -> Capabilities:
        """One leg; once the modem has refused full duplex it is deaf while playing and cannot be joined."""
        return self._capabilities

    async def open(self, report: Report) -> None:
        """Begin service; returns after the first LineRestored or LineFault, or when closed before."""
        await asyncio.to_thread(_make_ready)
        if self._closing:
            return
        self._sink = report
        self._service = asyncio.create_task(self._serve(), name=f"fxo line {self.line_id}")
        await self._first.wait()

    def execute(self, command: LineCommand) -> None:
        """Take an order; one for a leg that has gone is dropped."""
        call = self._watch.call if self._watch is not None else None
        if isinstance(command, Dial):
            self._take_dial(command)
        elif call is not None and call.leg == command.leg:
            call.execute(command)
        elif self._dial is None or command.leg != self._dial.leg:
            return
        elif not isinstance(command, Release):
            self._early.append(command)
        else:
            self._dial = None
            asyncio.get_running_loop().call_soon(self._report, LegReleased(command.leg))

    def _take_dial(self, dial: Dial) -> None:
        watch = self._watch
        if not can_be_dialled(dial.address):
            self._cannot_dial(dial, "only numbers of 1 to 32 digits are dialled", DialFailure.REFUSED)
        elif watch is None or not self._ready or self._closing:
            self._cannot_dial(dial, "the line is out of service")
        elif watch.call is not None or self._dial is not None:
            self._cannot_dial(dial, "the line is in use")
        elif watch.still_ringing:
            self._cannot_dial(dial, "a call is coming in")
        else:
            self._dial = dial
            self._early.clear()
            watch.ringing.set()

    def _cannot_dial(self, dial: Dial, detail: str, why: DialFailure = DialFailure.NO_LINE) -> None:
        tell = asyncio.get_running_loop().call_soon
        tell(self._report, DialFailed(dial.leg, why, detail))
        tell(self._report, LegReleased(dial.leg))

    def take_no_more(self) -> None:
        """Nothing: who calls an analogue line cannot be turned away, only left to ring."""

    async def close(self) -> None:
        """Release what is up, leave the line on-hook, free the port."""
        self._closing = True
        self._first.set()
        service, self._service = self._service, None
        if service is None:
            return
        call = self._watch.call if self._watch is not None else None
        if call is not None:
            call.execute(Release(call.leg))
            await asyncio.wait({service}, timeout=RELEASE_LIMIT)
        service.cancel()
        with suppress(asyncio.CancelledError):
            await service

    def _report(self, event: LineEvent) -> None:
        self._tell(self._troubles.passed(event))
        if isinstance(event, LineFault | LineRestored):
            self._first.set()

    def _tell(self, events: Iterable[LineEvent]) -> None:
        for event in events:
            self._sink(event)

    async def _serve(self) -> None:
        """Serve until closed; whatever fails is reported and tried again with back-off."""
        while not self._closing:
            try:
                await self._attend()
                return  # closed in an orderly way
            except FxoError as exc:
                self._out_of_service(exc.code, with_cure(exc, self._config.port))
            except Exception as exc:  # a line must be retried whatever it was that failed
                logger.exception("%s: a fault of our own", self.line_id)
                self._out_of_service(FaultCode.INTERNAL, f"{type(exc).__name__}; see the log")
            await asyncio.sleep(BACK_OFF[min(self._failures, len(BACK_OFF)) - 1])

    def _out_of_service(self, code: FaultCode, detail: str) -> None:
        self._failures += 1
        if code is not self._fault:
            self._fault = code
            logger.debug("%s: out of service: %s", self.line_id, detail)
            self._report(LineFault(code, detail))

    def _in_service(self) -> None:
        self._fault = None
        self._ready = True
        self._failures = 0
        logger.debug("%s: in service", self.line_id)
        self._report(LineRestored())

    async def _attend(self) -> None:
        """Open the port and serve on it until it is lost or the line is closed."""
        lost: asyncio.Future[PortLost] = asyncio.get_running_loop().create_future()
        watch = IncomingWatch()

        def gone(error: PortLost) -> None:
            if not lost.done():
                lost.set_result(error)

        async with opened(self._whereabouts, watch, self._open_port, intruder=self._intruder, gone=gone) as modem:
            self._watch = watch
            reachable = True
            try:
                await _unless_lost(self._work(modem, watch), lost)
            except (PortError, ModemSilent):
                reachable = False  # closing the port is all that is left
                raise
            finally:
                try:
                    if reachable:
                        with suppress(FxoError):
                            await modem.farewell()
                finally:
                    self._watch, self._ready = None, False
                    dial, self._dial = self._dial, None
                    if dial is not None:
                        self._cannot_dial(dial, "the line is out of service")
                    self._abandon(watch, lost)
                    watch.close()

    def _abandon(self, watch: IncomingWatch, lost: "asyncio.Future[PortLost]") -> None:
        """A call that is still there when the port is given up has failed with it."""
        if watch.call is not None:
            watch.call.fail(lost.result() if lost.done() else FxoError(f"{self._config.port}: service ended"))

    async def _work(self, modem: Modem, watch: IncomingWatch) -> None:
        setup = await self._bring_up(modem)
        # Another modem may have been plugged in.
        self._experience = Experience(off_hook_proven=setup.profile.off_hook_trusted)
        self._duplex_known(True)
        self._in_service()
        while not self._closing:
            if not await happens(watch.ringing, HEALTH_CHECK):
                setup = await self._check(modem, setup)
                continue
            watch.ringing.clear()
            dial, self._dial = self._dial, None
            if watch.still_ringing:
                if dial is not None:
                    self._cannot_dial(dial, "a call is coming in")
                self._tell(self._troubles.alive("a call came in"))
                await self._take(modem, watch, setup)
            elif dial is not None:
                await self._originate(dial, modem, watch, setup)

    async def _take(
        self, modem: Modem, watch: IncomingWatch, setup: ModemSetup, picked_up: VoiceClass | None = None
    ) -> None:
        """One call, from its first ring to on-hook; or one that is `picked_up` already."""
        self._calls += 1
        leg = f"{self.line_id}-{self._calls}"
        rings, report = watch.rings, self._report
        common = (modem, setup, self._config.tones, rings, self._experience, report)
        if picked_up is None:
            call = Call(leg, *common, self._revival(modem), self._duplex_known)
        else:
            rings.report(asyncio.get_running_loop().time())
            call = PickedUpCall(leg, *common, self._revival(modem), self._duplex_known, picked_up)
        watch.begin(call)
        await call.run()
        watch.end()

    async def _originate(self, dial: Dial, modem: Modem, watch: IncomingWatch, setup: ModemSetup) -> None:
        """One call that we make; then, at once, the one that it picked up in place of the dial tone, if any."""
        common = (modem, setup, self._config.tones, watch.rings, self._experience, self._report)
        call = OutgoingCall(dial, *common, self._revival(modem), self._duplex_known)
        watch.begin_outgoing(call)
        for command in self._early:
            call.execute(command)
        await call.run()
        watch.end()
        if call.inbound is not None:
            before = self._troubles.signs
            await self._take(modem, watch, setup, call.inbound)
            if self._troubles.signs == before and not call.somebody_heard:
                # Nobody was there: the line, which gave dial tone once, is dead.
                self._experience.dial_tone_heard = False
                self._report(LineTrouble(TroubleCode.NO_DIAL_TONE, NO_TONE))

    def _revival(self, modem: Modem) -> Callable[[], Awaitable[None]]:
        async def revive() -> None:
            await self._recover(modem, "did not hang up")

        return revive

    async def _recover(self, modem: Modem, why: str) -> ModemSetup:
        """Bring a modem that does not answer back, while the line is still called in service."""
        detail = f"{self._config.port}: the modem {why} and is being recovered; if that fails, {REPLUG}"
        self._report(LineTrouble(TroubleCode.MODEM_STUCK, detail))
        setup = await self._bring_up(modem)
        self._report(LineTroubleOver(TroubleCode.MODEM_STUCK, "the modem answers again"))
        return setup

    async def _check(self, modem: Modem, setup: ModemSetup) -> ModemSetup:
        """Whether the modem still answers and still is as it was set; else bring it up anew."""
        try:
            healthy: Reply | None = await probe(modem)
        except NoAnswer:
            healthy = None
        if healthy is not None and healthy.echoed == setup.echoes and not self._intruder.seen:
            return setup
        why = "is silent" if healthy is None else "may have been changed" if self._intruder.seen else "was reset"
        logger.warning("%s: the modem %s; setting up anew", self.line_id, why)
        return await (self._recover(modem, why) if healthy is None else self._bring_up(modem))

    async def _bring_up(self, modem: Modem) -> ModemSetup:
        self._intruder.seen = False
        return await bring_up(modem, self._config, self._warnings)

    def _duplex_known(self, able: bool) -> None:
        self._capabilities = replace(self._capabilities, hears_while_playing=able, joins=able)


async def _unless_lost(work: Coroutine[None, None, None], lost: "asyncio.Future[PortLost]") -> None:
    """Do `work`; cancelled, and PortLost raised, when the port is lost first."""
    task = asyncio.create_task(work)
    try:
        await asyncio.wait((task, lost), return_when=asyncio.FIRST_COMPLETED)
    finally:
        if not task.done():
            task.cancel()
        ended = (await asyncio.gather(task, return_exceptions=True))[0]
    if lost.done():
        raise lost.result()
    if ended is not None:
        raise ended


def _make_ready() -> None:
    with _loading:
        make_ready()


def _nobody(_event: LineEvent) -> None:
    """Nobody listens yet."""
