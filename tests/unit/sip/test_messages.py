"""The wire format between gateway and worker: byte by byte, glued, cut, broken."""

import json
import struct
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.line import (
    Answer,
    CallerId,
    CallerIdReceived,
    CallOffered,
    DialFailed,
    DialFailure,
    FarEndHeld,
    FarEndHungUp,
    FarEndResumed,
    FarEndRinging,
    FaultCode,
    HangUpSign,
    Join,
    LegFailed,
    LineRestored,
    MediaLost,
    MediaRestored,
    Part,
    Play,
    PlayFinished,
    Presentation,
    Record,
    StopRecording,
    Verdict,
    VerdictReached,
)
from drivers.sip.config import SipConfig
from drivers.sip.messages import (
    LIMIT,
    Configure,
    Decoder,
    Message,
    Originate,
    Ping,
    Pong,
    Probe,
    Probed,
    Shutdown,
    WireError,
    WorkerFailed,
    WorkerReady,
    encode,
)

pytestmark = pytest.mark.unit

CONFIG = SipConfig("sip1", "127.0.0.1:5062", "sip:8801@127.0.0.1", password="secret", allow=("10.0.0.0/8",))
SAMPLES: list[Message] = [
    Configure(CONFIG, 3),
    Ping(1),
    Pong(1),
    Shutdown(),
    WorkerReady(4),
    WorkerFailed(FaultCode.PORT_BUSY, "UDP 127.0.0.1:5062"),
    Probe(7, "sip:801@192.0.2.1"),
    Probed(7, 486, "Busy Here"),
    Answer("1.1"),
    Play("1.1", 2, ("/a.wav", "/济.wav")),
    Play("1.1", 3, ()),
    Record("1.1", "/var/电话/fault.wav"),
    Record("1.1", "/var/both.wav", both=True),
    Originate("out-1", "sip:801@pbx", "sip:801@192.0.2.1", None),
    Join("out-1", "/run/a", "/run/b"),
    Part("out-1"),
    FarEndRinging("out-1"),
    DialFailed("out-1", DialFailure.VACANT_NUMBER, "SIP 404 Not Found"),
    StopRecording("1.1", "/var/电话/fault.wav"),
    CallOffered("1.1", None),
    CallOffered("1.1", "8801"),
    CallerIdReceived("1.1", CallerId(None, None, Presentation.PRIVATE)),
    CallerIdReceived("1.1", CallerId("13800138000", "王先生")),
    PlayFinished("1.1", 2, complete=False),
    VerdictReached("1.1", Verdict.SILENT, -96.0, None),
    VerdictReached("1.1", Verdict.SPEECH, -20.5, 31.0),
    FarEndHeld("1.1"),
    FarEndResumed("1.1"),
    MediaLost("1.1"),
    MediaRestored("1.1"),
    FarEndHungUp("1.1", HangUpSign.BUSY_TONE),
    LegFailed("1.1", FaultCode.ANSWER_FAILED, "SIP 408"),
    LineRestored(),
]
STREAM = b"".join(map(encode, SAMPLES))


def test_a_message_has_a_length_and_its_json():
    assert encode(Ping(7)) == b'\x00\x00\x00\x15["Ping",{"number":7}]'


def test_byte_by_byte():
    decoder = Decoder()
    assert [message for byte in STREAM for message in decoder.feed(bytes([byte]))] == SAMPLES


def test_glued():
    assert Decoder().feed(STREAM) == SAMPLES


@given(st.lists(st.integers(0, len(STREAM)), max_size=30))
def test_cut_anywhere(cuts: list[int]):
    decoder = Decoder()
    edges = [0, *sorted(cuts), len(STREAM)]
    pieces = [STREAM[start:end] for start, end in pairwise(edges)]
    assert [message for piece in pieces for message in decoder.feed(piece)] == SAMPLES


@given(st.text(), st.text(), st.integers(), st.lists(st.text()))
def test_any_content_comes_back_as_it_went(leg: str, number: str, play: int, recordings: list[str]):
    messages: list[Message] = [
        Play(leg, play, tuple(recordings)),
        CallerIdReceived(leg, CallerId(number)),
    ]
    assert Decoder().feed(b"".join(map(encode, messages))) == messages


@given(st.binary(max_size=300))
def test_garbage_is_refused_or_waited_on_but_never_understood(garbage: bytes):
    try:
        found = Decoder().feed(garbage)
    except WireError:
        return
    assert found == []


def frame(body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + body


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b'["Nonsense",{}]',
        b'["LineCommand",{"leg":"1"}]',
        b'["Ping",{}]',
        b'["Ping",{"number":"7"}]',
        b'["Ping",{"number":true}]',
        b'["Ping",{"number":7,"more":1}]',
        b'["Ping",7]',
        b'["Play",{"leg":"1","play":1,"recordings":"a.wav"}]',
        b'["FarEndHungUp",{"leg":"1","sign":"bored"}]',
        b'[["Ping"],{}]',
        b"\xff\xfe",
        b"[" * 100_000,
    ],
)
def test_what_is_no_message_is_refused(body: bytes):
    with pytest.raises(WireError):
        Decoder().feed(frame(body))


def test_a_wrong_config_is_refused():
    values = json.loads(encode(Configure(CONFIG, 1))[4:])
    values[1]["config"]["listen"] = "nowhere"
    with pytest.raises(WireError, match="listen"):
        Decoder().feed(frame(json.dumps(values).encode()))


def test_a_length_over_the_limit_is_refused_at_once():
    with pytest.raises(WireError, match="allowed"):
        Decoder().feed(struct.pack(">I", LIMIT + 1))


def test_only_messages_are_sent():
    with pytest.raises(WireError, match="CallerId"):
        encode(CallerId("1"))  # type: ignore[arg-type]
    with pytest.raises(WireError, match="too long"):
        encode(Play("1", 1, ("x" * LIMIT,)))
