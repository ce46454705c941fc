"""Who gets an answer, and which. Pure: `now` comes in, in seconds of any clock that goes on.

A host outside `allow` is told nothing, not even that there is a telephone: whoever scans the Internet for one goes
on. Exceptions are those whom the line itself has called or registered with, and what belongs to a call that is up,
which may come from anywhere (RFC 3261 §12.2): a telephone behind an allowed proxy ends its call directly.

A host that `allow` names by itself, a PBX, is never banned: one bad caller behind it would take all others along.
"""

import re
from collections import OrderedDict
from collections.abc import Callable, Collection
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from drivers.line import LineEvent, LineTrouble, LineTroubleOver, TroubleCode
from drivers.sip.bans import Ban, Bans
from drivers.sip.config import SipConfig
from drivers.sip.digest import Digest, Outcome
from drivers.sip.strangers import Strangers
from drivers.sip.token_bucket import TokenBuckets
from drivers.sip.wellformed import expires_too_soon, is_wellformed, not_supported, takes_sdp

REQUESTS: Final = 100.0
"""Requests a second of one host that are looked at, and as many again at once: four calls with their keys and
timers make a tenth of it. Those of calls that are up are counted for themselves."""
OFFERS: Final = 2.0
OTHERS: Final = 15.0
"""INVITEs and UPDATEs a second of one call, and of all else that pjsip keeps for 32 s once it is answered (RFC
3261 timer J; 37 kB of an UPDATE, 14 kB of an INFO): four calls can cost 40 MB, and could 240. More keys than that
nobody presses, and who sends an offer too many repeats it after half a second (timer E)."""
_OFFERS: Final = frozenset({"INVITE", "UPDATE"})
_KEPT_BY_NOBODY: Final = frozenset({"ACK", "BYE", "CANCEL"})
_CALLS: Final = 64
_HOSTS: Final = 1024
_FRIENDS: Final = 256
"""Hosts that the line has called, the last ones: telephones of agents, and of call-backs."""
_OVER_RATE: Final = 0.2
"""Points for a request too many: 100 of them within a minute are a flood."""
_WRONG_PASSWORD: Final = 2.0
"""Points: ten wrong ones within a minute are no forgetful caller."""
_GARBAGE: Final = 1.0
_SCANNER: Final = re.compile(
    rb"^User-Agent[ \t]*:[^\r\n]*"
    rb"(?:friendly-scanner|sipvicious|sip-scan|sundayddr|sipcli|VaxSIPUserAgent|pplsip|iWar)",
    re.IGNORECASE | re.MULTILINE,
)
"""Programs that look for telephones to abuse, by the names they give themselves."""
_CALL_ID: Final = re.compile(rb"^(?:Call-ID|i)[ \t]*:[ \t]*([^\s]{1,256})", re.IGNORECASE | re.MULTILINE)
_KNOWN: Final = frozenset(
    ("INVITE", "ACK", "BYE", "CANCEL", "OPTIONS", "REFER", "SUBSCRIBE", "NOTIFY", "PRACK", "UPDATE", "INFO")
)
_OTHERS: Final = frozenset({"REGISTER", "MESSAGE", "PUBLISH"})


class Reply(Enum):
    """What is done about a request that begins something."""

    GO_ON = auto()
    """It is the softphone's affair."""
    SILENCE = auto()
    BUSY = auto()
    """503"""
    CHALLENGE = auto()
    """401"""
    CHALLENGE_ANEW = auto()
    """401 with stale=true"""
    NOT_HERE = auto()
    """405: nobody registers with a line, or leaves it messages."""
    UNKNOWN = auto()
    """501"""
    BAD = auto()
    """400"""
    NO_SDP = auto()
    """406"""
    NOT_SUPPORTED = auto()
    """420; of an INVITE pjsip says so itself."""
    TOO_SHORT = auto()
    """422"""


@dataclass(frozen=True, slots=True)
class Request:
    """What came, from where: `text` as it came over the wire."""

    host: str
    method: str
    text: bytes


