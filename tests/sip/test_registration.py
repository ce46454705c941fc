"""REGISTER with digest: in service, refused, not answered, restored, unregistered."""

import re
from collections.abc import AsyncIterator

import pytest

from drivers.line import FaultCode, LegFailed, LegReleased, LineFault, LineRestored
from tests.sip.conftest import OpenLine, free_port
from tests.sip.peer.digest import response
from tests.sip.peer.registrar import Registrar

pytestmark = pytest.mark.sip


@pytest.fixture
async def registrar() -> AsyncIterator[Registrar]:
    registrar = await Registrar.open("8801", "correct horse")
    yield registrar
    registrar.close()


async def test_registers_with_digest_and_unregisters_at_close(open_line: OpenLine, registrar: Registrar):
    bench = await open_line(registrar=registrar.uri, username="8801", password="correct horse")
    assert bench.reports.events == [LineRestored()]
    (contact,) = registrar.contacts
    assert bench.config.listen in contact
    await bench.answered_call()
    await bench.line.close()
    assert registrar.contacts == []


async def test_wrong_password_is_a_fault_until_it_is_right(open_line: OpenLine, registrar: Registrar):
    registrar.password = "another"
    bench = await open_line(registrar=registrar.uri, username="8801", password="correct horse")
    (fault,) = bench.reports.events
    assert fault.code is FaultCode.REGISTRATION_FAILED
    assert "403" in fault.detail
    assert "correct horse" not in fault.detail
    registrar.password = "correct horse"
    await bench.reports.wait(LineRestored)
    assert len(bench.reports.of(LineFault)) == 1


async def test_a_registration_lost_in_mid_call_is_a_fault_that_costs_no_call(
    open_line: OpenLine, registrar: Registrar
):
    registrar.expires = 7
    bench = await open_line(registrar=registrar.uri, username="8801", password="correct horse")
    registrar.password = "another"
    caller, leg = await bench.answered_call()
    fault = await bench.reports.wait(LineFault)
    assert fault.code is FaultCode.REGISTRATION_FAILED
    registrar.password = "correct horse"
    await bench.reports.wait(LineRestored, count=2)
    assert not bench.reports.of(LegFailed)
    caller.bye()
    assert (await bench.reports.wait(LegReleased)).leg == leg


async def test_silent_registrar_is_a_fault_until_it_answers(open_line: OpenLine):
    port = free_port()
    bench = await open_line(registrar=f"sip:127.0.0.1:{port}", username="8801", password="x")
    (fault,) = bench.reports.events
    assert fault.code is FaultCode.REGISTRATION_FAILED
    registrar = await Registrar.open("8801", "x", port)
    try:
        await bench.reports.wait(LineRestored, seconds=60)
        await bench.line.close()
    finally:
        registrar.close()


@pytest.mark.parametrize("first", ["SHA-256", "MD5"])
async def test_the_stronger_of_two_digests_is_shown_and_not_endlessly(
    open_line: OpenLine, registrar: Registrar, first: str
):
    """In whatever order they are asked for. One that asks for ever is not answered for ever."""
    second = "MD5" if first == "SHA-256" else "SHA-256"
    asked = [f'Digest realm="hotline", nonce="5f6a", qop="auth", algorithm={name}' for name in (first, second)]
    registrar.challenges, registrar.asks_always = asked, True
    bench = await open_line(registrar=registrar.uri, username="8801", password="correct horse")
    (fault,) = bench.reports.of(LineFault)
    assert fault.code is FaultCode.REGISTRATION_FAILED
    shown = [request.headers.get("authorization", "") for request in registrar.requests]
    assert shown[0] == ""
    assert 2 <= len(shown) <= 4
    for answer in shown[1:]:
        given = dict(re.findall(r'(\w+)="?([^",\s]+)"?', answer))
        assert given["algorithm"] == "SHA-256"
        asked_for = {name: given[name] for name in ("realm", "nonce", "uri", "cnonce", "algorithm")}
        due = response(
            user="8801", password="correct horse", method="REGISTER", nc=int(given["nc"], 16), **asked_for
        )
        assert given["response"] == due


async def test_basic_is_never_shown(open_line: OpenLine, registrar: Registrar):
    registrar.challenges = ['Basic realm="hotline"']
    bench = await open_line(registrar=registrar.uri, username="8801", password="correct horse")
    (fault,) = bench.reports.of(LineFault)
    assert fault.code is FaultCode.REGISTRATION_FAILED
    assert not [request for request in registrar.requests if "authorization" in request.headers]
