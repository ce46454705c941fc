"""What a faithful emulator must do, points 8 to 11: the voice streams."""

import re

import numpy as np
import pytest

from drivers.emulator import Caller, Exchange, Faults
from drivers.emulator.codecs import LINEAR_14, MU_LAW, UNSIGNED_8
from drivers.emulator.shielding import shield
from tests.unit.emulator.bench import Bench, audio_of, cleaned, tone

pytestmark = pytest.mark.unit


def stream(personality: str, action: str, coding: str = "131,8000", **more: object) -> Bench:
    caller = more.pop("caller", None) or Caller.silent()
    bench = Bench(personality, **more)  # type: ignore[arg-type]  # whatever Bench takes
    bench.exchange.call(caller)  # type: ignore[arg-type]  # a Caller
    bench.run(1.5)
    bench.answer(f"AT+VSM={coding}")
    assert b"CONNECT" in bench.ask(action, 0.3)
    return bench


def test_11_08_consumes_8000_bytes_a_second_and_holds_the_host_back_at_one_second() -> None:
    bench = stream("usr5637", "AT+VTX", "128,8000")
    bench.core.receive(bytes(8000 * [0x90]))
    assert bench.core.room == 0
    bench.run(0.5)
    assert bench.core.room == 4000
    bench = stream("usr5637", "AT+VTX", "129,8000")
    bench.core.receive(bytes(16000 * [0x07]))
    bench.run(0.5)
    assert bench.core.room == 8000


def test_11_08_underrun_is_told_at_once_after_connect_and_again_when_it_runs_dry() -> None:
    bench = Bench()
    bench.answer()
    assert bench.ask("AT+VTX") == b"\r\nCONNECT\r\n\x10u"
    bench.core.receive(bytes(1600 * [0x80]))
    assert bench.run(0.18) == b""
    assert bench.run(0.1) == b"\x10u"


def test_11_08_etx_drains_then_ok_and_cancel_drops_the_buffer() -> None:
    bench = stream("usr5637", "AT+VTX", "128,8000")
    bench.core.receive(bytes(4000 * [0x90]) + b"\x10\x03")
    assert b"OK" not in bench.run(0.45)
    assert b"OK" in bench.run(0.2)
    bench.ask("AT+VTX", 0.3)
    bench.core.receive(bytes(8000 * [0x90]) + b"\x10\x18\x10\x03")
    assert b"OK" in bench.run(0.15)


@pytest.mark.parametrize(
    ("end", "ends"), [(b"\x10\x03", True), (b"\x10\x10\x03", False), (b"\x10\x10\x10\x03", True)]
)
def test_11_08_the_parity_of_dle_decides(end: bytes, ends: bool) -> None:
    bench = stream("zoom3095", "AT+VTX")
    bench.core.receive(bytes(160 * [0x55]) + end)
    assert (b"OK" in bench.run(1.0)) == ends


def test_11_08_an_unstuffed_dle_in_audio_turns_the_end_into_data() -> None:
    bench = stream("conexant", "AT+VTX")
    bench.core.receive(b"\x55\x10" + b"\x10\x03")
    assert b"OK" not in bench.run(2.0)
    bench.core.receive(b"\x10\x03")
    assert b"OK" in bench.run(1.0)


def test_11_09_produces_8000_bytes_a_second_in_frames_and_stuffs_them() -> None:
    noisy = Caller.noisy("white", -8.0)
    for personality, single in (("conexant", rb"\x10\x1a"), ("usr5637", rb"\x10\x10")):
        bench = stream(personality, "AT+VRX", caller=noisy)
        pieces = [bench.run(0.02) for _ in range(500)]
        samples, codes = audio_of(b"".join(pieces), MU_LAW)
        assert len(samples) == 80000
        assert all(160 <= len(piece) < 200 for piece in pieces)
        assert codes == []
        assert re.search(single, b"".join(pieces))


