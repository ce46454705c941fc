"""The DLE codec, fed in every cut."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.fxo.dle import DleDecoder, DleEvent, DlePacket, Token, stuff

pytestmark = pytest.mark.unit


def decode(data: bytes, cuts: list[int] | None = None) -> list[Token]:
    """All tokens, neighbouring plain bytes joined whatever the cuts."""
    decoder = DleDecoder()
    edges = [0, *sorted(cut % (len(data) + 1) for cut in cuts or []), len(data)]
    joined: list[Token] = []
    for begin, end in itertools.pairwise(edges):
        for token in decoder.feed(data[begin:end]):
            if isinstance(token, bytes) and joined and isinstance(joined[-1], bytes):
                joined[-1] += token
            else:
                joined.append(token)
    return joined


@pytest.mark.parametrize(
    ("wire", "tokens"),
    [
        (b"\x10\x10", [b"\x10"]),
        (b"\x10\x1a", [b"\x10\x10"]),
        (b"\x10\x03", [DleEvent("\x03")]),
        (b"\x10\x10\x03", [b"\x10\x03"]),
        (b"\x10\x10\x10\x03", [b"\x10", DleEvent("\x03")]),
        (b"ab\x10ucd\x10R", [b"ab", DleEvent("u"), b"cd", DleEvent("R")]),
        (b"\x10XCID0x\x10.yes", [DlePacket(b"CID0x"), b"yes"]),
        (b"a\x10Xhalf\x10\x03b", [b"a", DleEvent("\x03"), b"b"]),
        (b"\r\nO\x10uK\r\n", [b"\r\nO", DleEvent("u"), b"K\r\n"]),
    ],
)
def test_12_02_known_pairs(wire: bytes, tokens: list[Token]) -> None:
    assert decode(wire) == tokens


def test_12_02_a_packet_without_end_does_not_swallow_the_call() -> None:
    assert decode(b"\x10X" + b"a" * 200, list(range(200)))[-1] == b"a" * 119
    assert DleEvent("b") in decode(b"\x10X" + b"a" * 200 + b"\x10b")


def test_12_03_every_10_is_stuffed() -> None:
    assert stuff(b"\x10a\x10\x10") == b"\x10\x10a\x10\x10\x10\x10"


@given(st.binary(max_size=300), st.lists(st.integers(0, 600), max_size=8))
def test_12_02_12_3_audio_survives_stuffing_in_any_cut(audio: bytes, cuts: list[int]) -> None:
    assert b"".join(token for token in decode(stuff(audio), cuts) if isinstance(token, bytes)) == audio


@given(st.binary(max_size=300), st.lists(st.integers(0, 300), max_size=8))
def test_12_02_any_bytes_in_any_cut_give_the_same_tokens(noise: bytes, cuts: list[int]) -> None:
    assert decode(noise, cuts) == decode(noise)


@given(st.lists(st.one_of(st.binary(min_size=1, max_size=9), st.sampled_from("bdlsuoR0*")), max_size=20))
def test_12_02_events_between_audio_keep_their_place(parts: list[bytes | str]) -> None:
    wire = b"".join(stuff(part) if isinstance(part, bytes) else b"\x10" + part.encode() for part in parts)
    expected = [DleEvent(part) for part in parts if isinstance(part, str)]
    tokens = decode(wire, list(range(len(wire))))
    assert [token for token in tokens if isinstance(token, DleEvent)] == expected
