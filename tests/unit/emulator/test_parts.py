"""Codecs, shielding, command-line parsing, parameters: what must always hold."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.emulator.audio import BUSY_TONE, ToneSource, dtmf, level_of, noise
from drivers.emulator.codecs import A_LAW, LINEAR_14, LINEAR_16, MU_LAW, SIGNED_8, UNSIGNED_8, Codec
from drivers.emulator.command_line import BadCommandError, Command, Operation, parse
from drivers.emulator.parameters import line_wide
from drivers.emulator.shielding import Unshielder, shield

pytestmark = pytest.mark.unit

ALL = (A_LAW, LINEAR_14, LINEAR_16, MU_LAW, SIGNED_8, UNSIGNED_8)
SAMPLES = st.lists(st.integers(-32768, 32767), max_size=200).map(lambda values: np.array(values, dtype=np.int16))


@given(st.sampled_from(ALL), SAMPLES)
def test_coding_twice_changes_nothing_more(codec: Codec, samples: np.ndarray) -> None:
    once = codec.decode(codec.encode(samples))
    assert len(codec.encode(samples)) == len(samples) * codec.width
    assert np.array_equal(codec.decode(codec.encode(once)), once)


@pytest.mark.parametrize(
    ("codec", "sample", "coded"),
    [
        (MU_LAW, 0, 0xFF),  # G.711: positive zero
        (MU_LAW, 32124, 0x80),
        (MU_LAW, -32124, 0x00),
        (A_LAW, 8, 0xD5),
        (A_LAW, 32256, 0xAA),
        (A_LAW, -32256, 0x2A),
        (UNSIGNED_8, 0, 0x80),
        (SIGNED_8, 0, 0x00),
    ],
)
def test_known_codes(codec: Codec, sample: int, coded: int) -> None:
    assert codec.decode(bytes((coded,)))[0] == sample
    assert codec.encode(np.array([sample], dtype=np.int16))[0] in (coded, 0x7F if codec is MU_LAW else coded)


@pytest.mark.parametrize("codec", [MU_LAW, A_LAW])
def test_companding_keeps_a_voice_38_db_over_its_error(codec: Codec) -> None:
    at = np.arange(8000) / 8000
    samples = np.round(6000 * np.sin(2 * np.pi * 440 * at)).astype(np.int16)
    error = codec.decode(codec.encode(samples)).astype(float) - samples
    assert level_of(samples) - level_of(error) > 36


def test_conexants_14_bits_have_their_lowest_bit_set() -> None:
    words = np.frombuffer(LINEAR_14.encode(np.arange(-100, 100, dtype=np.int16)), dtype="<i2")
    assert np.all(words & 3 == 1)


@given(st.binary(max_size=300), st.booleans(), st.lists(st.integers(1, 7), max_size=100))
def test_shielding_is_undone_however_it_is_cut(data: bytes, uses_sub: bool, cuts: list[int]) -> None:
    stream = shield(data, uses_sub=uses_sub)
    unshielder, got = Unshielder(), bytearray()
    for cut in [*cuts, len(stream)]:
        piece, stream = stream[:cut], stream[cut:]
        for item in unshielder.feed(piece):
            assert isinstance(item, bytes)
            got += item
    assert bytes(got) == data


@given(st.text(max_size=60))
def test_any_command_line_is_parsed_or_refused(body: str) -> None:
    parsed = parse(body)
    assert all(isinstance(item, Command) for item in parsed[:-1])


def test_a_line_of_many_kinds() -> None:
    assert parse("E0 V1;+fclass=8;+VLS?S0=0&D2+VSM=?")[:2] == [
        Command("E", Operation.SET, "0"),
        Command("V", Operation.SET, "1"),
    ]
    assert [item.name for item in parse("E0+VCID=1;S0?&D2") if isinstance(item, Command)] == [
        "E",
        "+VCID",
        "S0",
        "&D",
    ]
    assert isinstance(parse("E0!!")[-1], BadCommandError)


@given(st.integers(-10, 400), st.integers(-10, 400))
def test_a_parameter_admits_what_its_range_says(first: int, second: int) -> None:
    parameter = line_wide("0,0", "(0-255),(0,2,5-9)")
    assert parameter.admits(f"{first},{second}") == (0 <= first <= 255 and (second in (0, 2) or 5 <= second <= 9))


def test_a_tone_in_frames_is_the_tone_in_one_piece() -> None:
    pieces, whole = ToneSource(BUSY_TONE), ToneSource(BUSY_TONE)
    assert np.allclose(np.concatenate([pieces.frame(160) for _ in range(50)]), whole.frame(8000))


@pytest.mark.parametrize(("digit", "row", "column"), [("1", 697, 1209), ("0", 941, 1336), ("D", 941, 1633)])
def test_a_key_has_its_two_tones(digit: str, row: int, column: int) -> None:
    spectrum = np.abs(np.fft.rfft(dtmf(digit, 1.0)))
    assert set(np.argsort(spectrum)[-2:]) == {row, column}


def test_noise_is_the_same_for_a_seed_and_refuses_an_unknown_kind() -> None:
    assert np.array_equal(noise("street", -30, 5), noise("street", -30, 5))
    with pytest.raises(ValueError, match="thunder"):
        noise("thunder", -30, 5)
