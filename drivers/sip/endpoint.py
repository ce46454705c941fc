"""pjsua2 from libCreate to libDestroy. One thread makes it, turns it and destroys it."""

import errno
import gc
import time
from typing import Any, Final

import pjsua2 as pj

from drivers.line import DialFailure, FaultCode
from drivers.sip import core
from drivers.sip.account import SipAccount
from drivers.sip.bridge_port import CLOCK_RATE, BridgeError
from drivers.sip.challenges import StrongestDigest
from drivers.sip.clock_thread import ClockThread
from drivers.sip.config import SipConfig
from drivers.sip.door import Door
from drivers.sip.gate import InviteGate
from drivers.sip.identity import host_of
from drivers.sip.in_service import InService
from drivers.sip.media import LegAudio
from drivers.sip.media_queue import MediaQueue
from drivers.sip.names import Names
from drivers.sip.outgoing import Outgoing
from drivers.sip.signals import Inbox, Sought
from drivers.sip.sip_call import SipCall
from drivers.sip.stale_rtp import StaleRtp
from drivers.sip.waking import Waking

_ERRNO_BASE: Final = 120_000
"""PJ_ERRNO_START_SYS: pjlib's status for a system error is this plus errno."""
_PORT_FAULTS: Final = {
    errno.EADDRINUSE: (FaultCode.PORT_BUSY, "another program holds the port; stop it or change `listen`"),
    errno.EADDRNOTAVAIL: (FaultCode.PORT_MISSING, "this machine has no such address; change `listen`"),
    errno.EACCES: (FaultCode.PORT_DENIED, "no permission; use a port above 1023"),
}
_LOG_LEVEL: Final = 1
"""Errors only: pjsip's higher levels print whole messages, with the callers' numbers in them."""
_CODECS: Final = ("PCMA/8000/1", "PCMU/8000/1")
"""In order of preference; every other codec is off."""


