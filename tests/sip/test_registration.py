"""REGISTER with digest: in service, refused, not answered, restored, unregistered."""

from collections.abc import AsyncIterator

import pytest

from drivers.line import FaultCode, LegFailed, LegReleased, LineFault, LineRestored
from tests.sip.conftest import OpenLine, free_port
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
