"""A stream that stops, stutters or jumps: what the ears get of it, and what is told."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest

from drivers.hearing.ears import Ears
from drivers.hearing.heard import VerdictHeard
from drivers.hearing.wav import read_wav
from drivers.line import MEDIA_LOST_AFTER, Verdict
from drivers.sip.arrival import GRACE, Media, Received
from drivers.sip.listening import Frames, Listening
from drivers.sip.playout import FRAME
from drivers.voice.espeak import speak

pytestmark = pytest.mark.unit

TICK = 0.02
WORDS = speak("您好，我家的燃气表坏了，请派人来看一下，谢谢。" * 4)
"""Of more than a second's voice without a second's pause."""
PROMPT = speak("您的电话已接通，请讲话。很抱歉，听不到您的声音。" * 4)


class Stream:
    """A leg's stream as the bridge gives it: the jitter buffer empties first, then there are zeros."""

    def __init__(self) -> None:
        self.frames = Frames()
        self.packets = 0
        self.payload = 0
        self.asked = 0
        self.known = True
        self.listening = Listening(self.frames, Ears("cn"), self._count)
        self.told: list[tuple[float, Verdict | Media]] = []
        self.now = 0.0
        self._said: Iterable[bytes | None] = iter(())
        self._words = _framed(WORDS)

    def says(self, prompt: Iterable[bytes | None]) -> None:
        """We say something from now on."""
        self._said = iter(prompt)

    def hears(self, frames: Iterable[bytes], *, packets: bool, at_once: int = 2) -> None:
        """So many frames come out of the bridge, each out of a packet of its own or of none."""
        for number, frame in enumerate(frames, start=1):
            self._packet(160 * packets)
            self.now += TICK
            self.frames.append((frame, next(iter(self._said), None)))
            if number % at_once == 0:
                self._take()
        self._take()

    def talks(self, seconds: float) -> None:
        self.hears((next(self._words) for _ in range(round(seconds / TICK))), packets=True)

    def is_silent(self, seconds: float) -> None:
        """Packets of µ-law's zero."""
        self.hears([bytes(2 * FRAME)] * round(seconds / TICK), packets=True)

    def stops(self, seconds: float, *, at_once: int = 2) -> None:
        """No packet comes."""
        self.hears([bytes(2 * FRAME)] * round(seconds / TICK), packets=False, at_once=at_once)

    def of(self, kind: type) -> list[Verdict | Media]:
        return [one for _, one in self.told if isinstance(one, kind)]

    def _take(self) -> None:
        for one in self.listening.hear():
            assert isinstance(one, VerdictHeard | Media)
            self.told.append((self.now, one.verdict if isinstance(one, VerdictHeard) else one))

    def presses_a_key(self) -> None:
        for _ in range(8):
            self._packet(4)

    def anew(self) -> None:
        """The far end moves its audio elsewhere: another stream."""
        self.packets = self.payload = 0

    def _packet(self, payload: int) -> None:
        self.packets += payload > 0
        self.payload += payload

    def _count(self) -> Received | None:
        self.asked += 1
        return Received(self.packets, self.payload) if self.known else None


