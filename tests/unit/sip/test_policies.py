"""The softphone's policies: endings, registration, gate, log, playout, prompt watch."""

import logging

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.line import FaultCode, HangUpSign, LineFault, LineRestored
from drivers.process_log import BURST as LOG_BURST
from drivers.sip.ending import Ending, ending_of
from drivers.sip.gate import BURST, RATE, InviteGate
from drivers.sip.in_call_request import answer_to
from drivers.sip.playout import FRAME, Began, Ended, Playout
from drivers.sip.prompt_watch import PAUSE, PromptWatch
from drivers.sip.registration import ANSWER_LIMIT, RETRY, RegistrationWatch
from drivers.sip.signals import Registration
from drivers.sip.worker_log import PERIOD, redact, worker_log

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("code", "confirmed", "released", "expected"),
    [
        (200, True, False, HangUpSign.BYE),
        (487, False, False, HangUpSign.CANCEL),
        (200, False, False, HangUpSign.CANCEL),
        (408, False, False, FaultCode.ANSWER_FAILED),
        (500, False, False, FaultCode.ANSWER_FAILED),
        (408, True, False, FaultCode.PORT_LOST),
        (408, True, True, None),
        (480, False, True, None),
    ],
)
def test_ending(code: int, confirmed: bool, released: bool, expected: object):
    ending = ending_of(code, confirmed, released=released)
    told = ending.sign if ending.fault is None else ending.fault[0]
    assert told == expected
    assert ending_of(code, confirmed, released=True) == Ending()


REGISTERED = Registration(200, "OK", active=True)
REFUSED = Registration(403, "Forbidden", active=False)


def test_registration_comes_and_goes():
    watch = RegistrationWatch("sip:pbx", now=0.0)
    assert watch.receive(REGISTERED, 0.1) == [LineRestored()]
    assert watch.receive(REGISTERED, 300.0) == []
    (fault,) = watch.receive(REFUSED, 600.0)
    assert isinstance(fault, LineFault)
    assert fault.code is FaultCode.REGISTRATION_FAILED
    assert not watch.retries(600.0 + RETRY[0] - 0.1)
    assert watch.retries(600.0 + RETRY[0])
    assert not watch.retries(1000.0)
    assert watch.receive(REFUSED, 1000.0) == []
    assert not watch.retries(1000.0 + RETRY[1] - 0.1)
    assert watch.receive(REGISTERED, 1010.0) == [LineRestored()]


def test_the_registrars_words_bring_no_control_characters_and_no_number_into_log_and_feed():
    words = "\x1b[2J\x1b]0;owned\x07 13800138000\u202e" + "x" * 500
    (fault,) = RegistrationWatch("sip:pbx", 0.0).receive(Registration(403, words, active=False), 1.0)
    assert fault.detail.isprintable()
    assert "13800138000" not in fault.detail
    assert len(fault.detail) < 200


def test_no_answer_is_a_fault_once():
    watch = RegistrationWatch("sip:pbx", now=0.0)
    assert watch.overdue(ANSWER_LIMIT - 0.1) == []
    assert len(watch.overdue(ANSWER_LIMIT)) == 1
    assert watch.overdue(100.0) == []
    assert watch.receive(Registration(408, "Timeout", active=False), 32.0) == []
    assert watch.retries(32.0 + RETRY[0])


@given(st.lists(st.floats(0, 0.2), max_size=300))
def test_gate_keeps_its_rate_over_any_stretch(gaps: list[float]):
    now, admitted, gate = 0.0, [], InviteGate(0.0)
    for gap in gaps:
        now += gap
        if gate.admits(now):
            admitted.append(now)
    for first, start in enumerate(admitted):
        within = [at for at in admitted[first:] if at - start <= 0.5]
        assert len(within) <= BURST + RATE * 0.5 + 1


def test_log_levels_numbers_and_limits():
    log = worker_log()
    assert log.feed(b"INFO a.b: caller 138 0013-8000 li", 0.0) == []
    assert log.feed(b"stens\nAssertion failed\n", 0.0) == [
        (logging.INFO, "a.b: caller # listens"),
        (logging.WARNING, "Assertion failed"),
    ]
    flood = log.feed(b"sip:13800138000@x " * 50 + b"\n" + b"ERROR x\n" * 1000, 1.0)
    assert len(flood) == LOG_BURST - 2
    assert "138" not in flood[0][1]
    (summary, *_) = log.feed(b"later\n", PERIOD)
    assert summary[0] == logging.WARNING
    assert "983 more" in summary[1]