def test_11_09_keys_come_between_their_marks_and_are_repeated() -> None:
    codes = cleaned(audio_of(stream("v253", "AT+VRX", "4,8000", caller=Caller.pressing("5")).run(40), MU_LAW)[1])
    assert "".join(codes) == "/55~"
    codes = cleaned(audio_of(stream("usr5637", "AT+VRX", caller=Caller.pressing("5")).run(40), MU_LAW)[1])
    assert "".join(codes) == "/5~"


@pytest.mark.parametrize("order", [b"\x10!", b"\x10\x1b"])
def test_11_09_the_end_is_tail_etx_and_ok(order: bytes) -> None:
    bench = stream("v253", "AT+VRX", "4,8000")
    bench.core.receive(order)
    samples, _ = audio_of((heard := bench.run(0.5)).removesuffix(b"\x10\x03\r\nOK\r\n"), MU_LAW)
    assert heard.endswith(b"\x10\x03\r\nOK\r\n")
    assert len(samples) == 160


def test_11_09_or_no_ok() -> None:
    bench = stream("usr5637", "AT+VRX", firmware="manual")
    bench.core.receive(b"\x10!")
    assert bench.run(2.0).endswith(b"\x10\x03")
    bench = stream("conexant", "AT+VRX", faults=Faults(no_ok_after_receive=True))
    bench.core.receive(b"\x10!")
    assert bench.run(2.0).endswith(b"\x10\x03")


@pytest.mark.parametrize("action", ["AT+VRX", "AT+VTR"])
def test_11_10_text_in_a_stream_is_no_command(action: str) -> None:
    bench = stream("conexant", action)
    for line in (b"ATH\r", b"AT+VLS=0\r", b"ATZ\r", b"+++"):
        bench.core.receive(line)
        assert b"OK" not in bench.run(1.0)
    assert bench.exchange.off_hook
    bench.core.drop_dtr()
    assert not bench.exchange.off_hook
    assert not bench.core.in_voice_stream


@pytest.mark.parametrize(
    ("personality", "end", "no_end"), [("conexant", b"^", b"\x03"), ("usr5637", b"\x03", b"^")]
)
def test_11_11_duplex_is_8000_bytes_a_second_each_way_and_has_its_own_end(
    personality: str, end: bytes, no_end: bytes
) -> None:
    bench = stream(personality, "AT+VTR", exchange=Exchange(ring_jitter=0.0))
    call = bench.exchange.calls[0]
    before = len(call.heard)
    received = bench.feed(shield(MU_LAW.encode(tone(seconds=2.0)))) + bench.run(1.0)
    samples, _ = audio_of(received, MU_LAW)
    assert len(samples) == len(call.heard) - before
    assert np.count_nonzero(np.abs(call.heard[before:]) > 100) >= 11900
    bench.core.receive(b"\x10" + no_end)
    assert b"OK" not in bench.run(0.5)
    bench.core.receive(b"\x10" + end)
    assert bench.run(0.5).endswith(b"\x10\x03\r\nOK\r\n")


@pytest.mark.parametrize(
    ("personality", "coding", "codec", "starves"),
    [
        ("conexant", "133,8000", LINEAR_14, True),
        ("conexant", "130,8000", UNSIGNED_8, False),
        ("usr5637", "129,8000", LINEAR_14, False),
    ],
)
def test_11_11_sixteen_bits_both_ways_are_more_than_cx_carries(
    personality: str, coding: str, codec: object, starves: bool
) -> None:
    bench = stream(personality, "AT+VTR", coding)
    bench.feed(shield(codec.encode(tone())))  # type: ignore[attr-defined]  # a Codec
    heard = bench.feed(shield(codec.encode(tone())))  # type: ignore[attr-defined]  # a Codec
    assert (audio_of(heard, LINEAR_14 if "3" in coding[1:] else UNSIGNED_8)[1].count("u") > 5) == starves
