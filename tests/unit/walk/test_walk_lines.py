"""The kind of line decides when a call is answered, and when the customer's hanging up is known."""

import pytest

from gateway.call.facts import CallAnswered, CallerIdentified, CustomerHeld, Rang
from gateway.walk import LineKind, Signalling, Walk
from tests.unit.walk.walks import DIALPLANS, happened, walked

pytestmark = pytest.mark.unit

FXO, SIP = Signalling.fxo(), Signalling.sip()


def at(call: Walk, kind: type) -> list[float]:
    return [round(seconds, 2) for seconds, _ in happened(call, kind)]


def test_a_sip_line_is_answered_with_the_second_ring_a_period_after_the_offer() -> None:
    call = walked("jihua-gas", signalling=SIP)
    assert (at(call, Rang), at(call, CallerIdentified), at(call, CallAnswered)) == ([0.0, 5.0], [0.0], [5.02])
    assert (call.record.driver, call.record.rings) == ("sip", 2)
    assert at(walked("jihua-gas", signalling=Signalling.sip(0.5)), CallAnswered) == [0.52]


def test_an_analogue_line_is_answered_after_the_second_ring() -> None:
    call = walked("jihua-gas", signalling=FXO)
    assert (at(call, Rang), at(call, CallerIdentified), at(call, CallAnswered)) == ([1.0, 6.0], [2.0], [6.1])
    assert (call.record.driver, call.record.rings) == ("fxo", 2)
    # The caller ID is waited for where the first ring is answered.
    assert at(walked("runfa-water", signalling=FXO), CallAnswered) == [2.1]


def test_an_analogue_customer_who_hangs_up_is_known_by_the_busy_tone() -> None:
    call = walked("jihua-gas", signalling=FXO)
    assert (call.record.released_by, call.record.cause) == ("customer", "busy_tone")
    sip = walked("jihua-gas", signalling=SIP)
    assert call.moments[-1].seconds - call.ended()[-1][0] == pytest.approx(2.0 + 3.2)
    assert sip.moments[-1].seconds - sip.ended()[-1][0] == pytest.approx(2.0)


def test_wd2_an_analogue_line_is_released_before_the_busy_tone_is_known() -> None:
    record = walked("runfa-water", signalling=FXO).record
    assert (record.released_by, record.cause) == ("standard", "WD-2")


def test_an_analogue_line_tells_of_no_hold() -> None:
    assert not happened(walked("jihua-gas", LineKind.ON_HOLD, signalling=FXO), CustomerHeld)
    assert happened(walked("jihua-gas", LineKind.ON_HOLD, signalling=SIP), CustomerHeld)


@pytest.mark.parametrize("line", LineKind)
@pytest.mark.parametrize("name", DIALPLANS)
def test_every_dialplan_keeps_its_clauses_on_an_analogue_line(name: str, line: LineKind) -> None:
    call = walked(name, line, signalling=FXO)
    assert call.record.released_by is not None
    assert call.broken == ()
