"""A caller who names ever new places, over TCP, for what the line sends him."""

import asyncio
import contextlib
import re

import pytest

from drivers.sip.outgoing import MOST
from tests.fire.conftest import Opens
from tests.sip.peer.caller import Caller, SipText, TcpCaller, parse

pytestmark = pytest.mark.sip

PLACES = 24
_COPIED = re.compile(r"(Via|From|To|Call-ID|CSeq):", re.IGNORECASE)


async def place(stack: contextlib.AsyncExitStack, sdp: str) -> int:
    """A port at which each request is answered by 200, and nothing is ever closed."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(4000):
            request = parse(data)
            if request.status is None and not request.start.startswith("ACK"):
                copied = [line for line in request.raw.split("\r\n") if _COPIED.match(line)]
                kind = ("Content-Type: application/sdp", f"Content-Length: {len(sdp)}")
                writer.write("\r\n".join(("SIP/2.0 200 OK", *copied, *kind, "", sdp)).encode())
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    await stack.enter_async_context(server)
    return int(server.sockets[0].getsockname()[1])


class Mover(Caller):
    """Moves to a new Contact with each re-INVITE, leaves the offer to the line, and answers with two codecs: the
    line has to settle on one by a request of its own."""

    def move(self, port: int) -> None:
        self._branch = self._new_branch()
        self._cseq += 1
        text = self._request("INVITE", self._branch, self._cseq)
        contact = f"Contact: <sip:x@127.0.0.1:{port};transport=tcp>\r\n"
        self._send(re.sub(r"Contact:.*\r\n", contact, text))

    def _confirm(self, answer: SipText) -> None:
        if answer.status != 200 or self._cseq == 1:
            super()._confirm(answer)
            return
        codecs = self.sdp().replace(" RTP/AVP 8 ", " RTP/AVP 8 0 ")
        self._send(self._request("ACK", self._new_branch(), self._cseq, codecs, "application/sdp"))


async def test_ever_new_contacts_take_no_sockets_from_the_pbx(under_fire: Opens):
    fire = await under_fire()
    before = fire.descriptors()
    most = 0
    async with contextlib.AsyncExitStack() as stack:
        for number in range(PLACES):
            if number % 8 == 0:  # another call, where the line has given one up
                mover, _ = await fire.bench.answered_call(kind=Mover)
            mover.move(await place(stack, mover.sdp()))
            await fire.settle()
            await fire.settle()
            most = max(most, fire.descriptors() - before)
            if number % 8 == 7:
                mover.bye()
                await mover.response("BYE", 200)
        pbx = await fire.bench.caller(TcpCaller)
        pbx.request("OPTIONS")
        await pbx.response("OPTIONS", 200, seconds=30)
        pbx.close()
        assert 0 < most <= MOST + 4
    assert fire.bench.line.worker_pid == fire.pid
