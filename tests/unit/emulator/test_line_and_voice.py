"""Whole calls in virtual time: what the host reads, what the caller hears, what the exchange notes."""

from itertools import pairwise

import numpy as np
import pytest

from drivers.emulator import (
    Caller,
    Clearing,
    Exchange,
    Faults,
    HearPrompts,
    LineEngagedError,
    LineState,
    Press,
    Wait,
)
from drivers.emulator.audio import level_of
from drivers.emulator.codecs import A_LAW, LINEAR_16, MU_LAW, UNSIGNED_8, Codec
from drivers.emulator.shielding import Unshielder, shield
from tests.unit.emulator.bench import Bench

pytestmark = pytest.mark.unit

BOTH = pytest.mark.parametrize("personality", ["conexant", "usr"])


def steady() -> Exchange:
    return Exchange(ring_jitter=0.0)


def tone(level_peak: int = 8000, seconds: float = 1.0) -> np.ndarray:
    at = np.arange(round(8000 * seconds)) / 8000
    return np.round(level_peak * np.sin(2 * np.pi * 1000 * at)).astype(np.int16)


def audio_of(stream: bytes, codec: Codec) -> tuple[np.ndarray, list[str]]:
    """The samples and the event characters in what the host read."""
    samples, codes = bytearray(), []
    for item in Unshielder().feed(stream):
        if isinstance(item, bytes):
            samples += item
        else:
            codes.append(chr(item))
    return codec.decode(bytes(samples[: len(samples) // codec.width * codec.width])), codes


def cleaned(codes: list[str]) -> list[str]:
    """Without what only says that nobody spoke: underrun and the silence timer."""
    return [code for code in codes if code not in "us"]


# Ringing


def test_rings_come_at_the_end_of_each_burst_in_chinese_cadence() -> None:
    bench = Bench(exchange=steady())
    bench.exchange.call(Caller.silent())
    assert bench.run(0.9) == b""
    assert bench.run(0.2) == b"\r\nRING\r\n"
    assert bench.run(4.7) == b""
    assert bench.run(0.3) == b"\r\nRING\r\n"


def test_ring_times_jitter_but_never_by_more_than_said() -> None:
    bench = Bench(exchange=Exchange(ring_jitter=0.1, seed=3))
    bench.exchange.call(Caller.silent())
    times = [bench.exchange.now for _ in range(round(25.5 / 0.02)) if b"RING" in bench.run(0.02)]
    offsets = [at - (5 * number + 1) for number, at in enumerate(times)]
    assert len(times) == 5
    assert all(abs(offset) < 0.13 for offset in offsets)
    assert max(offsets) - min(offsets) > 0.02


@pytest.mark.parametrize(
    ("personality", "lines"),
    [
        ("conexant", b"\r\nDATE = 0317\r\n\r\nTIME = 1656\r\n\r\nNMBR = 13812345678\r\n"),
        ("usr", b"\r\nDATE=0317\r\n\r\nTIME=1656\r\n\r\nNMBR=13812345678\r\n"),
    ],
)
def test_caller_id_after_the_first_ring(personality: str, lines: bytes) -> None:
    bench = Bench(personality, exchange=steady())
    bench.ask("ATE0+VCID=1")
    bench.exchange.call(Caller.silent())
    assert bench.run(3.0) == b"\r\nRING\r\n" + lines
    assert b"NMBR" not in bench.run(5.0)


def test_caller_id_only_when_asked_for_and_when_the_modem_can() -> None:
    for faults, line in ((Faults(), "AT"), (Faults(no_caller_id=True), "AT+VCID=1")):
        bench = Bench(faults=faults, exchange=steady())
        bench.ask(line)
        bench.exchange.call(Caller.silent())
        assert bench.run(3.0) == b"\r\nRING\r\n"


def test_private_and_unavailable_numbers() -> None:
    for presentation, letter in (("private", b"P"), ("unavailable", b"O")):
        bench = Bench("usr", exchange=steady())
        bench.ask("ATE0+VCID=1")
        bench.exchange.call(Caller("anonymous", number=None, presentation=presentation))
        assert b"NMBR=" + letter + b"\r\n" in bench.run(3.0)


def test_raw_caller_id_is_the_standards_message_with_its_checksum() -> None:
    bench = Bench(exchange=steady(), faults=Faults(caller_id_raw=True))
    bench.ask("ATE0+VCID=1")
    bench.exchange.call(Caller.silent(number="2156430144"))
    text = bench.run(3.0).removeprefix(b"\r\nRING\r\n").decode().replace("\r\n", "")
    assert bytes.fromhex(text) == b"\x80\x16\x01\x0803171656\x02\x0a2156430144\xba"  # GB's own example


def test_british_order_is_caller_id_first() -> None:
    bench = Bench(exchange=Exchange(caller_id_delay=None))
    bench.ask("ATE0+VCID=1")
    bench.exchange.call(Caller.silent())
    assert b"NMBR = 13812345678" in bench.run(0.1)


def test_in_class_8_a_ring_is_a_code() -> None:
    bench = Bench(exchange=steady())
    bench.ask("AT+FCLASS=8")
    bench.exchange.call(Caller.silent())
    assert bench.run(2.0) == b"\x10R"


def test_a_ring_in_the_middle_of_an_answer() -> None:
    bench = Bench(exchange=steady(), faults=Faults(ring_in_response=2))
    bench.ask("ATE0")
    bench.exchange.call(Caller.silent())
    bench.run(2.0)
    assert bench.ask("AT+FCLASS=8") == b"\x10R\r\nOK\r\n"
    assert bench.ask("AT+VGT=128") == b"\x10R\r\nOK\r\n"
    assert bench.ask("AT+VGT=128") == b"\r\nOK\r\n"


def test_one_who_rings_off_is_reported_unanswered() -> None:
    bench = Bench(exchange=steady())
    call = bench.exchange.call(Caller.ringing_off(7.5))
    assert bench.run(12.0).count(b"RING") == 2
    assert call.report is not None
    assert (call.report.answered, call.report.rings, call.report.released_by) == (False, 2, "caller")
    assert bench.exchange.state is LineState.IDLE


def test_the_exchange_itself_gives_up_after_a_minute() -> None:
    bench = Bench(exchange=steady())
    call = bench.exchange.call(Caller.silent())
    bench.run(61)
    assert call.report is not None
    assert (call.report.rings, call.report.released_by) == (12, "exchange")


def test_a_second_caller_finds_the_line_engaged() -> None:
    bench = Bench()
    bench.exchange.call(Caller.silent())
    with pytest.raises(LineEngagedError, match="ringing"):
        bench.exchange.call(Caller.silent())


# Answer and release


@BOTH
def test_answer_in_the_gap_is_noted(personality: str) -> None:
    bench = Bench(personality, exchange=steady())
    call = bench.exchange.call(Caller.silent())
    bench.run(6.2)
    bench.answer()
    assert bench.exchange.state is LineState.CONNECTED
    assert b"R" not in bench.run(6.0)
    bench.ask("ATH")
    assert call.report is not None
    assert (call.report.answered, call.report.rings, call.report.released_by) == (True, 2, "modem")
    assert not call.report.answered_in_burst
    assert 6.2 < (call.report.answered_after or 0) < 10


def test_usr_reports_its_own_off_hook() -> None:
    bench = Bench("usr")
    bench.exchange.call(Caller.silent())
    bench.ask("ATE0")
    bench.ask("AT+FCLASS=8")
    assert bench.ask("AT+VLS=1") == b"\x10H\r\nOK\r\n"


@pytest.mark.parametrize("bursts", [1, 3])
def test_a_modem_that_goes_on_ringing_after_its_ok(bursts: int) -> None:
    bench = Bench("usr", exchange=steady(), faults=Faults(keeps_ringing=bursts))
    bench.exchange.call(Caller.silent())
    bench.run(1.5)
    bench.answer()
    assert not bench.exchange.off_hook
    assert bench.run(5.0 * bursts).count(b"\x10R") == bursts
    assert bench.exchange.off_hook


def test_usr_loses_the_call_when_answered_again_after_audio() -> None:
    bench = Bench("usr")
    bench.exchange.call(Caller.silent())
    bench.run(1.5)
    bench.answer()
    bench.ask("AT+VTX")
    bench.core.receive(b"\x10\x03")
    bench.run(0.5)
    assert bench.exchange.off_hook
    bench.ask("AT+VLS=1")
    assert not bench.exchange.off_hook


def test_off_hook_with_nobody_there_is_dial_tone() -> None:
    bench = Bench("usr")
    bench.answer("AT+VSM=129,8000")
    bench.ask("AT+VRX", 0.5)
    samples, _ = audio_of(bench.run(1.0), LINEAR_16)
    spectrum = np.abs(np.fft.rfft(samples[:8000]))
    assert int(np.argmax(spectrum)) == 450
    assert level_of(samples) == pytest.approx(-16.15, abs=0.3)


# Audio


@BOTH
@pytest.mark.parametrize("kind", ["law", "linear"])
def test_the_caller_hears_what_was_played_to_the_sample(personality: str, kind: str) -> None:
    number, codec = {
        ("conexant", "law"): ("131,8000", MU_LAW),
        ("conexant", "linear"): ("1,8000,0,0", UNSIGNED_8),
        ("usr", "law"): ("130,8000", A_LAW),
        ("usr", "linear"): ("129,8000", LINEAR_16),
    }[personality, kind]
    bench = Bench(personality)
    call = bench.exchange.call(Caller.silent())
    bench.run(1.5)
    bench.answer(f"AT+VSM={number}")
    played = np.random.default_rng(1).integers(-32768, 32767, 8000).astype(np.int16)
    bench.ask("AT+VTX", 0.3)
    stream = codec.encode(played)
    assert b"\x10" in stream
    bench.feed(shield(stream) + b"\x10\x03")
    assert bench.run(1.5).endswith(b"\r\nOK\r\n")
    heard = call.heard
    start = int(np.argmax(heard != 0)) - int(np.argmax(codec.decode(stream) != 0))
    assert np.array_equal(heard[start : start + len(played)], codec.decode(stream))


def test_underrun_is_reported_once_until_fed_again() -> None:
    bench = Bench("usr")
    bench.answer("AT+VSM=128,8000")
    assert bench.ask("AT+VTX") == b"\r\nCONNECT\r\n\x10u"
    assert bench.feed(bytes(320 * [0x80])) == b""
    assert bench.run(1.0) == b"\x10u"


def test_the_buffer_holds_a_second_and_cancel_empties_it() -> None:
    bench = Bench("usr")
    bench.answer("AT+VSM=128,8000")
    bench.ask("AT+VTX")
    assert bench.core.room == 8000
    bench.core.receive(bytes(8000 * [0x90]))
    assert bench.core.room == 0
    bench.core.receive(b"\x10\x18\x10\x03")
    assert b"OK" in bench.run(0.2)


def test_an_unstuffed_end_is_data_and_the_modem_plays_on() -> None:
    bench = Bench("usr")
    bench.answer("AT+VSM=128,8000")
    bench.ask("AT+VTX")
    bench.core.receive(b"\x10\x10\x03")
    assert b"OK" not in bench.run(2.0)
    bench.core.receive(b"\x10\x10\x10\x03")
    assert b"OK" in bench.run(2.0)


def test_text_is_no_command_while_receiving() -> None:
    bench = Bench()
    bench.answer("AT+VSM=130,8000")
    bench.ask("AT+VRX")
    assert b"OK" not in bench.ask("ATH")
    assert bench.exchange.off_hook


def test_end_of_receiving_gives_tail_etx_and_ok() -> None:
    bench = Bench()
    bench.exchange.call(Caller.silent())
    bench.answer("AT+VSM=131,8000")
    bench.ask("AT+VRX")
    bench.core.receive(b"\x10!")
    assert bench.run(0.5).endswith(b"\x10\x03\r\nOK\r\n")
    bench.faults.no_ok_after_receive = True
    bench.ask("AT+VRX")
    bench.core.receive(b"\x10!")
    assert bench.run(0.5).endswith(b"\x10\x03")


def test_conexant_does_not_stop_receiving_for_cancel() -> None:
    bench = Bench()
    bench.answer("AT+VSM=130,8000")
    bench.ask("AT+VRX")
    bench.core.receive(b"\x10\x18")
    assert b"OK" not in bench.run(0.5)


@pytest.mark.parametrize(("personality", "end", "other"), [("conexant", b"^", b"\x03"), ("usr", b"\x03", b"^")])
def test_duplex_ends_in_the_familys_own_way(personality: str, end: bytes, other: bytes) -> None:
    bench = Bench(personality)
    bench.answer("AT+VSM=131,8000")
    assert b"CONNECT" in bench.ask("AT+VTR")
    bench.core.receive(b"\x10" + other)
    assert b"OK" not in bench.run(0.5)
    bench.core.receive(b"\x10" + end)
    assert bench.run(0.5).endswith(b"\x10\x03\r\nOK\r\n")


def test_no_duplex() -> None:
    bench = Bench(faults=Faults(no_duplex=True))
    bench.answer()
    assert bench.ask("AT+VTR") == b"\r\nERROR\r\n"
    assert bench.ask("AT+VRX").startswith(b"\r\nCONNECT\r\n")


def test_duplex_hears_its_own_echo_14_db_down_and_8000_samples_a_second() -> None:
    bench = Bench("usr")
    bench.exchange.call(Caller.silent())
    bench.answer("AT+VSM=131,8000")
    bench.ask("AT+VTR", 0.5)
    played = tone(16000, 2.0)
    received = bench.feed(shield(MU_LAW.encode(played)))
    received += bench.run(3.0 - len(audio_of(received, MU_LAW)[0]) / 8000)
    samples, codes = audio_of(received, MU_LAW)
    assert len(samples) == 24000
    middle = samples[2000:12000]
    assert level_of(middle) - level_of(played) == pytest.approx(-14.0, abs=0.3)
    assert codes == ["u"]


def test_conexant_starves_over_its_duplex_budget() -> None:
    bench = Bench()
    bench.answer("AT+VSM=133,8000")
    bench.ask("AT+VTR", 0.1)
    _, codes = audio_of(bench.feed(shield(LINEAR_16.encode(tone()))) + bench.run(1.0), LINEAR_16)
    assert codes.count("u") > 10


def test_tones_go_out_on_the_line_and_the_ok_comes_after_them() -> None:
    bench = Bench()
    call = bench.exchange.call(Caller.silent())
    bench.run(1.5)
    bench.answer()
    assert bench.ask("AT+VTS=[933,933,120]", 1.1) == b""
    assert b"OK" in bench.run(0.3)
    assert 9500 < np.count_nonzero(call.heard) < 9700
    assert bench.ask("AT+VTS={5,20},#", 1.5) == b"\r\nOK\r\n"
    assert bench.exchange.digits == "5#"


def test_usr_tone_quirks() -> None:
    bench = Bench("usr")
    bench.answer()
    assert bench.ask("AT+VTS=[933,0,120]") == b"\r\nERROR\r\n"
    assert bench.ask("AT+VTS=[100,933,120]") == b"\r\nERROR\r\n"
    assert bench.ask("AT+VTS=9", 5.0) == b""
    assert bench.ask("AT+VTS={9,20}") == b"\r\nOK\r\n"


# Callers


def talk(bench: Bench, caller: Caller, prompts: int = 1) -> tuple[np.ndarray, list[str]]:
    """Answer in duplex and play so many one-second prompts, two seconds apart; then 40 s of listening."""
    bench.exchange.call(caller)
    bench.run(1.5)
    bench.answer("AT+VSM=131,8000")
    bench.ask("AT+VTR", 0.3)
    received = b""
    for _ in range(prompts):
        received += bench.feed(shield(MU_LAW.encode(tone())))
        received += bench.run(4.0)
    return audio_of(received + bench.run(40.0), MU_LAW)


def test_a_talker_hears_the_greeting_out_then_speaks_then_hears_two_prompts_and_goes() -> None:
    bench = Bench("usr")
    samples, _ = talk(bench, Caller.talking("您好,我家的燃气灶打不着火。"), prompts=3)
    call = bench.exchange.calls[0]
    assert call.hung_up_at is not None
    frames = samples[: len(samples) // 160 * 160].reshape(-1, 160)
    voiced = [frame for frame in frames[100:200] if level_of(frame) > -40]
    assert len(voiced) > 40
    assert level_of(np.concatenate(voiced)) == pytest.approx(-22, abs=3)
    assert bench.exchange.state is LineState.CLEARING


def test_one_who_never_hangs_up_stays() -> None:
    bench = Bench("usr")
    talk(bench, Caller.talking("您好").never_hanging_up(), prompts=3)
    assert bench.exchange.state is LineState.CONNECTED


@pytest.mark.parametrize(
    ("caller", "low", "high"),
    [
        (Caller.silent(), -120, -60),
        (Caller.noisy("white", -30), -31, -29),
        (Caller.noisy("hum", -25), -26, -24),
        (Caller.noisy("street", -30), -31, -29),
        (Caller.noisy("crackle", -30), -31, -29),
    ],
)
def test_silence_and_noise_have_their_levels(caller: Caller, low: float, high: float) -> None:
    samples, _ = talk(Bench("usr"), caller)
    assert low <= level_of(samples[80000:160000]) <= high


def test_a_faint_voice_is_between_silence_and_38_below() -> None:
    samples, _ = talk(Bench("usr"), Caller.faint("您好,我想问一下燃气费"))
    frames = samples[80000:240000].reshape(-1, 160)
    active = [frame for frame in frames if level_of(frame) > -52]
    assert -50 < level_of(np.concatenate(active)) < -38


def test_keys_are_sound_and_codes() -> None:
    _, codes = talk(Bench("usr"), Caller.pressing("80#"))
    assert cleaned(codes) == ["/", "8", "~", "/", "0", "~", "/", "#", "~"]
    _, codes = talk(Bench("conexant"), Caller.pressing("8"))
    assert cleaned(codes) == ["/", "8", "8", "~"]
    _, codes = talk(Bench("usr", faults=Faults(no_digit_codes=True)), Caller.pressing("8"))
    assert cleaned(codes) == []


def test_any_script() -> None:
    bench = Bench("usr")
    _, codes = talk(bench, Caller.following(HearPrompts(1), Press("1"), Wait(2), Press("2")).hanging_up_after(9))
    assert [code for code in codes if code.isdigit()] == ["1", "2"]
    call = bench.exchange.calls[0]
    assert call.hung_up_at is not None
    assert call.answered_at is not None
    assert call.hung_up_at - call.answered_at == pytest.approx(9, abs=0.05)


# Clearing


def cleared(clearing: Clearing, personality: str = "conexant") -> tuple[np.ndarray, list[str]]:
    """12 s of line after the caller has gone."""
    bench = Bench(personality, exchange=Exchange(clearing=clearing, ring_jitter=0.0))
    bench.exchange.call(Caller.silent().hanging_up_after(3.0))
    bench.run(1.5)
    bench.answer("AT+VSM=131,8000")
    bench.ask("AT+VRX", 0.3)
    while bench.exchange.state is not LineState.CLEARING:
        bench.run(0.02)
    return audio_of(bench.run(12.0), MU_LAW)


def cadence(samples: np.ndarray) -> list[float]:
    """Lengths in seconds of the stretches of sound and quiet, sound first; the first and last are cut off."""
    loud = [level_of(frame) > -40 for frame in samples.reshape(-1, 40)]
    edges = [0, *(at for at in range(1, len(loud)) if loud[at] != loud[at - 1]), len(loud)]
    lengths = [(b - a) * 40 / 8000 for a, b in pairwise(edges)]
    return lengths[0 if loud[0] else 1 : -1]


@pytest.mark.parametrize(("sound", "length"), [("busy", 0.35), ("congestion", 0.7)])
def test_the_tone_after_a_hang_up_has_frequency_level_and_cadence(sound: str, length: float) -> None:
    samples, codes = cleared(Clearing(sound))
    assert all(stretch == pytest.approx(length, abs=0.011) for stretch in cadence(samples))
    assert len(cadence(samples)) > 10
    on = samples[2400 : 2400 + 2400]
    assert int(np.argmax(np.abs(np.fft.rfft(on)))) * 8000 / 2400 == pytest.approx(450, abs=4)
    assert level_of(on) == pytest.approx(-16.15, abs=0.4)
    assert codes == []


def test_dial_tone_is_unbroken_in_phase() -> None:
    samples, _ = cleared(Clearing("dial"))
    steady_part = samples[4000:92000].astype(float)
    spectrum = np.abs(np.fft.rfft(steady_part * np.hanning(len(steady_part))))
    peak = int(np.argmax(spectrum))
    assert peak * 8000 / len(steady_part) == pytest.approx(450, abs=0.1)
    beside = np.delete(spectrum, range(peak - 5, peak + 6))
    assert 20 * np.log10(beside.max() / spectrum[peak]) < -40


def test_silence_after_a_hang_up_is_only_line_noise() -> None:
    samples, codes = cleared(Clearing("silence"))
    assert level_of(samples) < -60
    assert codes == []


def test_a_tone_may_stop() -> None:
    samples, _ = cleared(Clearing("busy", lasts=3.0))
    assert level_of(samples[: 3 * 8000]) > -22
    assert level_of(samples[4 * 8000 :]) < -60


def test_codes_of_a_hang_up_as_far_as_the_family_knows_them() -> None:
    clearing = Clearing("silence", loop_drop=True, code="b", code_after=2.0)
    assert cleared(clearing)[1] == ["l", "b", "b", "b"]
    assert cleaned(cleared(clearing, "usr")[1]) == ["b", "b", "b"]


def test_the_report_tells_how_long_the_line_was_held_after_the_hang_up() -> None:
    bench = Bench("usr")
    call = bench.exchange.call(Caller.silent().hanging_up_after(2))
    bench.run(1.5)
    bench.answer()
    bench.run(7.0)
    bench.ask("ATH")
    assert call.report is not None
    assert call.report.released_by == "caller"
    assert call.report.held_after_hang_up == pytest.approx(6.0, abs=1.0)
    assert call.report.talk_time == pytest.approx(2.0, abs=0.05)


def test_false_codes_while_playing() -> None:
    bench = Bench("usr", faults=Faults(false_codes_while_playing=True))
    bench.answer("AT+VSM=128,8000")
    bench.ask("AT+VTX", 0.3)
    codes = audio_of(bench.feed(shield(bytes(80000 * [0x80]))), UNSIGNED_8)[1]
    assert len([code for code in codes if code in "db10i"]) >= 6


def test_stuck_after_voice_is_freed_by_dtr_alone() -> None:
    bench = Bench(faults=Faults(stuck_after_voice=True))
    bench.answer("AT+VSM=130,8000")
    bench.ask("AT+VRX")
    bench.core.receive(b"\x10!\x10^\x10\x03")
    assert b"OK" not in bench.ask("ATZ")
    bench.core.drop_dtr()
    assert bench.exchange.off_hook is False
    bench.taken()
    assert bench.ask("AT") == b"\r\nOK\r\n"


def test_usr_says_s_when_told_to_watch_for_silence() -> None:
    bench = Bench("usr")
    bench.exchange.call(Caller.silent())
    bench.answer("AT+VSM=131,8000", "AT+VSD=128,30")
    bench.ask("AT+VRX", 0.3)
    assert audio_of(bench.run(4.0), MU_LAW)[1] == ["s"]
