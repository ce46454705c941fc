"""Codings by name, and samples through each of them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.fxo.codecs import Coding, ListedCoding, VoiceMode, listed_codings, listed_modes

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


def test_12_08_conexant_130_to_132_by_name() -> None:
    assert listed_modes(CX93001) == [
        VoiceMode(131, Coding.ULAW),
        VoiceMode(132, Coding.ALAW),
        VoiceMode(133, Coding.LINEAR_16),
        VoiceMode(1, Coding.UNSIGNED_8),
        VoiceMode(130, Coding.UNSIGNED_8),
        VoiceMode(0, Coding.SIGNED_8),
    ]


def test_12_08_the_same_ids_mean_other_codings_on_a_usr() -> None:
    assert listed_modes(USR5637) == [
        VoiceMode(131, Coding.ULAW),
        VoiceMode(130, Coding.ALAW),
        VoiceMode(129, Coding.LINEAR_16),
        VoiceMode(128, Coding.UNSIGNED_8),
    ]


CX_MANUAL = [
    '+VSM: 1,"UNSIGNED PCM",8,0,8000,0,0',
    '+VSM: 129,"IMA ADPCM",4,0,8000,0,0',
    '+VSM: 130,"UNSIGNED PCM",8,0,8000,0,0',
    '+VSM: 140,"2 Bit ADPCM",2,0,8000,0,0',
    '+VSM: 141,"4 Bit ADPCM",4,0,8000,0,0',
]
SILABS = [
    '0,"SIGNED PCM",8,0,8000,0,0',
    '1,"UNSIGNED PCM",8,0,8000,0,0',
    '4,"G.711U",8,0,8000,0,0',
    '5,"G.711A",8,0,8000,0,0',
    '129,"ADPCM",2,0,8000,0,0',
    '131,"ADPCM",4,0,8000,0,0',
]
CIRRUS = [
    '0,"8-BIT LINEAR",(4800,7200,8000,9600,11025)',
    '1,"16-BIT LINEAR",(4800,7200,8000,9600,11025)',
    '2,"ADPCM",(4800-11025)',
    '140,"CL1",(4800-11025)',
    '141,"3-BIT ADPCM",(4800-11025)',
]


def ids(lines: list[str]) -> dict[int, Coding]:
    return {mode.id: mode.coding for mode in listed_modes(lines)}


def test_3_2_each_family_s_list() -> None:
    assert ids(CX_MANUAL) == {1: Coding.UNSIGNED_8, 130: Coding.UNSIGNED_8}
    assert ids(SILABS) == {4: Coding.ULAW, 5: Coding.ALAW, 1: Coding.UNSIGNED_8, 0: Coding.SIGNED_8}
    assert ids(CIRRUS) == {0: Coding.UNSIGNED_8, 1: Coding.LINEAR_16}


def test_3_2_what_cannot_be_spoken_is_listed_all_the_same() -> None:
    assert listed_codings(SILABS)[-2:] == [ListedCoding(129, "ADPCM", None), ListedCoding(131, "ADPCM", None)]
    assert [one.id for one in listed_codings(CIRRUS)] == [0, 1, 2, 140, 141]
    assert listed_codings(['128,"8-BIT LINEAR",(7200,11025)']) == [ListedCoding(128, "8-BIT LINEAR", None)]


def test_8_the_order_of_a_family_decides() -> None:
    order = (Coding.UNSIGNED_8, Coding.SIGNED_8, Coding.LINEAR_16, Coding.ULAW, Coding.ALAW)
    assert [mode.id for mode in listed_modes(CX93001, order)] == [1, 130, 0, 133, 131, 132]


@pytest.mark.parametrize(
    ("line", "coding"),
    [
        ('+VSM: 4,"G.711U",8,0,(8000),(0),(0)', Coding.ULAW),
        ('+VSM=4,"G.711 u-law",8,0,(8000),(0),(0)', Coding.ULAW),
        ('(131,"MU-LAW",(8000))', Coding.ULAW),
        ('131,"\xb5-Law",8', Coding.ULAW),
        ('5,"G.711A",8,0,(7200-11025),(0),(0)', Coding.ALAW),
        ('132 , "a law" , 8 , 0 , 8000', Coding.ALAW),
        ('1,"8-bit unsigned PCM",8', Coding.UNSIGNED_8),
        ('1,"PCM",8,0,8000,0,0', Coding.UNSIGNED_8),
        ('1,"PCM",16,0,8000,0,0', Coding.LINEAR_16),
        ('133,"14 bit PCM",14,0,8000,0,0', Coding.LINEAR_16),
        ("131,U-LAW,(8000)", Coding.ULAW),
        ("128,8-BIT LINEAR,(7200,8000,11025)", Coding.UNSIGNED_8),
        ('131,"ULAW"', Coding.ULAW),
        ('131,"ULAW",', Coding.ULAW),
        ('128,"8-BIT LINEAR",(7200,11025)', None),
        ('5,"G.711A",8,0,(9600-11025),(0),(0)', None),
        ('3,"G.729A",1,0,8000', None),
        ('6,"G.723",1,0,8000', None),
        ('7,"G.726",4,0,8000', None),
        ('128,"GSM",1,0,8000', None),
        ('129,"UNSIGNED PCM",4,0,8000,0,0', None),
        ('2,"UNSIGNED PCM",16,0,8000,0,0', None),
        ("OK", None),
        ('1,"', None),
        ('"ULAW",131', None),
        ("NMBR = 131,8000", None),
    ],
)
def test_12_08_other_spellings(line: str, coding: Coding | None) -> None:
    assert [mode.coding for mode in listed_modes([line])] == ([coding] if coding else [])


def test_12_08_several_on_one_line() -> None:
    line = '+VSM: 128,"8-BIT LINEAR",(7200,8000) 130,"A-LAW",(8000) 131,"U-LAW",(7200)'
    assert ids([line]) == {130: Coding.ALAW, 128: Coding.UNSIGNED_8}, "each has its own rates"


def test_12_08_an_entry_that_goes_on_with_on_the_next_line() -> None:
    assert ids(['131,"U-LAW",', "(7200,", "8000)", '130,"A-LAW",', "(7200)"]) == {131: Coding.ULAW}


def test_12_08_junk_between_the_lines_changes_nothing() -> None:
    junk = ["", "+VSM:", "DATE = 1015", "8000", "(", "RING", "\x00", '",",,', "131", "0,0,0,0"]
    mixed = [junk[0], *(line for pair in zip(CX93001, junk, strict=False) for line in pair)]
    assert listed_modes(mixed) == listed_modes(CX93001)


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
