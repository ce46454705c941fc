"""Where requests come in: pjsip asks here about each, the doorkeeper decides."""

import logging
import os
import time
from typing import Final

from drivers.line import LineEvent
from drivers.sip import core
from drivers.sip.config import SipConfig
from drivers.sip.doorkeeper import Doorkeeper, Reply, Request
from drivers.sip.offer import is_all_ipv6
from drivers.sip.received import NotReadable, message_of, source_of, source_of_packet, text_of
from drivers.sip.shutter import Shutter
from drivers.sip.wellformed import SHORTEST, is_harmless_info, is_wellformed, names_its_audio, not_supported
from drivers.sip.worker_log import classify

_log = logging.getLogger(__name__)

_STATUS: Final = {
    Reply.BUSY: 503,
    Reply.CHALLENGE: 401,
    Reply.CHALLENGE_ANEW: 401,
    Reply.NOT_HERE: 405,
    Reply.UNKNOWN: 501,
    Reply.BAD: 400,
    Reply.NO_SDP: 406,
    Reply.NOT_SUPPORTED: 420,
    Reply.TOO_SHORT: 422,
}
_OFFERS: Final = frozenset({"INVITE", "UPDATE"})
_NOT_ACCEPTABLE: Final = 488
_ALLOW: Final = "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE, PRACK"
_KEY_LENGTH: Final = 32
_NOT_SIP: Final = b"Error processing "
"""How pjsip begins the message in which it prints all of what it could not read: the caller's number too, and as
often as somebody likes."""


class Door:
    """Keep it until the library is destroyed. Owner thread only."""

    def __init__(self, config: SipConfig) -> None:
        """After libInit, before the sockets are bound."""
        self._config = config
        self.keeper = Doorkeeper(config, os.urandom(_KEY_LENGTH), time.monotonic())
        self._shutter: Shutter | None = None
        self._first = core.RequestModule("mod-sansheng-door", core.FIRST, self._is_turned_away)
        self._beside = core.RequestModule("mod-sansheng-desk", core.BESIDE_DIALOGS, self._is_answered)
        self._answers = core.ResponseModule("mod-sansheng-answers", core.FIRST, self._is_unheard)
        self._dropped = core.DropWatch(self._on_dropped)
        self._log = core.LogTap(_write)

    def open(self) -> None:
        """The sockets are bound."""
        self._shutter = Shutter(self._config, self.keeper)

    def turn(self, now: float) -> list[LineEvent]:
        """What is to be told since the last turn."""
        if self._shutter is not None:
            self._shutter.turn(now)
        return self.keeper.news(now)

    def _is_turned_away(self, rdata: int) -> bool:
        request = _request(rdata)
        if request is None or not self.keeper.lets_in(request, time.monotonic()):
            return True
        if request.method == "ACK" and not core.answers_somebody(message_of(rdata)):
            return True  # pjsip takes it for an INVITE that came twice, is to answer it, and aborts
        if request.method == "INFO" and not (
            is_harmless_info(request.text) and is_wellformed(request.text, "INFO")
        ):
            core.respond(rdata, _STATUS[Reply.BAD])
            return True
        if request.method in _OFFERS and _is_out_of_reach(request.text):
            core.respond(rdata, _NOT_ACCEPTABLE)
            return True
        return False

    def _is_unheard(self, rdata: int) -> bool:
        try:
            return not self.keeper.hears(source_of(rdata), time.monotonic())
        except NotReadable:
            return False

    def _is_answered(self, rdata: int) -> bool:
        request, now = _request(rdata), time.monotonic()
        if request is None:
            return True
        reply = self.keeper.answer(request, now)
        if reply in _STATUS:
            core.respond(rdata, _STATUS[reply], self._headers(reply, request, now))
        return reply is not Reply.GO_ON

    def _headers(self, reply: Reply, request: Request, now: float) -> list[tuple[str, str]]:
        match reply:
            case Reply.NOT_HERE:
                return [("Allow", _ALLOW)]
            case Reply.NOT_SUPPORTED:
                return [("Unsupported", not_supported(request.text))]
            case Reply.TOO_SHORT:
                return [("Min-SE", str(SHORTEST))]
            case Reply.CHALLENGE | Reply.CHALLENGE_ANEW:
                values = self.keeper.challenges(reply, request.host, now)
                return [("WWW-Authenticate", value) for value in values]
        return []

    def _on_dropped(self, packet: int) -> None:
        try:
            host = source_of_packet(packet)
        except NotReadable:
            return
        self.keeper.garbage(host, time.monotonic())


def _request(rdata: int) -> Request | None:
    """None: it cannot be told whose it is, so nobody's."""
    try:
        return Request(source_of(rdata), core.method_of(rdata), text_of(rdata))
    except NotReadable:
        _log.error("what pjsip keeps of a request is not where it should be; it is dropped")
        return None


def _is_out_of_reach(request: bytes) -> bool:
    """Whether audio could not be sent where an offer wants it. pjsip would find out when the call is answered,
    after it has rung, and within a call take it for a hold."""
    return names_its_audio(request) or is_all_ipv6(request.decode("utf-8", "replace"))


def _write(text: bytes) -> None:
    if not text.startswith(_NOT_SIP):
        level, line = classify(text.split(b"\n", 1)[0].decode("utf-8", "replace").strip())
        _log.log(level, "pjsip: %s", line)
