"""Passwords of callers: SIP digest as a server asks for it (RFC 3261 §22, RFC 7616, RFC 8760). Pure.

What is never taken: Basic, a digest without qop (it could be replayed for as long as the nonce lives), an
algorithm other than the one that this caller's secret is kept for. The nonce tells by itself whether it is ours,
whose and how old; what was answered with it is counted, so that no answer counts twice.
"""

import hashlib
import hmac
import re
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Final

ALGORITHMS: Final = {"SHA-256": hashlib.sha256, "MD5": hashlib.md5}
"""In order of preference (RFC 8760 §2.4)."""
NONCE_LIFE: Final = 300.0
"""Seconds a nonce is taken: a telephone may use it for its next call too; then it is told to take the next one."""
_KEPT: Final = 4096
"""Nonces whose counts are known; what is older than the first that was forgotten is not taken any more."""
_HEADER: Final = re.compile(
    rb"^Authorization[ \t]*:[ \t]*Digest[ \t]+([^\r\n]{1,2048})", re.IGNORECASE | re.MULTILINE
)
_PARAMETER: Final = re.compile(
    r'(?<![a-z])([a-z]++)[ \t]*+=[ \t]*+(?:"((?:[^"\\]|\\.){0,512})"|([^\s,"]{1,256}))', re.IGNORECASE
)
_COUNT: Final = re.compile(r"[0-9a-f]{8}", re.IGNORECASE)
_MOST_ANSWERS: Final = 4
"""Authorization headers that are looked at: one for each realm on the way."""


@dataclass(frozen=True, slots=True)
class CallerSecret:
    """Somebody who may call: `ha1` is the hash of `user:realm:password` in hexadecimal."""

    user: str
    realm: str
    algorithm: str
    ha1: str = field(repr=False)


class Outcome(Enum):
    """What an INVITE has shown."""

    RIGHT = auto()
    ABSENT = auto()
    """No answer to a challenge of ours."""
    STALE = auto()
    """A right answer to a nonce that is too old, or was answered so already: to be asked anew."""
    WRONG = auto()


class Digest:
    """Challenges, and answers to them. Times are seconds since any beginning that stays."""

    def __init__(self, callers: tuple[CallerSecret, ...], key: bytes) -> None:
        """`key`: random bytes known to this process alone. All callers have one realm."""
        self._key = key
        self._secrets = {(caller.user, caller.algorithm): caller.ha1 for caller in callers}
        self._realm = callers[0].realm if callers else ""
        used = {caller.algorithm for caller in callers}
        self._algorithms = tuple(name for name in ALGORITHMS if name in used)
        self._counts: OrderedDict[str, int] = OrderedDict()
        self._not_before = 0
        self._asked = 0

    def challenges(self, source: str, now: float, *, stale: bool = False) -> list[str]:
        """Values of WWW-Authenticate, the best algorithm first."""
        self._asked += 1
        nonce = self._nonce(source, int(now), self._asked)
        again = ", stale=true" if stale else ""
        return [
            f'Digest realm="{self._realm}", nonce="{nonce}", qop="auth", algorithm={name}{again}'
            for name in self._algorithms
        ]

    def check(self, request: bytes, method: str, source: str, now: float) -> Outcome:
        """What the request's Authorization headers are worth, from the address `source`."""
        outcome = Outcome.ABSENT
        for answer in _answers(request):
            if answer.get("realm") == self._realm:
                outcome = self._judge(answer, method, source, now)
                if outcome is not Outcome.WRONG:
                    break
        return outcome

    def _judge(self, answer: dict[str, str], method: str, source: str, now: float) -> Outcome:
        name = answer.get("algorithm", "MD5").upper()
        nonce, count = answer.get("nonce", ""), answer.get("nc", "")
        if name not in self._algorithms or answer.get("qop") != "auth" or not _COUNT.fullmatch(count):
            return Outcome.WRONG
        if not (nonce and answer.get("cnonce") and answer.get("uri")):
            return Outcome.WRONG
        if not self._is_right(answer, name, method):
            return Outcome.WRONG
        made = self._made(nonce, source)
        if made is None or not 0 <= now - made <= NONCE_LIFE or made <= self._not_before:
            return Outcome.STALE
        return Outcome.RIGHT if self._is_new(nonce, int(count, 16)) else Outcome.STALE

    def _is_right(self, answer: dict[str, str], name: str, method: str) -> bool:
        """Takes as long for a caller whom nobody knows as for one with another password."""
        ha1 = self._secrets.get((answer.get("username", ""), name), "")

        def digest(text: str) -> str:
            return ALGORITHMS[name](text.encode("utf-8", "surrogateescape")).hexdigest()

        ha2 = digest(f"{method}:{answer['uri']}")
        due = digest(":".join((ha1, answer["nonce"], answer["nc"], answer["cnonce"], "auth", ha2)))
        same = hmac.compare_digest(due.encode(), answer.get("response", "").lower().encode("utf-8", "replace"))
        return same and bool(ha1)

    def _is_new(self, nonce: str, count: int) -> bool:
        if count <= self._counts.get(nonce, 0):
            return False
        self._counts[nonce] = count
        self._counts.move_to_end(nonce)
        if len(self._counts) > _KEPT:
            self._not_before = max(self._not_before, int(self._counts.popitem(last=False)[0][:8], 16))
        return True

    def _nonce(self, source: str, second: int, number: int) -> str:
        """Another for each challenge: two calls that a PBX makes within a second count their answers apart."""
        stamp = f"{second & 0xFFFFFFFF:08x}{number & 0xFFFFFFFF:08x}"
        return stamp + hmac.new(self._key, f"{stamp} {source}".encode(), hashlib.sha256).hexdigest()[:24]

    def _made(self, nonce: str, source: str) -> int | None:
        """When we made this nonce for this address; None: we did not."""
        if not re.fullmatch(r"[0-9a-f]{40}", nonce):
            return None
        second, number = int(nonce[:8], 16), int(nonce[8:16], 16)
        return second if hmac.compare_digest(nonce, self._nonce(source, second, number)) else None


def _answers(request: bytes) -> Iterator[dict[str, str]]:
    head = re.sub(rb"\r?\n[ \t]+", b" ", re.split(rb"\r?\n\r?\n", request, maxsplit=1)[0])
    for number, match in enumerate(_HEADER.finditer(head)):
        if number >= _MOST_ANSWERS:
            return
        text = match[1].decode("utf-8", "surrogateescape")
        answer: dict[str, str] = {}
        for name, quoted, bare in _PARAMETER.findall(text):
            answer.setdefault(name.lower(), re.sub(r"\\(.)", r"\1", quoted) or bare)
        yield answer
