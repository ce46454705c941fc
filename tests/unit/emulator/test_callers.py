"""Callers: what they say and when, as the host reads it."""

import numpy as np
import pytest

from drivers.emulator import Caller, Faults, HearPrompts, LineState, Press, Sound, Wait
from drivers.emulator.audio import level_of
from drivers.emulator.codecs import MU_LAW
from drivers.emulator.shielding import shield
from tests.unit.emulator.bench import Bench, audio_of, cleaned, tone

pytestmark = pytest.mark.unit


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
    bench = Bench("usr5637")
    samples, _ = talk(bench, Caller.talking("您好,我家的燃气灶打不着火。"), prompts=3)
    call = bench.exchange.calls[0]
    assert call.hung_up_at is not None
    frames = samples[: len(samples) // 160 * 160].reshape(-1, 160)
    voiced = [frame for frame in frames[100:200] if level_of(frame) > -40]
    assert len(voiced) > 40
    assert level_of(np.concatenate(voiced)) == pytest.approx(-22, abs=3)
    assert bench.exchange.state is LineState.CLEARING


def test_one_who_never_hangs_up_stays() -> None:
    bench = Bench("usr5637")
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
    samples, _ = talk(Bench("usr5637"), caller)
    assert low <= level_of(samples[80000:160000]) <= high


def test_a_faint_voice_is_between_silence_and_38_below() -> None:
    samples, _ = talk(Bench("usr5637"), Caller.faint("您好,我想问一下燃气费"))
    frames = samples[80000:240000].reshape(-1, 160)
    active = [frame for frame in frames if level_of(frame) > -52]
    assert -50 < level_of(np.concatenate(active)) < -38


def test_keys_are_sound_and_codes() -> None:
    _, codes = talk(Bench("usr5637"), Caller.pressing("80#"))
    assert cleaned(codes) == ["/", "8", "~", "/", "0", "~", "/", "#", "~"]
    _, codes = talk(Bench("conexant"), Caller.pressing("8"))
    assert cleaned(codes) == ["/", "8", "8", "~"]
    _, codes = talk(Bench("usr5637", faults=Faults(no_digit_codes=True)), Caller.pressing("8"))
    assert cleaned(codes) == []


def test_a_script_may_decide_as_the_call_goes_on_and_send_any_sound() -> None:
    bench, asked = Bench("usr5637"), []

    def script():
        while True:
            asked.append(bench.exchange.now)
            yield Sound(np.full(800, 5000.0)) if len(asked) == 3 else Wait(1.0)

    samples, _ = talk(bench, Caller("live", script()), prompts=0)
    assert np.diff(asked[:5]) == pytest.approx([1.0, 1.0, 0.1, 1.0])
    assert np.count_nonzero(np.abs(samples.astype(int) - 5000) < 300) == 800


def test_any_script() -> None:
    bench = Bench("usr5637")
    _, codes = talk(bench, Caller.following(HearPrompts(1), Press("1"), Wait(2), Press("2")).hanging_up_after(9))
    assert [code for code in codes if code.isdigit()] == ["1", "2"]
    call = bench.exchange.calls[0]
    assert call.hung_up_at is not None
    assert call.answered_at is not None
    assert call.hung_up_at - call.answered_at == pytest.approx(9, abs=0.05)