class Doorkeeper:
    """Decides, and tells of those it has shut out."""

    def __init__(self, config: SipConfig, key: bytes, now: float) -> None:
        """`key`: random bytes for nonces."""
        self._config = config
        self._digest = Digest(config.callers, key) if config.callers else None
        self._strangers = Strangers(now)
        self._bans = Bans(config.ban_seconds)
        self._rate = TokenBuckets(REQUESTS, REQUESTS, _HOSTS)
        self._rate_in_calls = TokenBuckets(REQUESTS, REQUESTS, _HOSTS)
        self._answers = TokenBuckets(REQUESTS, REQUESTS, _HOSTS)
        self._offers = TokenBuckets(OFFERS, 5 * OFFERS, _CALLS)
        self._others = TokenBuckets(OTHERS, 2 * OTHERS, _CALLS)
        self._new = TokenBuckets(config.requests_per_second, 2 * config.requests_per_second, _HOSTS)
        self._friends: OrderedDict[str, None] = OrderedDict()
        self._admitted: OrderedDict[str, bool] = OrderedDict()
        self._news: list[LineEvent] = []
        self.calls: Callable[[], Collection[str]] = tuple
        """Tells the Call-IDs of what is up."""

    @property
    def friends(self) -> tuple[str, ...]:
        """Hosts that the line has called."""
        return tuple(self._friends)

    @property
    def banned(self) -> tuple[str, ...]:
        """Hosts that are shut out."""
        return self._bans.hosts

    def befriend(self, host: str) -> None:
        """The line itself turns to this host: its answers and what follows from them are welcome."""
        self._friends[host] = None
        self._friends.move_to_end(host)
        if len(self._friends) > _FRIENDS:
            self._friends.popitem(last=False)

    def lets_in(self, request: Request, now: float) -> bool:
        """Asked about every request, first of all; False: it is dropped without a word."""
        return self._comes_in(request, now) and self._keeps_pace(request, now)

    def hears(self, host: str, now: float) -> bool:
        """Asked about every answer that comes, be there a request of ours for it or not; False: it is dropped."""
        if not self._admits(host) and host not in self._friends:
            return self._strangers.answered(now)  # a registrar, or a telephone past a proxy, may be among them
        return self._answers.take(host, now)

    def _comes_in(self, request: Request, now: float) -> bool:
        host = request.host
        known = self._admits(host)
        if not known and host not in self._friends:
            if self._belongs_to_call(request):
                return self._rate_in_calls.take(host, now)
            self._strangers.came(host, request.method, now)
            return False
        if self._bans.banned(host, now):
            return self._belongs_to_call(request) and self._rate_in_calls.take(host, now)
        if _SCANNER.search(request.text):
            self._strike(host, 1000.0, "it calls itself a scanner", now)
            return False
        if self._rate.take(host, now):
            return True
        if self._belongs_to_call(request):
            return self._rate_in_calls.take(host, now)
        self._strike(host, _OVER_RATE, f"more than {REQUESTS:.0f} requests a second", now)
        return False

    def answer(self, request: Request, now: float) -> Reply:
        """Asked about requests that lets_in() has let in and that belong to no call."""
        host, method = request.host, request.method
        if method == "ACK":
            return Reply.GO_ON
        if not self._admits(host) and host not in self._friends:
            return Reply.SILENCE  # named a call that is up, and has none of its own
        if not self._new.take(host, now):
            self._strike(
                host, _OVER_RATE, f"more than {self._config.requests_per_second:g} new requests a second", now
            )
            return Reply.BUSY if method == "INVITE" else Reply.SILENCE
        if not is_wellformed(request.text, method):
            return Reply.BAD
        if method not in _KNOWN:
            return Reply.NOT_HERE if method in _OTHERS else Reply.UNKNOWN
        if method == "OPTIONS" and not_supported(request.text):
            return Reply.NOT_SUPPORTED
        if method == "INVITE" and not takes_sdp(request.text):
            return Reply.NO_SDP
        if method == "INVITE" and expires_too_soon(request.text):
            return Reply.TOO_SHORT
        if method == "INVITE" and self._digest is not None and self._admits(host):
            return self._examine(self._digest, request, now)
        return Reply.GO_ON

    def challenges(self, reply: Reply, host: str, now: float) -> list[str]:
        """Values of WWW-Authenticate for a CHALLENGE."""
        assert self._digest is not None
        return self._digest.challenges(host, now, stale=reply is Reply.CHALLENGE_ANEW)

    def garbage(self, host: str, now: float) -> None:
        """Something came from there that is no SIP."""
        if self._admits(host):
            self._strike(host, _GARBAGE, "what it sends is no SIP", now)
        elif host not in self._friends:
            self._strangers.came(host, "what is no SIP", now)

    def besieged(self, now: float) -> bool:
        """Whether so much comes from hosts that get no answer that it is better not even read."""
        return self._strangers.pressing(now)

    def news(self, now: float) -> list[LineEvent]:
        """What is to be told since the last time: a trouble for each host, be one of its code known or not."""
        for host in self._bans.expire(now):
            if not self._bans.hosts:
                detail = f"{host} may call again; nobody is shut out"
                self._news.append(LineTroubleOver(TroubleCode.SOURCE_BANNED, detail))
        told, self._news = [*self._news, *self._strangers.news(now)], []
        return told

    def _examine(self, digest: Digest, request: Request, now: float) -> Reply:
        match digest.check(request.text, request.method, request.host, now):
            case Outcome.RIGHT:
                return Reply.GO_ON
            case Outcome.STALE:
                return Reply.CHALLENGE_ANEW
            case Outcome.WRONG:
                self._strike(request.host, _WRONG_PASSWORD, "wrong passwords", now)
        return Reply.SILENCE if self._bans.banned(request.host, now) else Reply.CHALLENGE

    def _strike(self, host: str, points: float, why: str, now: float) -> None:
        if self._config.names(host) or not self._admits(host):
            return
        ban = self._bans.strike(host, points, why, now)
        if ban is not None:
            self._tell(ban)

    def _tell(self, ban: Ban) -> None:
        cure = "if it is yours, name it by itself in allow"
        detail = f"{ban.host} is shut out for {ban.seconds:.0f} s: {ban.why}; {cure}"
        self._news.append(LineTrouble(TroubleCode.SOURCE_BANNED, detail))

    def _admits(self, host: str) -> bool:
        """As SipConfig.admits, which parses each time."""
        admitted = self._admitted.get(host)
        if admitted is None:
            admitted = self._admitted[host] = self._config.admits(host)
            if len(self._admitted) > _HOSTS:
                self._admitted.popitem(last=False)
        return admitted

    def _keeps_pace(self, request: Request, now: float) -> bool:
        if request.method in _KEPT_BY_NOBODY:
            return True
        call = self._call_of(request)
        rates = self._offers if request.method in _OFFERS else self._others
        return call is None or rates.take(call, now)

    def _belongs_to_call(self, request: Request) -> bool:
        return self._call_of(request) is not None

    def _call_of(self, request: Request) -> str | None:
        """The Call-ID, if that call is up."""
        match = _CALL_ID.search(request.text)
        name = None if match is None else match[1].decode("utf-8", "replace")
        return name if name in self.calls() else None
