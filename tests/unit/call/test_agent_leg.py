"""Codes dialled on an agent's telephone, and his leg, in virtual time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.line import (
    Answer,
    Answered,
    CallOffered,
    DigitReceived,
    FarEndHungUp,
    FaultCode,
    HangUpSign,
    LegFailed,
    LegReleased,
    Release,
    RingBurst,
    Verdict,
    VerdictReached,
)
from gateway.call.agent_leg import AgentAsked, AgentLeg, AgentMisdialled
from gateway.call.codes import Dialling, UnknownCode
from gateway.call.facts import CallAnswered, Released, ReleasedBy
from gateway.call.inquiring import INTER_DIGIT
from gateway.call.requests import EndWaiting, RequestRefused, SayPhrase

pytestmark = pytest.mark.unit

CODES = {code: SayPhrase(key) for code, key in (("13", "nuisance"), ("16", "not_heard"), ("2", "wait"))}
NUISANCE, NOT_HEARD, WAIT = SayPhrase("nuisance"), SayPhrase("not_heard"), SayPhrase("wait")


@pytest.mark.parametrize(
    ("keys", "asked"),
    [
        ("*13", [NUISANCE]),
        ("*2", [WAIT]),
        ("*13*16", [NUISANCE, NOT_HEARD]),
        ("*1*13", [NUISANCE]),
        ("**13", [NUISANCE]),
        ("13", []),
        ("0#13*2", [WAIT]),
        ("*133", [NUISANCE]),
        ("*9", [UnknownCode("9")]),
        ("*14", [UnknownCode("14")]),
        ("*1#", [UnknownCode("1#")]),
        ("*93*13", [UnknownCode("9"), NUISANCE]),
        ("*", []),
    ],
)
def test_what_keys_ask_for(keys: str, asked: list[object]) -> None:
    dialling = Dialling(CODES)
    done = [dialling.key(key, now=0.1 * place) for place, key in enumerate(keys)]
    assert [code for code in done if code is not None] == asked


def test_each_key_is_given_time_for_the_next() -> None:
    dialling = Dialling(CODES)
    assert dialling.deadline is None
    dialling.key("*", 10.0)
    dialling.key("1", 13.0)
    assert dialling.deadline == 13.0 + INTER_DIGIT == 17.0
    assert dialling.expire() == UnknownCode("1")
    assert dialling.deadline is None
    assert dialling.key("3", 18.0) is None, "a code that ran out is not gone on with"


def test_without_codes_every_code_is_unknown() -> None:
    dialling = Dialling({})
    dialling.key("*", 0.0)
    assert dialling.key("1", 0.1) == UnknownCode("1")


@given(st.text("0123456789*#ABCD", max_size=30))
def test_whatever_is_keyed_only_whole_codes_are_asked_for(keys: str) -> None:
    dialling = Dialling(CODES)
    for place, key in enumerate(keys):
        done = dialling.key(key, now=float(place))
        if isinstance(done, SayPhrase):
            dialled = keys[: place + 1].rpartition("*")[2]
            assert CODES[dialled] == done
        if done is not None:
            assert dialling.deadline is None


def leg() -> AgentLeg:
    """One that was answered after 0.2 s."""
    leg = AgentLeg("2", CODES, now=0.0)
    assert leg.receive(CallOffered("2"), now=0.0) == (Answer("2"),)
    assert leg.receive(RingBurst("2", 1), now=0.1) == ()
    assert leg.receive(Answered("2"), now=0.2) == (CallAnswered(0, 0.2),)
    return leg


def test_he_is_answered_at_once_and_asks_by_code() -> None:
    agent = leg()
    assert agent.receive(DigitReceived("2", "*"), now=1.0) == ()
    assert agent.receive(DigitReceived("2", "1"), now=1.2) == ()
    assert agent.receive(DigitReceived("2", "3"), now=1.4) == (AgentAsked(NUISANCE),)


def test_he_is_told_nothing_whatever_is_heard_from_him() -> None:
    agent = leg()
    assert agent.receive(VerdictReached("2", Verdict.NOISY, -30.0, None), now=1.0) == ()
    assert agent.next_deadline() is None
    assert agent.fire_timers(now=1000.0) == ()


def test_a_code_that_is_not_dialled_to_its_end_runs_out() -> None:
    agent = leg()
    agent.receive(DigitReceived("2", "*"), now=1.0)
    agent.receive(DigitReceived("2", "1"), now=2.0)
    assert agent.next_deadline() == 6.0
    assert agent.fire_timers(now=5.9) == ()
    assert agent.fire_timers(now=6.0) == (AgentMisdialled("1"),)
    assert agent.fire_timers(now=7.0) == ()


@pytest.mark.parametrize(
    ("event", "effects"),
    [
        (FarEndHungUp("2", HangUpSign.BYE), (Released(ReleasedBy.CUSTOMER, "bye"),)),
        (
            FarEndHungUp("2", HangUpSign.BUSY_TONE),
            (Release("2"), Released(ReleasedBy.CUSTOMER, "busy_tone")),
        ),
        (LegFailed("2", FaultCode.WORKER_DIED, "x"), (Released(ReleasedBy.FAULT, "worker_died"),)),
        (LegReleased("2"), (Released(ReleasedBy.FAULT, "line released by itself"),)),
    ],
)
def test_it_ends_once(event: object, effects: tuple[object, ...]) -> None:
    agent = leg()
    agent.receive(DigitReceived("2", "*"), now=1.0)
    assert agent.receive(event, now=2.0) == effects  # type: ignore[arg-type]
    assert agent.next_deadline() is None
    assert agent.receive(DigitReceived("2", "2"), now=2.5) == ()
    assert agent.receive(LegReleased("2"), now=3.0) == ()
    assert agent.shut_down(now=3.0) == ()


def test_it_is_released_when_the_process_stops() -> None:
    assert leg().shut_down(now=1.0) == (Release("2"), Released(ReleasedBy.SHUTDOWN, "shutdown"))


def test_nothing_can_be_asked_of_it() -> None:
    with pytest.raises(RequestRefused, match="agent's leg"):
        leg().request(EndWaiting(), now=1.0)
