"""The softphone's account: who may call, and the registration."""

import itertools
import logging
import re
from typing import Any, Final

import pjsua2 as pj

from drivers.sip.config import RTP_PORTS, SipConfig
from drivers.sip.contained import contained
from drivers.sip.identity import source_host
from drivers.sip.signals import Inbox, Offered, OptionsAnswered, Refused, Registration
from drivers.sip.sip_call import SipCall

_log = logging.getLogger(__name__)

_EXPIRES: Final = 300
"""Seconds a registration is asked to last: a PBX that restarted learns of us again within 5 minutes."""
_FINAL: Final = 200
_UNREGISTER_WAIT: Final = 1000
"""Milliseconds pjsua may wait for the answer to its last un-REGISTER."""
_PROBE: Final = "X-Sansheng-Probe"
"""The header by which the answer to an OPTIONS is known for its own: pjsua2 takes no token of ours with it."""
_NUMBER: Final = re.compile(rf"^{_PROBE}: ([0-9]+)\r?$", re.MULTILINE)


class SipAccount(pj.Account):  # type: ignore[misc]
    """Answers INVITEs with 180 or 403; signals both."""

    def __init__(self, config: SipConfig, generation: int, inbox: Inbox) -> None:
        super().__init__()
        self._config = config
        self._inbox = inbox
        self._names = (f"{generation}.{number}" for number in itertools.count(1))
        self.unanswered: set[int] = set()
        """Numbers of the questions that pjsip still waits with: up to 32 s (RFC 3261 timer F)."""
        self.create(_settings(config), True)

    def register(self) -> None:
        """Send REGISTER now; the answer is signalled."""
        self._renew(True)

    def unregister(self) -> None:
        """Send the un-REGISTER now."""
        self._renew(False)

    def ask(self, number: int, target: str) -> None:
        """Send OPTIONS to `target`; its answer is signalled, with `number`, once or more."""
        question = pj.SendRequestParam()
        question.method = "OPTIONS"
        question.txOption.targetUri = target
        header = pj.SipHeader()
        header.hName, header.hValue = _PROBE, str(number)
        question.txOption.headers.append(header)
        try:
            self.unanswered.add(number)
            self.sendRequest(question)
        except pj.Error as error:
            self.unanswered.discard(number)
            self._inbox.append(OptionsAnswered(number, 0, str(error.reason)))

    @contained
    def onSendRequest(self, prm: Any) -> None:
        """pjsua2: a request of ask() is answered, or has failed."""
        state = prm.e.body.tsxState
        number = _NUMBER.search(str(state.tsx.lastTx.wholeMsg))
        if number is not None:
            if int(state.tsx.statusCode) >= _FINAL:
                self.unanswered.discard(int(number[1]))
            status = int(state.tsx.statusCode) if state.type == pj.PJSIP_EVENT_RX_MSG else 0
            self._inbox.append(OptionsAnswered(int(number[1]), status, str(state.tsx.statusText)))

    @contained
    def onIncomingCall(self, prm: Any) -> None:
        """pjsua2: an INVITE with audio that we can speak, and a free call slot."""
        host = source_host(prm.rdata.srcAddress)
        call = SipCall(self, prm.callId, next(self._names), self._inbox, host)
        if self._config.admits(host):
            self._inbox.append(Offered(call, prm.rdata.wholeMsg))
            call.reply(pj.PJSIP_SC_RINGING)
        else:
            self._inbox.append(Refused(call))
            call.end(pj.PJSIP_SC_FORBIDDEN)

    @contained
    def onRegState(self, prm: Any) -> None:
        """pjsua2: the registrar answered, or did not."""
        code = int(prm.code) if prm.status == pj.PJ_SUCCESS else 0
        source = source_host(str(prm.rdata.srcAddress))
        self._inbox.append(Registration(code, str(prm.reason), active=prm.expiration > 0, source=source))

    def onIncomingSubscribe(self, prm: Any) -> None:
        """pjsua2: SUBSCRIBE. Refused: the line has no presence to tell."""
        prm.code = pj.PJSIP_SC_FORBIDDEN

    def _renew(self, wanted: bool) -> None:
        try:
            self.setRegistration(wanted)
        except pj.Error as error:
            _log.debug("registration: %s", error.reason)
            if wanted:
                self._inbox.append(Registration(0, error.reason, active=False))


def _settings(config: SipConfig) -> Any:
    settings = pj.AccountConfig()
    settings.idUri = config.aor
    settings.callConfig.timerUse = pj.PJSUA_SIP_TIMER_OPTIONAL
    media = settings.mediaConfig
    media.transportConfig.port = config.rtp_port
    media.transportConfig.portRange = RTP_PORTS
    media.transportConfig.boundAddress = "" if config.host == "0.0.0.0" else config.host
    if config.registrar is not None:
        registration = settings.regConfig
        registration.registrarUri = config.registrar
        registration.timeoutSec = _EXPIRES
        # pjsua itself does not retry what a person must cure (401, 403, 404); we retry everything alike.
        registration.retryIntervalSec = 0
        registration.dropCallsOnFail = False
        registration.unregWaitMsec = _UNREGISTER_WAIT
    if config.username is not None:
        credentials = pj.AuthCredInfo("digest", "*", config.username, 0, config.password or "")
        settings.sipConfig.authCreds.append(credentials)
    return settings
