"""Which numbers a call-back may be dialled to (JS-7): what a caller ID claims, and what somebody keys in, is
hostile."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.tickets.numbers import dialable

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("number", "dialled"),
    [
        ("13812345678", "13812345678"),
        ("19912345678", "19912345678"),
        ("17012345678", "17012345678"),
        ("013812345678", "13812345678"),
        ("+8613812345678", "13812345678"),
        ("008613812345678", "13812345678"),
        ("01088881234", "01088881234"),
        ("0108888123", "0108888123"),
        ("02188881234", "02188881234"),
        ("053188881234", "053188881234"),
        ("09916666123", "09916666123"),
        ("+8653188881234", "053188881234"),
        ("00861088881234", "01088881234"),
        ("88881234", "88881234"),
        ("2345678", "2345678"),
    ],
)
def test_the_countrys_ordinary_telephones_may_be_called(number: str, dialled: str) -> None:
    assert dialable(number) == dialled


HOSTILE = {
    "emergency": ("110", "119", "120", "122", "112", "0110", "+86110", "0086120"),
    "services": ("10086", "12345", "95588", "96018", "114", "12315", "4008001234", "8008101234"),
    "services after a trunk's 0": ("04008001234", "0400123456", "08008101234", "053195588123"),
    "premium": ("16812345", "96812345", "01016812345", "053116888888", "09612345678", "053196812345"),
    "abroad": ("+12125550123", "0012125550123", "+85212345678", "0085212345678", "+8821612345678"),
    "another carrier's": ("17909001234", "17951123456", "017909123456", "+8617909123456"),
    "wrong lengths": ("1381234567", "138123456789", "0531888812345", "053118881234", "0108888", "1234567"),
    "no such area": ("12012345678", "02612345678", "00012345678"),
    "prefixes": ("", " ", "0", "00", "+", "1", "86", "+86", "0086", "8613812345678", "+86013812345678"),
    "prefixes twice": ("+86+8613812345678", "0086008613812345678", "+8688881234", "++8613812345678"),
    "pauses and keys": ("13812345678,,1", "13812345678w1", "13812345678#", "*9013812345678", "13812345678A"),
    "parameters": ("13812345678;ext=1", "+8613812345678;phone-context=+1", "13812345678?Replaces=x"),
    "addresses": ("sip:13812345678@pbx", "sip:+12125550123@pbx;user=phone", "tel:13812345678", "13812345678@x"),
    "line ends": ("13812345678\n", "\n13812345678", "13812345678\r\nDial: 1", "13812345678\0", "88881234\n"),
    "separators": (" 13812345678", "138 1234 5678", "138-1234-5678", "(0531)88881234", "{number}", "138_1234"),
    "other digits": ("１３８１２３４５６７８", "١٣٨١٢٣٤٥٦٧٨", "1381234567８", "13812345⁶78", "+86１3812345678"),
}


@pytest.mark.parametrize("number", [one for kind in HOSTILE.values() for one in kind])
def test_nothing_else_may(number: str) -> None:
    assert dialable(number) is None


def test_no_number_is_none() -> None:
    assert dialable(None) is None


def test_a_site_may_allow_more() -> None:
    also = (re.compile("400[0-9]{7}"), re.compile("0085[23][0-9]{8}"))
    assert dialable("4008001234") is None
    assert dialable("4008001234", also) == "4008001234"
    assert dialable("+85223456789", also) == "0085223456789"
    assert dialable("94008001234", also) is None, "the whole number"
    assert dialable("40080012345", also) is None, "the whole number"
    assert dialable("4008001234,1", also) is None
    assert dialable("4008001234\n", also) is None
    assert dialable("４００8001234", also) is None


@pytest.mark.parametrize("number", ["110", "119", "120", "+86110", "00120", "911", "112"])
def test_no_pattern_opens_emergency_services(number: str) -> None:
    assert dialable(number, (re.compile(".*"),)) is None


@pytest.mark.parametrize("number", ["13812345678,1", "1w1", "sip:1@x", "1;2", "1 2", "12*", "１２３４", "1" * 21])
def test_no_pattern_opens_what_is_no_number(number: str) -> None:
    assert dialable(number, (re.compile(".*"), re.compile(r"[\s\S]*"))) is None


@given(st.text(max_size=24) | st.from_regex(r"[+0-9,;w*#@ ]{1,24}", fullmatch=True))
def test_whatever_is_dialled_is_an_ordinary_telephone(number: str) -> None:
    """By counting alone, apart from the patterns: ASCII digits, of a mobile's, a landline's or a local number's
    length and beginning."""
    dialled = dialable(number)
    if dialled is None:
        return
    assert set(dialled) <= set("0123456789")
    assert dialable(dialled) == dialled, "what was normalised is as it is dialled"
    if dialled[0] == "1":
        assert len(dialled) == 11
        assert dialled[1] in "3456789"
    elif dialled[0] == "0":
        assert 10 <= len(dialled) <= 12
        assert dialled[1] in "123456789"
        assert dialled[:2] != "00"
    else:
        assert 7 <= len(dialled) <= 8
        assert dialled[0] in "2345678"
