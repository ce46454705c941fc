"""The contract of every Line, kept by a Conexant modem, full duplex."""

import pytest

from drivers.line import (
    CallOffered,
    Dial,
    DialFailed,
    DialFailure,
    LegReleased,
    LineFault,
    LineTrouble,
    LineTroubleOver,
    TroubleCode,
)
from tests.contract.rigs import FxoRig, Reports, Rig
from tests.contract.suite import LineContract

pytestmark = pytest.mark.pty


class TestConexantLine(LineContract):
    rig = "conexant"

    async def test_no_dial_tone_is_told_until_the_line_rings(self, bench: tuple[Rig, Reports]) -> None:
        under_test, reports = bench
        assert isinstance(under_test, FxoRig)
        under_test.loses_dial_tone()
        under_test.line.execute(Dial("out-1", "13812345678"))
        await reports.wait(LegReleased)
        failed, _ = await reports.wait(DialFailed), await under_test.customer_calls()
        await reports.wait(CallOffered)
        assert isinstance(failed, DialFailed)
        assert failed.why is DialFailure.NO_LINE
        kinds = (LineTrouble, LineTroubleOver, LineFault)
        told = [(type(event), event.code) for event in reports.events if isinstance(event, kinds)]
        assert told == [(LineTrouble, TroubleCode.NO_DIAL_TONE), (LineTroubleOver, TroubleCode.NO_DIAL_TONE)]
