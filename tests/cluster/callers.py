"""Callers from the trunk's side: they keep to the route of their call, and remember what became of it."""

import asyncio
import re
import time
from typing import Self

from tests.sip.peer.caller import Caller, SipText

ANSWER = 2.0
"""Seconds within which a call must be answered, whatever happens to a gateway."""

RATE = 30.0
"""Calls a second at most: deploy/kamailio turns away more than 50 from one address."""


class RoutedCaller(Caller):
    """A Caller behind a proxy: requests in the call go to the far end's contact by way of Record-Route (RFC 3261
    §12.2.1.1)."""

    _contact = ""
    _route = ""

    def _request(
        self, method: str, branch: str, cseq: int, body: str = "", content_type: str = "", headers: str = ""
    ) -> str:
        request = super()._request(method, branch, cseq, body, content_type, headers)
        if not self.to_tag:
            return request
        first, _, rest = request.partition("\r\n")
        return first.replace(self.target, self._contact) + "\r\n" + self._route + rest

    def _confirm(self, answer: SipText) -> None:
        if (
            answer.status == 200
            and not self.to_tag
            and (contact := re.search(r"<([^>]+)>", answer.headers["contact"]))
        ):
            self._contact = contact[1]
            passed = re.findall(r"^Record-Route: *(.*?)\r?$", answer.raw, re.MULTILINE | re.IGNORECASE)
            self._route = "".join(f"Route: {hop}\r\n" for hop in reversed(passed))
        super()._confirm(answer)

    def begin(self) -> None:
        """Call."""
        self.began = time.monotonic()
        self.invite()

    async def answered(self, seconds: float = 10.0) -> Self:
        """The call is answered."""
        answer = await self.final("INVITE", seconds)
        assert answer.status == 200, f"{self.user}: {answer.start}"
        self.waited = answer.at - self.began
        return self

    @property
    def gateway(self) -> str:
        """The address of the gateway that has the call."""
        found = re.search(r"@([0-9.]+)", self._contact)
        assert found is not None, f"{self.user} was not answered"
        return found[1]

    @property
    def line(self) -> str:
        """Address and port of the line that has the call."""
        found = re.search(r"@([0-9.]+:[0-9]+)", self._contact)
        assert found is not None, f"{self.user} was not answered"
        return found[1]

    def heard_until(self) -> float:
        """Seconds since the last packet of audio came."""
        return time.monotonic() - self.rtp.packets[-1].at if self.rtp.packets else float("inf")

    async def hang_up(self, seconds: float = 10.0) -> int:
        """BYE; its answer's status."""
        self.bye()
        return (await self.final("BYE", seconds)).status or 0


class Trunk:
    """Callers with numbers of their own, from one address."""

    def __init__(self, proxy: str, address: str, *, prefix: str = "138") -> None:
        self._proxy = proxy
        self._prefix = prefix
        self._address = address
        self.callers: list[RoutedCaller] = []

    async def call(self) -> RoutedCaller:
        """A caller whose INVITE is under way."""
        number = f"{self._prefix}{len(self.callers):08d}"
        caller = await RoutedCaller.open(f"sip:8801@{self._proxy}", user=number, address=self._address)
        self.callers.append(caller)
        caller.begin()
        return caller

    async def answered_calls(self, count: int, *, at_once: int = 10) -> list[RoutedCaller]:
        """So many calls that are up, `at_once` of them begun together."""
        up: list[RoutedCaller] = []
        while len(up) < count:
            calls = [await self.call() for _ in range(min(at_once, count - len(up)))]
            up += await asyncio.gather(*(caller.answered() for caller in calls))
            await asyncio.sleep(len(calls) / RATE)
        return up

    def close(self) -> None:
        for caller in self.callers:
            caller.close()
