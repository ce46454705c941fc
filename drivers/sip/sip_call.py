"""One pjsua2 call: callbacks become signals, orders become pjsua2 calls that do not raise."""

import logging
import re
import time
from typing import Any, Final

import pjsua2 as pj

from drivers.sip import core
from drivers.sip.arrival import Received
from drivers.sip.contained import contained
from drivers.sip.identity import source_host
from drivers.sip.in_call_request import ACCEPTED_INFO, UNSUPPORTED_MEDIA_TYPE, answer_to
from drivers.sip.info_digit import info_digit
from drivers.sip.offer import is_spoken
from drivers.sip.rtp_senders import hear_only, senders
from drivers.sip.signals import CallPhase, Inbox, MediaChanged, PhaseChanged, Pressed, Trying
from drivers.sip.token_bucket import TokenBucket

_log = logging.getLogger(__name__)

_KEYS: Final = frozenset("0123456789*#ABCD")
_PRESSED: Final = 20.0
"""Keys a second that are told, and twice as many at once: a dialler makes 12 (40 ms and a pause of 40, Q.24). Each
is published and kept with the call: a caller must not be able to make thousands."""
_BRANCH: Final = re.compile(r"^Via:[^\r\n]*;branch=([^;\s]+)", re.MULTILINE | re.IGNORECASE)
_PHASES: Final = {
    pj.PJSIP_INV_STATE_CONFIRMED: CallPhase.CONFIRMED,
    pj.PJSIP_INV_STATE_DISCONNECTED: CallPhase.DISCONNECTED,
}


