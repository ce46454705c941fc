"""Two modems joined: one dials, the other rings, and they hear each other."""

import numpy as np
import pytest

from drivers.emulator import Exchange, Faults, LineState, Pbx
from drivers.emulator.audio import level_of
from drivers.emulator.clockwork import AT_ONCE
from drivers.emulator.codecs import MU_LAW
from drivers.emulator.shielding import shield
from tests.unit.emulator.bench import Bench, audio_of, cleaned, tone

pytestmark = pytest.mark.unit


class Two:
    """Modem 801 and modem 802, in step."""

    def __init__(self, faults: Faults | None = None) -> None:
        self.pbx = Pbx()
        self.near, self.far = (
            Bench("conexant", faults=faults, exchange=Exchange(ring_jitter=0.0, line_noise=-80.0))
            for _ in range(2)
        )
        self.pbx.connect("801", self.near.exchange)
        self.pbx.connect("802", self.far.exchange)
        for bench in (self.near, self.far):
            bench.ask("ATE0+VCID=1;+FCLASS=8")
            bench.ask("AT+VSM=131,8000")

    def run(self, seconds: float) -> tuple[bytes, bytes]:
        for _ in range(round(seconds / 0.02)):
            self.near.core.tick()
            self.far.core.tick()
        return self.near.taken(), self.far.taken()

    def talk(self) -> None:
        """802 dialled by 801 and answered, both in duplex."""
        self.near.core.receive(b"ATDT802\r")
        self.run(5.0)
        self.far.core.receive(b"AT+VLS=1\r")
        assert self.run(0.5) == (b"\r\nOK\r\n", b"\r\nOK\r\n")
        for bench in (self.near, self.far):
            bench.core.receive(b"AT+VTR\r")
        self.run(0.3)


def test_a_dialled_modem_rings_with_the_callers_number() -> None:
    two = Two()
    two.near.core.receive(b"ATDT802\r")
    near, far = two.run(5.0)
    assert near == b""
    assert far.startswith(b"\x10R")
    assert b"NMBR = 801\r\n" in far


@pytest.mark.parametrize("vcon", [False, True])
def test_ok_or_vcon_at_the_answer(vcon: bool) -> None:
    two = Two(Faults(vcon=vcon))
    two.near.core.receive(b"ATDT802\r")
    two.run(5.0)
    two.far.exchange.go_off_hook()
    assert two.run(0.5)[0] == (b"\r\nVCON\r\n" if vcon else b"\r\nOK\r\n")


def test_progress_tones_are_audio_when_the_host_listens() -> None:
    two = Two()
    two.near.core.receive(b"ATDT802;\r")
    assert two.run(4.0)[0] == b"\r\nOK\r\n"
    two.near.core.receive(b"AT+VTR\r")
    samples, _ = audio_of(two.run(5.5)[0].removeprefix(b"\r\nCONNECT\r\n"), MU_LAW)
    loud = [level_of(frame) > -30 for frame in samples[: len(samples) // 160 * 160].reshape(-1, 160)]
    assert sum(loud) * 0.02 == pytest.approx(1.1, abs=0.3)
    assert np.argmax(np.abs(np.fft.rfft(samples))) * 8000 / len(samples) == pytest.approx(450, abs=1)


def test_both_hear_each_other_and_their_keys() -> None:
    two = Two()
    two.talk()
    for speaker, listener, at in ((two.near, two.far, 1), (two.far, two.near, 0)):
        speaker.core.receive(shield(MU_LAW.encode(tone(seconds=0.5))))
        samples, _ = audio_of(two.run(1.0)[at], MU_LAW)
        loud = samples[np.abs(samples) > 2000]
        assert len(loud) >= 2900
        assert level_of(samples) > -20
        assert listener.exchange.state is LineState.CONNECTED
    two.near.core.receive(b"\x10^")
    two.run(0.5)
    two.near.core.receive(b"AT+VTS=5\r")
    assert "5" in cleaned(audio_of(two.run(2.0)[1], MU_LAW)[1])


def test_nothing_is_lost_or_torn_while_one_line_is_made_up_for() -> None:
    two = Two()
    two.talk()
    two.near.core.receive(shield(MU_LAW.encode(tone(seconds=0.9))))
    received = b""
    for turn in range(15):
        for bench in (two.near, two.far) if turn % 2 else (two.far, two.near):
            for _ in range(AT_ONCE):
                bench.core.tick()
        received += two.far.taken()
    samples, _ = audio_of(received, MU_LAW)
    loud = np.flatnonzero(np.abs(samples.astype(int)) > 1000)
    assert loud[-1] - loud[0] == pytest.approx(7200, abs=10)
    assert np.diff(loud).max() < 5


@pytest.mark.parametrize("first", ["near", "far"])
def test_who_hangs_up_gives_the_other_the_busy_tone(first: str) -> None:
    two = Two()
    two.talk()
    leaver, stayer = (two.near, two.far) if first == "near" else (two.far, two.near)
    leaver.core.drop_dtr()
    samples, _ = audio_of(two.run(5.0)[1 if first == "near" else 0], MU_LAW)
    assert leaver.exchange.free
    assert stayer.exchange.state is LineState.CLEARING
    assert np.argmax(np.abs(np.fft.rfft(samples))) * 8000 / len(samples) == pytest.approx(450, abs=2)
    stayer.core.drop_dtr()
    assert stayer.exchange.free


def test_a_caller_who_gives_up_stops_the_ringing() -> None:
    two = Two()
    two.near.core.receive(b"ATDT802\r")
    two.run(5.0)
    two.near.core.receive(b"x")  # any character aborts it
    near, _ = two.run(6.0)
    assert near == b"\r\nNO CARRIER\r\n"
    assert two.far.exchange.free
    assert two.near.exchange.free


def test_an_engaged_line_and_a_number_that_is_nobodys() -> None:
    two = Two()
    two.far.exchange.go_off_hook()
    for number in ("802", "999"):
        two.near.core.receive(f"ATDT{number}\r".encode())
        assert two.run(5.0)[0] == b"\r\nBUSY\r\n"
        assert two.near.exchange.free


def test_nobody_answers() -> None:
    two = Two()
    two.near.ask("ATS7=10")
    two.near.core.receive(b"ATDT802\r")
    assert two.run(15.0)[0] == b"\r\nNO ANSWER\r\n"
    two.run(0.1)
    assert two.far.exchange.free


def test_no_dial_tone_in_the_familys_words() -> None:
    for faults, tone_there in (
        (Faults(), False),
        (Faults(minds_country=True), True),
        (Faults(no_dial_tone=True), True),
    ):
        bench = Bench(faults=faults, exchange=Exchange(dial_tone=tone_there))
        bench.ask("ATE0")
        assert bench.ask("ATDT802", 4.0) == b"\r\nNO DIAL TONE\r\n"
        assert bench.exchange.free