class EndpointError(Exception):
    """The softphone cannot start; `code` says which kind of cure it needs."""

    def __init__(self, code: FaultCode, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


class CannotCall(Exception):
    """A call could not be placed."""

    def __init__(self, why: DialFailure, detail: str) -> None:
        super().__init__(detail)
        self.why = why
        self.detail = detail


class Endpoint:
    """The library, its transports and its account."""

    def __init__(self, config: SipConfig, generation: int) -> None:
        """Binds and starts. Raises EndpointError; the library is then destroyed again."""
        # A cyclic collection on the clock thread would run pjsua2's destructors there and abort the process.
        gc.disable()
        self.inbox: Inbox = Inbox()
        self._account: SipAccount | None = None
        self._clock_thread = ClockThread()
        self.waking = Waking()
        self._stale = StaleRtp(config, time.monotonic()) if generation > 1 else None
        # Before it ends pjsua waits a second for the un-REGISTER's answer, be there a registration or not.
        self._at_end = pj.PJSUA_DESTROY_NO_RX_MSG if config.registrar is None else 0
        core.set_log_level(_LOG_LEVEL)
        self._library = pj.Endpoint()
        try:
            self._library.libCreate()
            core.stay_with_udp()
            self._library.libInit(_settings(config))
            self._outgoing = Outgoing(config.port, time.monotonic())
            self.names = Names(
                lambda host: self.inbox.append(Sought(host)),
                lambda host, place: self._outgoing.admits(host, place, time.monotonic()),
            )
            self.max_legs = core.call_limit()
            self._media = MediaQueue()
            self._library.audDevManager().setNullDev()
            self._ticking = True
            self.audio = [LegAudio(self._clock_thread) for _ in range(self.max_legs)]
            """Ports for as many legs as there can be."""
            self._gate = InviteGate(time.monotonic())
            self.in_service = InService(time.monotonic())
            self.door = Door(config)
            self._digest = StrongestDigest()
            self._filters = (
                core.RequestFilter("mod-sansheng-gate", ("INVITE",), self.admits),
                core.RequestFilter("mod-sansheng-service", ("INVITE", "OPTIONS"), self._takes_calls),
            )
            self._bind(config)
            self.door.open()
            self.waking.open(config.port)
            self._library.libStart()
            self._choose_codecs()
            if config.registrar is not None:
                self.befriend(config.registrar)
            self._account = SipAccount(config, generation, self.inbox)
        except pj.Error as error:
            detail = f"{error.title}: {error.reason}"
            self._destroy()
            raise EndpointError(FaultCode.INTERNAL, detail) from None
        except BridgeError as error:
            self._destroy()
            raise EndpointError(FaultCode.INTERNAL, str(error)) from None
        except EndpointError:
            self._destroy()
            raise

    @property
    def account(self) -> SipAccount:
        """The account; lives until close()."""
        assert self._account is not None
        return self._account

    def place(self, leg: str, target: str, to: str, local_uri: str) -> SipCall:
        """Send the INVITE of a new call (see SipCall.dial). Raises CannotCall."""
        if not self.admits():
            raise CannotCall(DialFailure.NO_LINE, "too many calls have begun within a second")
        if core.calls_held() >= self.max_legs:
            raise CannotCall(DialFailure.NO_LINE, "every call slot is in use")
        self.befriend(target)
        call = SipCall(self.account, pj.PJSUA_INVALID_ID, leg, self.inbox, host_of(target))
        try:
            call.dial(target, to, local_uri)
        except pj.Error as error:
            raise CannotCall(DialFailure.UNREACHABLE, str(error.reason)) from None
        return call

    def befriend(self, target: str) -> None:
        """What comes from the host of this address is answered from now on."""
        self._outgoing.choose(target)
        host = host_of(target)
        if host is not None:
            self.door.keeper.befriend(host)

    def end_invite(self, branch: str) -> None:
        """Wait no longer for an answer to an INVITE of ours (see SipCall.branch), if it has none."""
        core.end_invite(branch, pj.PJSIP_SC_REQUEST_TIMEOUT)

    def admits(self) -> bool:
        """Whether one more call may begin now, whoever calls whom; to be asked once for each."""
        return self._gate.admits(time.monotonic())

    def _takes_calls(self) -> bool:
        return self.in_service.takes(time.monotonic())

    def turn(self, milliseconds: int) -> None:
        """Wait so long at most for what wakes us, then serve network and timers; callbacks run in here."""
        self.in_service.turn(time.monotonic())
        self.waking.wait(milliseconds)
        self._media.read()
        self._library.libHandleEvents(0)
        if self._stale is not None:
            self._stale.turn(time.monotonic())

    def start_clock(self) -> None:
        """Let the bridge tick. Without calls it need not: the clock is most of what an idle worker costs."""
        if not self._ticking:
            self._library.audDevManager().setNullDev()
            self._ticking = True

    def stop_clock(self) -> None:
        """Stop the bridge: nothing calls into the ports any more."""
        if self._ticking:
            self._library.audDevManager().setNoDev()
            self._clock_thread.ended()
            self._ticking = False

    def close(self) -> None:
        """Destroy everything; whoever holds calls and ports has dropped them before."""
        if self._account is not None:
            self._account.shutdown()
        self._destroy()

    def _bind(self, config: SipConfig) -> None:
        where = pj.TransportConfig()
        where.port = config.port
        where.boundAddress = "" if config.host == "0.0.0.0" else config.host
        for kind, name in ((pj.PJSIP_TRANSPORT_UDP, "UDP"), (pj.PJSIP_TRANSPORT_TCP, "TCP")):
            try:
                self._library.transportCreate(kind, where)
            except pj.Error as error:
                code, cure = _PORT_FAULTS.get(error.status - _ERRNO_BASE, (FaultCode.INTERNAL, error.reason))
                raise EndpointError(code, f"{name} {config.listen}: {cure}") from None

    def _choose_codecs(self) -> None:
        for codec in self._library.codecEnum2():
            rank = _CODECS.index(codec.codecId) if codec.codecId in _CODECS else None
            self._library.codecSetPriority(codec.codecId, 0 if rank is None else 255 - rank)

    def _destroy(self) -> None:
        self._account = None
        self.waking.close()
        if self._stale is not None:
            self._stale.close()
        gc.collect()
        self._library.libDestroy(self._at_end)


def _settings(config: SipConfig) -> Any:
    settings = pj.EpConfig()
    agent = settings.uaConfig
    agent.threadCnt = 0
    agent.mainThreadOnly = True
    # pjsua answers what is over the limit with 486 by itself.
    agent.maxCalls = config.calls
    agent.userAgent = "Sansheng"
    agent.natTypeInSdp = 0
    log = settings.logConfig
    log.level = log.consoleLevel = _LOG_LEVEL
    log.msgLogging = 0
    log.decor = pj.PJ_LOG_HAS_NEWLINE
    media = settings.medConfig
    media.clockRate = media.sndClockRate = CLOCK_RATE
    media.channelCount = 1
    media.ecTailLen = 0
    media.noVad = True
    return settings