class SipCall(pj.Call):  # type: ignore[misc]
    """Keep it until DISCONNECTED was signalled, drop it on a later turn. Holds nothing that holds it."""

    def __init__(self, account: Any, call_id: int, leg: str, inbox: Inbox, peer: str | None) -> None:
        """`peer`: the host that signals, where its number is known."""
        super().__init__(account, call_id)
        self._peer = peer
        self.sip_id: str | None = None
        """Its Call-ID, once it has a state."""
        self.leg = leg
        self._inbox = inbox
        self._keys = TokenBucket(_PRESSED, 2 * _PRESSED, time.monotonic())
        self._stream: int | None = None
        """Where among the call's media its audio comes in; None while none does: before the first, held, ended."""
        self.branch: str | None = None
        """Of our last INVITE."""

    def dial(self, target: str, to: str, local_uri: str) -> None:
        """Send an INVITE to `target`, for `to`, from `local_uri`. Raises pj.Error: there is no call."""
        order = pj.CallOpParam(True)
        order.txOption.targetUri = target
        order.txOption.localUri = local_uri
        self.makeCall(to, order)

    def abandon(self) -> None:
        """Wait no longer for an answer to our INVITE, if it has none: the call's slot is free then. Idempotent."""
        if self.branch is not None:
            core.end_invite(self.branch, pj.PJSIP_SC_REQUEST_TIMEOUT)

    def reply(self, status: int) -> bool:
        """Send a response to the INVITE; False when the call is already gone."""
        return self._order("answer", status)

    def end(self, status: int) -> bool:
        """BYE, or `status` to an INVITE not yet answered; False when the call is already gone."""
        self._stream = None
        return self._order("hangup", status)

    def audio(self) -> Any | None:
        """The call's port on the conference bridge; None while it has none."""
        try:
            return self.getAudioMedia(-1)
        except pj.Error:
            return None

    def received(self) -> Received | None:
        """What has come in the present stream, by pjmedia's own count; None: not known, there is no stream. Some
        40 µs."""
        # Asked about a call or a stream that it has not, pjsua2 fails an assertion: that ends the process, with
        # every call in it. Each question here is safe once those before it were answered with yes.
        if self._stream is None or not self.isActive() or not self.hasMedia():
            return None
        try:
            statistics = self.getStreamStat(self._stream)  # owns its parts: without a name they would be freed
        except pj.Error:
            return None
        count = statistics.rtcp.rxStat
        return Received(int(count.pkt), int(count.bytes))

    @contained
    def onCallState(self, prm: Any) -> None:
        """pjsua2: the invite session is in another state."""
        info = self.getInfo()
        self.sip_id = str(info.callIdString)
        phase = _PHASES.get(info.state, CallPhase.RINGING)
        if phase is CallPhase.DISCONNECTED:
            self._stream = None
        self._inbox.append(
            PhaseChanged(
                self.leg, phase, int(info.lastStatusCode), str(info.lastReason), received=_received(prm.e)
            )
        )

    @contained
    def onCallMediaState(self, prm: Any) -> None:
        """pjsua2: the audio was made anew. Its direction is our half of the negotiation (RFC 3264 §6.1): a far end
        that offers sendonly, inactive or the address 0.0.0.0 leaves us nothing to send."""
        info = self.getInfo()  # owns its `media`: without a name it would be freed under them
        audio = [media for media in info.media if media.type == pj.PJMEDIA_TYPE_AUDIO]
        self._stream = next((media.index for media in audio if _comes_in(media)), None)
        if self._stream is not None:
            self._take_audio_of_peer(self._stream)
        held = not any(media.dir & pj.PJMEDIA_DIR_ENCODING for media in audio)
        self._inbox.append(MediaChanged(self.leg, held, in_band=self._tells_keys_by_voice()))

    def _tells_keys_by_voice(self) -> bool:
        """Whether the far end has agreed to no telephone events (RFC 4733)."""
        return self._stream is not None and int(self.getStreamInfo(self._stream).audTxEventPt) < 0

    def _take_audio_of_peer(self, stream: int) -> None:
        """Before a packet of it is played: the callback runs in the turn that makes the stream."""
        media = self.getStreamInfo(stream)
        local = str(self.getMedTransportInfo(stream).localRtpName)
        hear_only(senders(source_host(str(media.remoteRtpAddress)), self._peer), int(local.rpartition(":")[2]))

    @contained
    def onDtmfDigit(self, prm: Any) -> None:
        """pjsua2: a key, by RFC 4733 or by INFO with application/dtmf-relay; once a press."""
        self._press(str(prm.digit))

    @contained
    def onCallRxReinvite(self, prm: Any) -> None:
        """pjsua2: a re-INVITE. To an offer that has no codec of ours pjsip itself would answer 500, after which
        some PBXs end the call; by RFC 3261 §14.2 it is 488, and all stays as it was."""
        if not is_spoken(str(prm.offer.wholeSdp)):
            prm.statusCode = pj.PJSIP_SC_NOT_ACCEPTABLE_HERE

    @contained
    def onCallTsxState(self, prm: Any) -> None:
        """pjsua2: a transaction in the call. Requests that pjsua does not know are answered here, in its name."""
        state = prm.e.body.tsxState
        if state.tsx.role != pj.PJSIP_ROLE_UAS:
            self._follow(state)
            return
        if state.type == pj.PJSIP_EVENT_RX_MSG and state.tsx.state == pj.PJSIP_TSX_STATE_TRYING:
            method, message = str(state.tsx.method), str(state.src.rdata.wholeMsg)
            status = answer_to(method, message)
            if status is not None:
                accept = ACCEPTED_INFO if status == UNSUPPORTED_MEDIA_TYPE else None
                core.respond_in_dialog(state.src.rdata, status, accept)
            digit = info_digit(message) if method == "INFO" else None
            if digit is not None:
                self._press(digit)

    def onCallRedirected(self, prm: Any) -> int:
        """pjsua2: 3xx. Not followed: whoever is called must not make the gateway call elsewhere."""
        return int(pj.PJSIP_REDIRECT_REJECT)

    def onCallTransferRequest(self, prm: Any) -> None:
        """pjsua2: REFER. Refused: whoever calls must not make the gateway call elsewhere."""
        prm.statusCode = pj.PJSIP_SC_DECLINE

    def onCallReplaceRequest(self, prm: Any) -> None:
        """pjsua2: INVITE with Replaces. Refused: a stranger must not take over a customer's call."""
        prm.statusCode = pj.PJSIP_SC_DECLINE

    def _follow(self, state: Any) -> None:
        """Note what our INVITE is known by, and its answers."""
        if str(state.tsx.method) != "INVITE":
            return
        if state.tsx.state == pj.PJSIP_TSX_STATE_CALLING:
            branch = _BRANCH.search(str(state.tsx.lastTx.wholeMsg))
            self.branch = None if branch is None else branch[1]
        if state.type == pj.PJSIP_EVENT_RX_MSG:
            self._inbox.append(Trying(self.leg))

    def _press(self, digit: str) -> None:
        if digit.upper() in _KEYS and self._keys.take(time.monotonic()):
            self._inbox.append(Pressed(self.leg, digit.upper()))

    def _order(self, verb: str, status: int) -> bool:
        order = pj.CallOpParam()
        order.statusCode = status
        try:
            getattr(self, verb)(order)
        except pj.Error as error:
            _log.debug("call %s: %s: %s", self.leg, verb, error.reason)
            return False
        return True


def _received(event: Any) -> bool:
    """Whether a message of the far end's has brought the call into its state."""
    return bool(event.type == pj.PJSIP_EVENT_TSX_STATE and event.body.tsxState.type == pj.PJSIP_EVENT_RX_MSG)


def _comes_in(media: Any) -> bool:
    return bool(media.status == pj.PJSUA_CALL_MEDIA_ACTIVE and media.dir & pj.PJMEDIA_DIR_DECODING)
