"""Requests that were done, and their answers: for who asks again with the same id. Bounded; pure."""

import json
from collections import OrderedDict, deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

REMEMBERED = 600.0
"""Seconds in which a request that comes again gets its first answer: a client that lost its connection sends again
within seconds. More than twice the time in which a signature holds, so that nothing signed is ever done twice."""
MOST_BYTES = 4_000_000
"""Bytes of answers that are kept. One has some 100; a list of 200 tickets 30 000."""

RequestId = str | int

_CUT_SHORT = "the broker was lost while this was being done; look whether it was, and ask anew with another id"
_NOT_KEPT = "this was answered before, and the answer is not kept any more; ask anew with another id"


@dataclass(slots=True)
class _Done:
    at: float
    digest: bytes
    answer: Mapping[str, Any]
    size: int = 0


class Remembered:
    """What was asked lately, by id. How many, is bounded by how fast requests are taken.

    7 and "7" are one id: they are signed alike, and what was done as the one must not be done again as the other.
    """

    def __init__(self) -> None:
        self._done: OrderedDict[str, _Done] = OrderedDict()
        self._whole: deque[str] = deque()
        """Ids whose answers are kept whole, the oldest first; some may be forgotten already."""
        self._bytes = 0

    def __len__(self) -> int:
        return len(self._done)

    def get(self, request_id: RequestId) -> tuple[bytes, Mapping[str, Any]] | None:
        """Digest and answer of the request with this id, if there was one."""
        done = self._done.get(str(request_id))
        return None if done is None else (done.digest, done.answer)

    def begin(self, request_id: RequestId, digest: bytes, now: float) -> None:
        """This is about to be done; where the broker is lost meanwhile, it must not be done a second time."""
        self._done[str(request_id)] = _Done(now, digest, refusal(request_id, _CUT_SHORT))

    def end(self, request_id: RequestId, answer: Mapping[str, Any]) -> None:
        """It was done, or refused, with this answer."""
        done = self._done[str(request_id)]
        done.answer, done.size = answer, len(json.dumps(answer))
        self._bytes += done.size
        self._whole.append(str(request_id))
        while self._bytes > MOST_BYTES:
            self._let_go_of_an_answer()

    def forget(self, now: float) -> None:
        """Let go of what is older than REMEMBERED; the oldest come first."""
        while self._done:
            request_id, oldest = next(iter(self._done.items()))
            if now - oldest.at <= REMEMBERED:
                return
            self._bytes -= oldest.size
            del self._done[str(request_id)]
            if self._whole and self._whole[0] == request_id:
                self._whole.popleft()

    def _let_go_of_an_answer(self) -> None:
        request_id = self._whole.popleft()
        done = self._done.get(str(request_id))
        if done is None:
            return
        self._bytes -= done.size
        done.answer, done.size = refusal(request_id, _NOT_KEPT), 0


def refusal(request_id: RequestId | None, error: str) -> dict[str, Any]:
    """The answer to a request that is not done."""
    return {"id": request_id, "ok": False, "error": error}
