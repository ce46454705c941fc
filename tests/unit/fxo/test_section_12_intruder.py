"""v253 §12.16, 12.18: bytes in command state that nobody asked for: another program's, or none's."""

import logging
import tracemalloc

import numpy as np
import pytest

from drivers.fxo.at import Result
from drivers.fxo.intruder import Intruder
from drivers.fxo.modem import Modem
from tests.unit.fxo.timed_wire import ERROR, OK, Wire, told

pytestmark = pytest.mark.unit

# -- 12.16: another program at the port ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    [
        b"AT+GCAP\r\r\n+GCAP: +CGSM\r\n" + OK,
        b"AT+CGMI\r" + ERROR,
        b"ATE0 V1 X4\r" + OK,
        b"\x7e\x00\x78\xf0\x7e\r\n" + ERROR,
    ],
)
def test_12_16_another_opener_is_told_once_and_desynchronises_nothing(
    typed: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    async def story(modem: Modem, wire: Wire) -> None:
        reply = await modem.command("AT+FCLASS?")
        assert (reply.result, reply.lines) == (Result.OK, ("8",)), "ours came second"
        modem.bytes_received(typed)
        reply = await modem.command("AT+FCLASS?")
        assert (reply.result, reply.lines) == (Result.OK, ("0",))

    with caplog.at_level(logging.WARNING):
        told(
            {b"AT+FCLASS?\r": [[(0.05, typed), (0.2, b"\r\n8\r\n" + OK)], [(0.05, b"\r\n0\r\n" + OK)]]},
            story,
        )
    warnings = [record.getMessage() for record in caplog.records if "another program" in record.getMessage()]
    assert len(warnings) == 1
    assert all(word in warnings[0] for word in ("/dev/ttyACM0", "ModemManager", "udev rule"))


def test_12_16_what_a_mobile_modem_would_be_asked_was_not_asked_by_us() -> None:
    """With the echo off only the answers are seen."""
    intruder = Intruder()
    assert intruder.shows("+CGMI: CONEXANT", [], asked=False)
    assert intruder.seen
    assert not Intruder().shows("+GCAP: +FCLASS", ["AT+GCAP"], asked=True)
    for own in ("AT+FCLASS=8", "at+fclass=8", "TA+FCLASS=8", "AT", "ATTEMPT é"):
        assert not Intruder().shows(own, ["AT+FCLASS=8"], asked=True), own


# -- 12.18: bounds ------------------------------------------------------------------------------------------------


def test_12_18_a_megabyte_of_garbage_in_command_state_neither_grows_nor_blocks() -> None:
    noise = np.random.default_rng(5).bytes(1_000_000)

    async def story(modem: Modem, _wire: Wire) -> None:
        modem.bytes_received(noise[:65536])  # whatever is allocated once
        tracemalloc.start()
        before, _ = tracemalloc.get_traced_memory()
        for at in range(0, len(noise), 65536):
            modem.bytes_received(noise[at : at + 65536])
        modem.bytes_received(b"x" * 1_000_000)
        grown = tracemalloc.get_traced_memory()[0] - before
        tracemalloc.stop()
        assert grown < 100_000
        assert (await modem.command("AT")).ok

    told({b"AT\r": [[(0.05, b"\r\n" + OK)]]}, story)


def test_12_18_a_complex_event_that_never_ends_swallows_no_result() -> None:
    async def story(modem: Modem, _wire: Wire) -> None:
        modem.bytes_received(b"\x10X12")
        assert (await modem.command("AT")).ok

    told({b"AT\r": [[(0.05, OK)]]}, story)
