"""Answers requests: every one, and once where it matters."""

import hashlib
import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from gateway.feed.authority import SIGN, TIME, Authority
from gateway.feed.commands import Command, CommandError, id_of, name_of, request_of

log = logging.getLogger(__name__)

REMEMBERED = 600.0
"""Seconds in which a request that comes again gets its first answer: a client that lost its connection sends again
within seconds. More than twice the time in which a signature holds, so that nothing signed is ever done twice."""
MOST = 1000
"""Requests that are remembered; people do not ask for so much in REMEMBERED, and what exceeds it is refused."""
TOLD = 200
"""Characters of a refusal that the log is told."""


@dataclass(frozen=True, slots=True)
class _Answered:
    """A request that was done: what it asked, and how it was answered."""

    at: float
    digest: bytes
    answer: dict[str, Any]


class Answering:
    """Answers what comes in on the topic `command`, one request after the other: an answer is awaited before the
    next request.

    A request for the desk, and any that is signed, is done once: where its `id` comes again with the same fields,
    its first answer is given again; with others, it is refused.
    """

    def __init__(
        self,
        commands: Mapping[str, Command],
        now: Callable[[], float],
        *,
        authority: Authority | None = None,
    ) -> None:
        """`now` in seconds since the epoch."""
        self._guarded: frozenset[str] = frozenset()
        self._commands = dict(commands)
        self._now = now
        self._authority = authority or Authority()
        self._answered: dict[str, _Answered] = {}

    def guard(self, commands: Mapping[str, Command]) -> None:
        """The commands for the desk: done for who may ask for them alone, and once."""
        self._guarded |= commands.keys()
        self._commands |= commands

    async def answer(self, payload: bytes) -> dict[str, Any]:
        """Do the request in `payload` and give its answer: `{"id", "ok", …}`, with `error` where `ok` is False.

        `id` is the request's own, None where it has none that could be read.
        """
        request_id: str | int | None = None
        try:
            request = request_of(payload)
            request_id = id_of(request)
            return await self._answer(request, request_id)
        except CommandError as error:
            return _refused(request_id, error)

    async def _answer(self, request: Mapping[str, Any], request_id: str | int) -> dict[str, Any]:
        name = name_of(request, self._commands)
        guarded = name in self._guarded
        now = self._now()
        self._authority.check(request, now, guarded=guarded)
        if not guarded and self._authority.key is None:
            return await self._done(request, request_id, name)
        self._forget(now)
        digest = _digest(request)
        before = self._answered.get(str(request_id))
        if before is not None and before.digest != digest:
            raise CommandError(f"id: {request_id!r} was another request's; give each its own")
        if before is not None:
            return before.answer
        if len(self._answered) >= MOST:
            raise CommandError(f"{MOST} requests came within {REMEMBERED:.0f} s; ask again later")
        # Known before it is done: where the connection is lost meanwhile, it must not be done a second time.
        self._answered[str(request_id)] = _Answered(now, digest, _cut_short(request_id))
        answer = await self._done_or_refused(request, request_id, name)
        self._answered[str(request_id)] = _Answered(now, digest, answer)
        return answer

    async def _done_or_refused(
        self, request: Mapping[str, Any], request_id: str | int, name: str
    ) -> dict[str, Any]:
        try:
            return await self._done(request, request_id, name)
        except CommandError as error:
            return _refused(request_id, error)

    async def _done(self, request: Mapping[str, Any], request_id: str | int, name: str) -> dict[str, Any]:
        try:
            done = self._commands[name](request)
            if isinstance(done, Awaitable):
                done = await done
            return {"id": request_id, "ok": True, "do": name, **(done or {})}
        except CommandError:
            raise
        except Exception:  # a fault of ours must neither leave him without an answer nor cut the connection
            log.exception("feed: %s failed", name)
            raise CommandError(f"{name} failed; the gateway's log has the details") from None

    def _forget(self, now: float) -> None:
        """Let go of what is older than REMEMBERED; the oldest come first."""
        while self._answered and now - next(iter(self._answered.values())).at > REMEMBERED:
            del self._answered[next(iter(self._answered))]


def _refused(request_id: str | int | None, error: CommandError) -> dict[str, Any]:
    reason = " ".join(str(error).split())
    log.warning("feed: request %.40r refused: %s", request_id, reason[:TOLD])
    return {"id": request_id, "ok": False, "error": str(error)}


def _cut_short(request_id: str | int) -> dict[str, Any]:
    error = "the broker was lost while this was being done; look whether it was, and ask anew with another id"
    return {"id": request_id, "ok": False, "error": error}


def _digest(request: Mapping[str, Any]) -> bytes:
    """What a request asks, apart from when it was signed."""
    asked = {name: value for name, value in request.items() if name not in (SIGN, TIME)}
    return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).digest()
