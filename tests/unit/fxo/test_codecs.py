"""Codings by name, and samples through each of them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.fxo.codecs import Coding, VoiceMode, listed_modes

pytestmark = pytest.mark.unit

CX93001 = [
    '0,"SIGNED PCM",8,0,8000,0,0',
    '1,"UNSIGNED PCM",8,0,8000,0,0',
    '129,"IMA ADPCM",4,0,8000,0,0',
    '130,"UNSIGNED PCM",8,0,8000,0,0',
    '131,"Mu-Law",8,0,8000,0,0',
    '132,"A-Law",8,0,8000,0,0',
    '133,"14 bit PCM",16,0,8000,0,0',
]
USR5637 = [
    '128,"8-BIT LINEAR",(7200,8000,11025)',
    '129,"16-BIT LINEAR",(7200,8000,11025)',
    '130,"8-BIT ALAW",(8000)',
    '131,"8-BIT ULAW",(8000)',
    '132,"IMA ADPCM",(7200,8000,11025)',
    '133,"G.729",(8000)',
]


def test_12_8_conexant_130_to_132_by_name() -> None:
    assert listed_modes(CX93001) == [
        VoiceMode(131, Coding.ULAW),
        VoiceMode(132, Coding.ALAW),
        VoiceMode(133, Coding.LINEAR_16),
        VoiceMode(1, Coding.UNSIGNED_8),
        VoiceMode(130, Coding.UNSIGNED_8),
        VoiceMode(0, Coding.SIGNED_8),
    ]


def test_12_8_the_same_ids_mean_other_codings_on_a_usr() -> None:
    assert listed_modes(USR5637) == [
        VoiceMode(131, Coding.ULAW),
        VoiceMode(130, Coding.ALAW),
        VoiceMode(129, Coding.LINEAR_16),
        VoiceMode(128, Coding.UNSIGNED_8),
    ]


@pytest.mark.parametrize(
    ("line", "coding"),
    [
        ('+VSM: 4,"G.711U",8,0,(8000),(0),(0)', Coding.ULAW),
        ('5,"G.711A",8,0,(7200-11025),(0),(0)', Coding.ALAW),
        ('1,"8-bit unsigned PCM",8', Coding.UNSIGNED_8),
        ('128,"8-BIT LINEAR",(7200,11025)', None),
        ('7,"G.726",4,0,8000', None),
        ("OK", None),
        ('1,"', None),
    ],
)
def test_12_8_other_spellings(line: str, coding: Coding | None) -> None:
    assert [mode.coding for mode in listed_modes([line])] == ([coding] if coding else [])


@given(st.sampled_from(list(Coding)), st.lists(st.integers(-32768, 32767), min_size=1, max_size=50))
def test_12_14_samples_come_back_within_the_coding_s_step(coding: Coding, values: list[int]) -> None:
    samples = np.array(values, dtype=np.int16)
    coded = coding.encode(samples)
    assert len(coded) == len(samples) * coding.sample_bytes
    back = coding.decode(coded).astype(int)
    step = {Coding.LINEAR_16: 0, Coding.UNSIGNED_8: 256, Coding.SIGNED_8: 256}.get(coding, 1024)
    assert np.max(np.abs(back - samples)) <= step


@given(st.lists(st.text(max_size=60), max_size=20))
def test_12_18_any_list(lines: list[str]) -> None:
    listed_modes(lines)
