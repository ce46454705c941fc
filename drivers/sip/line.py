"""A SIP account as a Line: the worker's facts with the rings counted in between."""

import asyncio
import logging
from dataclasses import replace
from typing import Final

from drivers.line import (
    Answer,
    Answered,
    CallerIdReceived,
    CallOffered,
    Capabilities,
    Dial,
    FarEndHungUp,
    FaultCode,
    LegEvent,
    LegFailed,
    LegReleased,
    LineCommand,
    LineEvent,
    LineFault,
    LineRestored,
    LineTrouble,
    LineTroubleOver,
    Release,
    Report,
    RingBurst,
    TroubleCode,
)
from drivers.sip.config import SipConfig
from drivers.sip.dialling import Dialling
from drivers.sip.lookup import HostUnknown, Lookup
from drivers.sip.messages import Locate, Located, Message, Pong, Probed, TakeNoMore, WorkerReady
from drivers.sip.probing import Probing, Reach
from drivers.sip.rings import RingTimer
from drivers.sip.worker_client import WorkerClient
from drivers.sip.worker_log import redact

_log = logging.getLogger(__name__)

PROBE_LIMIT: Final = 2.0
"""Seconds in which a telephone answers OPTIONS, sent at 0, 0.5 and 1.5 s, were two of them lost."""
_ENDS: Final = (LegReleased, LegFailed)
_MOST_LEGS: Final = 32
"""At a time; pjsua2 is compiled for 4, and others may be just ending."""
_LATE: Final = 3600.0
"""Seconds by which a fact may be told late: longer than any machine is held up for without losing its calls."""


