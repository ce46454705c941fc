"""Answers requests: every id once, as fast as people ask; what is more is a flood, and costs nothing."""

import hashlib
import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from gateway.feed.requests.authority import SIGN, TIME, Authority, Unauthorised
from gateway.feed.requests.commands import Command, CommandError, Malformed, id_of, name_of, request_of
from gateway.feed.requests.rates import Bucket
from gateway.feed.requests.remembered import Remembered, RequestId, refusal

log = logging.getLogger(__name__)

BURST, PER_SECOND = 300, 20.0
"""Requests that are done at once, and in the long run: 200 agents who log in at eight sharp, and a script. Bounds
what is remembered, too: 12 300 requests, some 5 MB."""
REFUSED_BURST, REFUSED_PER_SECOND = 50, 5.0
"""Refusals that are answered. Whoever sends more wrong requests does not read the answers."""
TOLD_BURST, TOLD_PER_SECOND = 20, 0.1
"""Refusals that the log is told: 2 MB a day at most."""
TOLD = 200
"""Characters of a refusal that the log is told."""


class TooMany(CommandError):
    """More requests than are done; nobody's fault but the flood's."""


class Answering:
    """Answers what comes in on the topic `command`, one request after the other: an answer is awaited before the
    next request.

    A request is done once: where its `id` comes again with the same fields, its first answer is given again; with
    others, it is refused.
    """

    def __init__(
        self,
        commands: Mapping[str, Command],
        now: Callable[[], float],
        *,
        authority: Authority | None = None,
    ) -> None:
        """`now` in seconds since the epoch."""
        self._commands = dict(commands)
        self._now = now
        self._authority = authority or Authority()
        self._remembered = Remembered()
        self._done_rate = Bucket(BURST, PER_SECOND)
        self._refused_rate = Bucket(REFUSED_BURST, REFUSED_PER_SECOND)
        self._told_rate = Bucket(TOLD_BURST, TOLD_PER_SECOND)
        self._untold = 0
        self.dropped = 0
        """Requests of a flood that got no answer."""

    def obey(self, commands: Mapping[str, Command]) -> None:
        """Do these too, by name."""
        self._commands |= commands

    async def answer(self, payload: bytes) -> Mapping[str, Any] | None:
        """Do the request in `payload` and give its answer: `{"id", "ok", …}`, with `error` where `ok` is False.

        `id` is the request's own, None where it has none that could be read. None: it is of a flood, and dropped.
        """
        try:
            request = request_of(payload)
            request_id = id_of(request)
        except Malformed as error:
            return self._refused(error.request_id, error)
        try:
            return await self._answer(request, request_id)
        except CommandError as error:
            return self._refused(request_id, error)

    def too_many(self, payload: bytes) -> Mapping[str, Any] | None:
        """The answer to a request that finds too many others waiting; None: it is of a flood, and dropped."""
        try:
            request_id: RequestId | None = id_of(request_of(payload))
        except Malformed as error:
            request_id = error.request_id
        return self._refused(request_id, TooMany("too many requests wait; ask again in some seconds"))

    def _refused(self, request_id: RequestId | None, error: CommandError) -> Mapping[str, Any] | None:
        now = self._now()
        self._tell(request_id, error, now)
        if not self._refused_rate.take(now):
            self.dropped += 1
            return None
        return refusal(request_id, str(error))

    async def _answer(self, request: Mapping[str, Any], request_id: RequestId) -> Mapping[str, Any]:
        now = self._now()
        self._authority.check(request, now)  # before all else: who may not ask learns nothing
        digest = _digest(request)
        self._remembered.forget(now)
        before = self._remembered.get(request_id)
        if before is not None:
            return self._again(request_id, before, digest, now)
        name = name_of(request, self._commands)
        if not self._done_rate.take(now):
            raise TooMany(f"more than {PER_SECOND:.0f} requests a second; ask again in a second")
        self._remembered.begin(request_id, digest, now)
        answer = await self._done(request, request_id, name)
        self._remembered.end(request_id, answer)
        return answer

    def _again(
        self, request_id: RequestId, before: tuple[bytes, Mapping[str, Any]], digest: bytes, now: float
    ) -> Mapping[str, Any]:
        first, answer = before
        if first != digest:
            raise CommandError(f"id: {request_id!r} was another request's; give each its own")
        if not self._done_rate.take(now):
            raise TooMany(f"more than {PER_SECOND:.0f} requests a second; ask again in a second")
        return answer

    async def _done(self, request: Mapping[str, Any], request_id: RequestId, name: str) -> Mapping[str, Any]:
        try:
            done = self._commands[name](request)
            if isinstance(done, Awaitable):
                done = await done
            return {"id": request_id, "ok": True, "do": name, **(done or {})}
        except CommandError as error:
            self._tell(request_id, error, self._now())
            return refusal(request_id, str(error))
        except Exception:  # a fault of ours must neither leave him without an answer nor cut the connection
            log.exception("feed: %s failed", name)
            return refusal(request_id, f"{name} failed; the gateway's log has the details")

    def _tell(self, request_id: RequestId | None, error: CommandError, now: float) -> None:
        """Log a refusal, unless a flood of them would fill the disk: then their number, with the next."""
        if not self._told_rate.take(now):
            self._untold += 1
            return
        more, self._untold = (f" ({self._untold} more were refused)" if self._untold else ""), 0
        what = "unauthorised request" if isinstance(error, Unauthorised) else "request"
        reason = " ".join(str(error).split())[:TOLD]
        log.warning("feed: %s %.40r refused: %s%s", what, request_id, reason, more)


def _digest(request: Mapping[str, Any]) -> bytes:
    """What a request asks, apart from when it was signed."""
    asked = {name: value for name, value in request.items() if name not in (SIGN, TIME)}
    return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).digest()
