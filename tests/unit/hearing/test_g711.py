"""G.711 against the Recommendation's own figures, and against itself."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.hearing.g711 import decode_alaw, decode_ulaw, encode_alaw, encode_ulaw

pytestmark = pytest.mark.unit

EVERY_CODE = bytes(range(256))
EVERY_SAMPLE = np.arange(-32768, 32768).astype(np.int16)
LAWS = pytest.mark.parametrize(
    ("encode", "decode"), [(encode_alaw, decode_alaw), (encode_ulaw, decode_ulaw)], ids=["alaw", "ulaw"]
)


def test_alaw_values_of_table_1a():
    # Code words before the even bits are inverted, and the quantised values y_n of ITU-T G.711 table 1a (12 bits).
    for word, value in {
        0x80: 1,
        0x81: 3,
        0x8F: 31,
        0x90: 33,
        0xA0: 66,
        0xB0: 132,
        0xC0: 264,
        0xF0: 2112,
        0xFF: 4032,
    }.items():
        assert decode_alaw(bytes([word ^ 0x55])).tolist() == [value * 8]
        assert decode_alaw(bytes([(word & 0x7F) ^ 0x55])).tolist() == [-value * 8]


def test_ulaw_values_of_table_2a():
    # Code words as sent, and the quantised values y_n of ITU-T G.711 table 2a (14 bits).
    for word, value in {
        0xFF: 0,
        0xFE: 2,
        0xF0: 30,
        0xEF: 33,
        0xDF: 99,
        0xCF: 231,
        0x9F: 2079,
        0x8F: 4191,
        0x80: 8031,
    }.items():
        assert decode_ulaw(bytes([word])).tolist() == [value * 4]
        assert decode_ulaw(bytes([word & 0x7F])).tolist() == [-value * 4]


def test_digital_milliwatt_has_its_level():
    # ITU-T G.711 tables 5 and 6: the code words of a 1 kHz sine at 0 dBm0, 3.14 and 3.17 dB under full scale.
    alaw = decode_alaw(bytes([0x34, 0x21, 0x21, 0x34, 0xB4, 0xA1, 0xA1, 0xB4])).astype(float)
    ulaw = decode_ulaw(bytes([0x1E, 0x0B, 0x0B, 0x1E, 0x9E, 0x8B, 0x8B, 0x9E])).astype(float)
    peak_of = {"alaw": 4096 * 8, "ulaw": 8159 * 4}
    for samples, peak, under in ((alaw, peak_of["alaw"], 3.14), (ulaw, peak_of["ulaw"], 3.17)):
        sine = peak / np.sqrt(2) * 10 ** (-under / 20)
        assert 20 * np.log10(np.sqrt(np.mean(samples**2)) / sine) == pytest.approx(0.0, abs=0.05)


@LAWS
def test_every_code_survives_a_round_trip(encode, decode):
    values = decode(EVERY_CODE)
    assert np.array_equal(decode(encode(values)), values)
    assert len(set(values.tolist())) >= 255  # µ-law has two zeros


@LAWS
def test_coding_is_monotone_and_odd(encode, decode):
    out = decode(encode(EVERY_SAMPLE)).astype(int)
    assert (np.diff(out) >= 0).all()
    assert sorted(out) == sorted(-out)


@LAWS
def test_error_is_at_most_half_a_step(encode, decode):
    values = np.unique(decode(EVERY_CODE).astype(int))
    steps = np.diff(values)
    samples = np.arange(values[0], values[-1] + 1)
    error = np.abs(samples - decode(encode(samples.astype(np.int16))))
    at = np.clip(np.searchsorted(values, samples), 1, len(steps) - 1)
    # Where two segments meet the decision value is the segment's, not the middle: up to half the wider step.
    widest = np.maximum(np.maximum(steps[at - 1], steps[np.maximum(at - 2, 0)]), steps[at])
    assert (error <= widest / 2 + 8).all()


@LAWS
@given(data=st.binary(max_size=400))
def test_any_bytes_decode_to_as_many_samples(encode, decode, data):
    assert len(encode(decode(data))) == len(data)