class SipLine:
    """Implements Line. One worker process, restarted as often as it takes until close()."""

    def __init__(self, config: SipConfig) -> None:
        self._config = config
        self._client = WorkerClient(config, self._receive, self._lost)
        self._lookup = lookup = Lookup()
        self._locating: set[asyncio.Task[None]] = set()
        self._dialling = Dialling(config, lookup, self._client.send, self._leg)
        self._probing = Probing(config, lookup, self._client.send)
        self._report: Report | None = None
        self._legs: dict[str, RingTimer | None] = {}
        """With what counts the rings of a call that came in."""
        self._max_legs = config.calls
        self._status: LineFault | LineRestored | None = None
        self._known = asyncio.Event()
        self._takes_calls = True
        self._mad = False
        """Whether the worker has told what makes no sense."""
        self._troubles: set[TroubleCode] = set()
        """What the worker has told and not taken back."""

    @property
    def line_id(self) -> str:
        """The id from the config."""
        return self._config.line_id

    @property
    def capabilities(self) -> Capabilities:
        """`max_legs` is what the worker can really hold, once it has served."""
        return Capabilities(self._max_legs, caller_id_first=True, dials=True, hears_while_playing=True)

    @property
    def worker_pid(self) -> int | None:
        """The worker's process id while it lives."""
        return self._client.pid

    async def open(self, report: Report) -> None:
        """Begin service; returns once LineRestored or LineFault was reported for the first time."""
        self._report = report
        self._client.start()
        await self._known.wait()

    def execute(self, command: LineCommand) -> None:
        """Take an order; the outcome is reported as a fact."""
        if isinstance(command, Dial):
            self._dial(command)
            return
        if command.leg not in self._legs:
            return
        if isinstance(command, (Answer, Release)):
            self._stop_rings(command.leg)
        self._dialling.execute(command)

    async def probe(self, address: str, seconds: float = PROBE_LIMIT) -> Reach:
        """Whether the telephone at `address` (as for Dial) answers OPTIONS within so many seconds. Any number may
        be asked at once. Never raises: a line without a worker asks nobody. Takes longer while the worker does
        not turn: until it does, or is killed."""
        return await self._probing.ask(address, seconds)

    def take_no_more(self) -> None:
        """Answer new calls and OPTIONS with 503 from now on, whatever becomes of the worker."""
        self._takes_calls = False
        self._client.send(TakeNoMore())

    async def close(self) -> None:
        """End every call, the registration and the process. Idempotent."""
        await self._client.stop()
        self._probing.lost("the line was closed")
        self._fail_legs(FaultCode.WORKER_DIED, "the line was closed")
        self._report = None

    def _dial(self, command: Dial) -> None:
        if command.leg in self._legs:
            _log.error("%s: leg %s is in use already and is not dialled again", self.line_id, command.leg)
            return
        self._legs[command.leg] = None
        self._dialling.dial(command, cannot=self._out_of_service)

    @property
    def _out_of_service(self) -> str | None:
        """Why no call can be placed now."""
        match self._status:
            case LineRestored():
                return None
            case LineFault(_, detail):
                return f"the line is out of service: {detail}"
        return "the line is not in service yet"

    def _receive(self, message: Message) -> None:
        match message:
            case WorkerReady(max_legs):
                self._clamp(max_legs)
                if not self._takes_calls:
                    self._client.send(TakeNoMore())
                self._probing.present()
            case Probed():
                self._probing.receive(message)
            case Pong(number):
                self._probing.turned(-number)
            case Locate(host):
                locating = asyncio.create_task(self._locate(host), name=f"{self.line_id} locates")
                self._locating.add(locating)
                locating.add_done_callback(self._locating.discard)
            case LineFault() | LineRestored():
                self._change(message)
            case LineTrouble(code, detail):
                self._trouble(message, code, detail)
            case LineTroubleOver(code, _) if code in self._troubles:
                self._troubles.discard(code)
                self._emit(message)
            case LegEvent():
                self._leg(message)
            case _:
                _log.error("%s: %s is not for a line", self.line_id, type(message).__name__)

    def _trouble(self, message: LineTrouble, code: TroubleCode, detail: str) -> None:
        """A trouble is told once; what more there is of it goes to the log, past the worker's own, which hides
        addresses as it hides numbers."""
        if code in self._troubles:
            _log.warning("%s: %s", self.line_id, detail)
            return
        self._troubles.add(code)
        self._emit(message)

    async def _locate(self, host: str) -> None:
        """Tell the worker where a host is; one that has asked and died does not mind."""
        address: str | None = None
        try:
            address = await self._lookup.address_of(host)
        except HostUnknown as error:
            _log.warning("%s: %s", self.line_id, redact(str(error)))
        self._client.send(Located(host, address))

    def _clamp(self, max_legs: int) -> None:
        self._max_legs = max_legs
        if max_legs < self._config.calls:
            _log.warning(
                "%s: calls = %d, but pjsua2 was compiled for %d a process; set calls = %d and raise count",
                *(self.line_id, self._config.calls, max_legs, max_legs),
            )

    def _leg(self, event: LegEvent) -> None:
        """A leg's fact. Its first ring follows the caller ID, which the worker sends right after the offer."""
        leg = event.leg
        if (leg in self._legs) is isinstance(event, CallOffered) or len(self._legs) > _MOST_LEGS:
            self._nonsense(event)
            return
        event = _in_time(event, asyncio.get_running_loop().time())
        if isinstance(event, CallOffered):
            period = self._config.ring_period
            self._legs[leg] = RingTimer(
                period, lambda number, at: self._emit(RingBurst(leg, number, seen=at)), offered_at=event.seen
            )
        timer = self._legs.get(leg)
        if isinstance(event, (Answered, FarEndHungUp)) and timer is not None:
            timer.catch_up(event.seen or 0.0)
        self._emit(event)
        if isinstance(event, CallerIdReceived) and timer is not None:
            timer.start()
        elif isinstance(event, _ENDS):
            self._stop_rings(leg)
            del self._legs[leg]

    def _nonsense(self, event: LegEvent) -> None:
        """A fact of a leg that is not up, or too many of them: the worker has gone mad. Told once for each."""
        if not self._mad:
            self._mad = True
            _log.error(
                "%s: %s of %.40r makes no sense and is left out", self.line_id, type(event).__name__, event.leg
            )

    def _stop_rings(self, leg: str) -> None:
        timer = self._legs[leg]
        if timer is not None:
            timer.stop()

    def _lost(self, code: FaultCode, detail: str) -> None:
        self._mad = False
        self._probing.lost(detail)
        self._fail_legs(FaultCode.WORKER_DIED, detail)
        for trouble in sorted(self._troubles):
            self._emit(LineTroubleOver(trouble, "the worker that knew of it has ended"))
        self._troubles.clear()
        self._change(LineFault(code, detail))

    def _fail_legs(self, code: FaultCode, detail: str) -> None:
        self._dialling.drop_all()
        for leg in list(self._legs):
            self._stop_rings(leg)
            del self._legs[leg]
            self._emit(LegFailed(leg, code, detail))

    def _change(self, status: LineFault | LineRestored) -> None:
        """Report the line's state when it is another one than before."""
        if status != self._status:
            self._status = status
            self._emit(status)
        self._known.set()

    def _emit(self, event: LineEvent) -> None:
        if self._report is not None:
            self._report(event)


def _in_time(event: LegEvent, now: float) -> LegEvent:
    """The fact, without a time that cannot be: the rings up to it are counted one by one."""
    if event.seen is None or now - _LATE <= event.seen <= now + 1.0:
        return event
    return replace(event, seen=None)
