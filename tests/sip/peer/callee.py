"""The peer's SIP end as the called telephone: every answer is the test's own, line by line."""

import hashlib
import re

from tests.sip.peer.caller import Caller, SipText

REASONS = {100: "Trying", 180: "Ringing", 183: "Session Progress", 200: "OK", 487: "Request Terminated"}


class Callee(Caller):
    """A UDP user agent that is called; one call at a time. Answers CANCEL with 200 and 487, unless it is told
    not to; an INVITE not at all."""

    obeys_cancel = True

    @property
    def uri(self) -> str:
        return f"sip:{self.user}@{self.address}:{self.port}"

    @property
    def invitation(self) -> SipText:
        """The last INVITE."""
        return [m for m in self.messages if m.status is None and m.method == "INVITE"][-1]

    async def invited(self, count: int = 1) -> SipText:
        """The `count`th INVITE that is not one sent again."""
        seen: dict[str, SipText] = {}

        def is_new(message: SipText) -> bool:
            if message.status is not None or message.method != "INVITE":
                return False
            return seen.setdefault(message.headers["call-id"] + message.headers["cseq"], message) is message

        invite = await self._find(is_new, 15, count)
        self.call_id = invite.headers["call-id"]
        self.to_tag = re.search(r";tag=([^;>\s]+)", invite.headers["from"]).group(1)
        self._aim(invite.body)
        self.rtp.event_type = int(re.search(r"a=rtpmap:(\d+) telephone-event/8000", invite.body).group(1))
        return invite

    def reply(
        self,
        status: int,
        *,
        sdp: str | bool = False,
        headers: str = "",
        tag: str | None = None,
        request: SipText | None = None,
    ) -> None:
        """A response, to the INVITE if nothing else is named; `sdp` True: our own."""
        request = self.invitation if request is None else request
        kept = r"(Via|Record-Route|From|Call-ID|CSeq):"
        lines = [line for line in request.raw.split("\r\n\r\n")[0].split("\r\n") if re.match(kept, line, re.I)]
        to = request.headers["to"]
        if status > 100 and ";tag=" not in to:
            to += f";tag={tag or self.tag}"
        body = self.sdp() if sdp is True else sdp or ""
        kind = "Content-Type: application/sdp\r\n" if body else ""
        self._send(
            "\r\n".join((f"SIP/2.0 {status} {REASONS.get(status, 'Whatever')}", *lines, f"To: {to}", ""))
            + f"Contact: <{self.uri}>\r\n{headers}{kind}Content-Length: {len(body)}\r\n\r\n{body}"
        )

    async def answer(self) -> None:
        """Pick up: 180, then 200, which is confirmed."""
        await self.invited()
        self.reply(180)
        self.reply(200, sdp=True)
        await self.incoming("ACK")

    def _respond(self, request: SipText) -> None:
        if request.method == "INVITE" and ";tag=" not in request.headers["to"]:
            return
        super()._respond(request)
        if request.method == "CANCEL" and self.obeys_cancel:
            self.reply(487)


def digest(request: SipText, username: str, password: str, realm: str, nonce: str) -> bool:
    """Whether the request proves that its sender knows the password (RFC 2617 without qop)."""
    given = request.headers.get("authorization") or request.headers.get("proxy-authorization") or ""
    field = dict(re.findall(r'(\w+)="?([^",]+)"?', given))

    def md5(*parts: str) -> str:
        return hashlib.md5(":".join(parts).encode()).hexdigest()

    expected = md5(md5(username, realm, password), nonce, md5(request.method, field.get("uri", "")))
    return field.get("response") == expected