def _framed(samples: np.ndarray) -> Iterable[bytes]:
    whole = samples[: len(samples) // FRAME * FRAME].astype("<i2").reshape(-1, FRAME)
    while True:
        yield from (frame.tobytes() for frame in whole)


def test_a_stream_that_stops_is_lost_and_its_verdict_stands() -> None:
    stream = Stream()
    stream.talks(3.0)
    stopped = stream.now
    stream.stops(6.0)
    stream.talks(1.5)
    assert stream.of(Verdict) == [Verdict.SPEECH], "no silence of missing packets, no verdict said again"
    (lost_at, lost), (restored_at, restored) = (told for told in stream.told if isinstance(told[1], Media))
    assert (lost, restored) == (Media.LOST, Media.RESTORED)
    assert lost_at == pytest.approx(stopped + MEDIA_LOST_AFTER, abs=0.05)
    assert restored_at == pytest.approx(stopped + 6.0, abs=0.15)  # told with the next frames heard


def test_another_verdict_is_reached_after_the_loss() -> None:
    stream = Stream()
    stream.talks(3.0)
    stream.stops(3.0)
    stream.is_silent(2.0)
    assert [one for _, one in stream.told] == [Verdict.SPEECH, Media.LOST, Media.RESTORED, Verdict.SILENT]


@pytest.mark.parametrize("pause", [0.04, 0.3, 0.5, 0.9])
def test_a_short_pause_is_nothing(pause: float) -> None:
    stream = Stream()
    stream.talks(3.0)
    for _ in range(8):
        stream.stops(pause)
        stream.talks(1.0)
    assert [one for _, one in stream.told] == [Verdict.SPEECH]


def test_a_far_end_that_never_sends_is_silent() -> None:
    stream = Stream()
    stream.stops(10.0)
    assert [one for _, one in stream.told] == [Verdict.SILENT]


def test_a_far_end_that_sends_zeros_is_silent_and_there() -> None:
    stream = Stream()
    stream.talks(3.0)
    stream.is_silent(10.0)
    assert [one for _, one in stream.told] == [Verdict.SPEECH, Verdict.SILENT]


def test_packets_of_60_ms_are_a_stream() -> None:
    stream = Stream()
    stream.talks(3.0)
    for _ in range(100):
        stream.hears([bytes(2 * FRAME)], packets=True)
        stream.stops(0.04)
    assert [one for _, one in stream.told] == [Verdict.SPEECH, Verdict.SILENT]


def test_another_stream_counts_anew() -> None:
    stream = Stream()
    stream.talks(3.0)
    stream.is_silent(2.0)
    stream.anew()
    stream.is_silent(5.0)
    assert stream.of(Media) == []


def test_a_count_that_cannot_be_had_tells_nothing() -> None:
    stream = Stream()
    stream.talks(3.0)
    stream.is_silent(1.0)
    stream.stops(1.5)
    stream.known = False
    stream.stops(1.0)
    stream.known = True
    stream.stops(1.0)
    assert stream.of(Media) == [Media.LOST]
    stream.is_silent(1.0)
    assert stream.of(Media) == [Media.LOST, Media.RESTORED]


def test_a_key_is_no_audio() -> None:
    stream = Stream()
    stream.presses_a_key()
    stream.stops(2.0)
    assert stream.of(Media) == [], "none had come yet"
    stream.talks(2.0)
    stream.stops(2.0)
    stream.presses_a_key()
    stream.stops(2.0)
    assert stream.of(Media) == [Media.LOST]


def test_frames_that_waited_for_a_stalled_host_are_no_loss() -> None:
    stream = Stream()
    stream.talks(3.0)
    stream.stops(4.0, at_once=200)
    stream.talks(1.0)
    assert [one for _, one in stream.told] == [Verdict.SPEECH]


def test_who_sends_a_law_is_never_asked_for_his_packets() -> None:
    stream = Stream()
    stream.hears([np.full(FRAME, 8, dtype="<i2").tobytes()] * 500, packets=True)
    assert stream.asked == 0


def test_who_sends_zeros_is_asked_for_his_packets_five_times_a_second() -> None:
    stream = Stream()
    stream.talks(1.0)
    before = stream.asked
    stream.is_silent(10.0)
    assert 49 <= stream.asked - before <= 52


def test_after_zeros_that_were_sent_a_loss_is_told_within_the_grace() -> None:
    for silence in (1.0, 1.08, 1.16):
        stream = Stream()
        stream.talks(2.0)
        stream.is_silent(silence)
        stopped = stream.now
        stream.stops(2.0)
        (lost,) = (at for at, one in stream.told if one is Media.LOST)
        assert lost - stopped > MEDIA_LOST_AFTER - TICK
        assert lost - stopped <= MEDIA_LOST_AFTER + GRACE + 0.05


def test_a_hold_is_no_loss_and_audio_is_waited_for_anew_after_it() -> None:
    stream = Stream()
    stream.talks(3.0)
    stream.stops(0.7)
    stream.listening.hold()
    stream.stops(5.0)
    stream.listening.resume()
    stream.stops(0.9)
    assert stream.of(Media) == []
    stream.stops(0.2)
    assert stream.of(Media) == [Media.LOST]
    stream.listening.hold()
    stream.listening.resume()
    stream.stops(3.0)
    assert stream.of(Media) == [Media.LOST], "told once"
    stream.talks(1.0)
    assert stream.of(Media) == [Media.LOST, Media.RESTORED]


def test_a_recording_keeps_its_time_through_a_loss(tmp_path: Path) -> None:
    stream = Stream()
    stream.listening.record(str(tmp_path / "call.wav"))
    stream.talks(2.0)
    stream.stops(3.0)
    stream.talks(1.0)
    stream.listening.close()
    samples = read_wav(tmp_path / "call.wav")
    assert len(samples) == 6 * 8000
    assert not samples[2 * 8000 : 5 * 8000].any()
    assert samples[5 * 8000 :].any()


@pytest.mark.parametrize("gap", [0.3, 0.7, 2.0, 3.3])
def test_the_echo_of_our_prompt_is_no_voice_after_a_gap(gap: float) -> None:
    """The far end's packets stop in mid-prompt, and come again with the echo of what is being said by then."""
    stream = Stream()
    said = [frame for frame, _ in zip(_framed(PROMPT), range(600), strict=False)]
    stream.says(said)
    played = np.frombuffer(b"".join(said), dtype="<i2").astype(float)
    echo = np.concatenate((np.zeros(240), played))[: len(played)] * 0.2
    noise = np.random.default_rng(3).normal(0, 12, len(played))
    back = list((echo + noise).astype("<i2").reshape(-1, FRAME))
    began, ended = 200, 200 + round(gap / TICK)
    stream.hears((frame.tobytes() for frame in back[:began]), packets=True)
    stream.stops(gap)
    stream.hears((frame.tobytes() for frame in back[ended:]), packets=True)
    assert {one for _, one in stream.told if isinstance(one, Verdict)} <= {Verdict.SILENT}