@given(st.binary(max_size=2000))
def test_log_takes_anything(data: bytes):
    for level, text in worker_log().feed(data + b"\n", 0.0):
        assert level in logging.getLevelNamesMapping().values()
        assert redact(text) == text


@pytest.mark.parametrize(
    ("method", "head", "status"),
    [
        ("OPTIONS", "", 200),
        ("NOTIFY", "Event: dialog\r\n", 481),
        ("SUBSCRIBE", "Event: dialog\r\n", 489),
        ("INFO", "", 200),
        ("INFO", "Content-Type: text/plain\r\n", 415),
        ("INFO", "c:application/x-y;z=1\r\n", 415),
        ("INFO", "Content-Type: application/dtmf\r\n", 200),
        ("INFO", "Content-Type: Application/DTMF-Relay\r\n", None),
        ("MESSAGE", "", None),
        ("BYE", "", None),
    ],
)
def test_requests_in_a_call(method: str, head: str, status: int | None):
    message = f"{method} sip:8801@127.0.0.1 SIP/2.0\r\nCSeq: 2 {method}\r\n{head}\r\nContent-Type: image/png"
    assert answer_to(method, message) == status


def test_playout_counts_every_frame():
    playout = Playout()
    assert playout.start(1, np.arange(FRAME + 1, dtype=np.int16)) == []
    assert playout.news() == []
    assert playout.next_frame() == np.arange(FRAME, dtype="<i2").tobytes()
    assert playout.news() == [Began(1)]
    last = playout.next_frame()
    assert last is not None
    assert np.frombuffer(last, "<i2").tolist() == [FRAME] + [0] * (FRAME - 1)
    assert playout.news() == []
    assert playout.next_frame() is None
    assert playout.news() == [Ended(1, complete=True)]
    assert playout.next_frame() is None


def test_new_prompt_cuts_the_running_one():
    playout = Playout()
    playout.start(1, np.ones(1000, np.int16))
    playout.next_frame()
    assert playout.start(2, np.ones(10, np.int16)) == [Began(1), Ended(1, complete=False)]
    assert playout.stop() == [Ended(2, complete=False)]
    assert playout.stop() == []


def test_a_paused_prompt_stays_where_it_is():
    playout = Playout()
    playout.start(1, np.arange(2 * FRAME, dtype=np.int16))
    playout.next_frame()
    playout.pause()
    assert [playout.next_frame() for _ in range(5)] == [None] * 5
    assert playout.news() == []
    playout.resume()
    assert playout.next_frame() == np.arange(FRAME, 2 * FRAME, dtype="<i2").tobytes()
    assert playout.next_frame() is None
    assert playout.news() == [Began(1), Ended(1, complete=True)]


def test_a_prompt_begun_while_paused_waits_and_can_be_cut():
    playout = Playout()
    playout.pause()
    playout.start(1, np.ones(FRAME, np.int16))
    assert playout.next_frame() is None
    assert playout.start(2, np.ones(FRAME, np.int16)) == [Ended(1, complete=False)]
    playout.resume()
    assert playout.next_frame() is not None
    assert playout.news() == [Began(2)]


STEPS = st.sampled_from(["tick", "stop", "news", "pause", "resume"])


@given(st.lists(st.one_of(st.integers(0, 500), STEPS), max_size=80))
def test_every_play_ends_exactly_once(steps: list[int | str]):
    playout, news, plays = Playout(), [], 0
    for step in steps:
        if step == "tick":
            playout.next_frame()
        elif step == "stop":
            news += playout.stop()
        elif step == "news":
            news += playout.news()
        elif isinstance(step, str):
            getattr(playout, step)()
        else:
            plays += 1
            news += playout.start(plays, np.ones(step, np.int16))
    news += playout.stop()
    assert [item.play for item in news if isinstance(item, Ended)] == list(range(1, plays + 1))
    for item in (item for item in news if isinstance(item, Began)):
        assert news.index(item) < next(
            i for i, e in enumerate(news) if isinstance(e, Ended) and e.play == item.play
        )


def test_prompt_watch_hears_beginning_and_end():
    watch, loud, quiet = PromptWatch(), np.full(FRAME, 3000, np.int16), np.zeros(FRAME, np.int16)
    assert watch.hear(quiet, 0.0) is None
    assert watch.hear(loud, 0.1) == "prompt_started"
    assert watch.hear(quiet, 0.2) is None
    assert watch.hear(loud, 0.5) is None
    assert watch.hear(quiet, 0.5 + PAUSE) == "prompt_ended"
    assert (watch.prompts, watch.quiet_since) == (1, 0.5)
