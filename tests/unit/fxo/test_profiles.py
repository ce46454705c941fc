"""Profiles as data: complete, and each stating only differences."""

import re
from dataclasses import fields

import pytest

from drivers.fxo.codecs import Coding
from drivers.fxo.config import FxoConfig
from drivers.fxo.profiles import GENERIC, IDENTIFIABLE, PROFILES, ModemEvent, Profile

pytestmark = pytest.mark.unit

NAMES = ["v253", "conexant", "usr5637", "zoom3095", "multitech", "silabs", "cirrus", "generic"]


def test_every_family_has_its_profile_under_its_name() -> None:
    assert list(PROFILES) == NAMES
    assert {profile.name for profile in IDENTIFIABLE} == set(NAMES) - {"v253", "generic"}
    assert len({profile.title for profile in PROFILES.values()}) == len(NAMES)


def test_an_unknown_profile_is_told_with_what_is_allowed() -> None:
    with pytest.raises(ValueError, match=", ".join(["auto", *NAMES])):
        FxoConfig("fxo1", "/dev/ttyACM0", profile="elsa")


@pytest.mark.parametrize("profile", PROFILES.values(), ids=NAMES)
def test_what_a_profile_states_can_be_used(profile: Profile) -> None:
    for pattern in (*profile.named_by, *profile.shared_words, *(pattern for _, pattern in profile.asked_further)):
        assert not re.search(pattern, "", re.IGNORECASE), "it would name every modem"
    assert profile.caller_id
    assert profile.silence_detection_off
    assert profile.default_codings
    assert profile.end_duplex
    assert set(profile.coding_order) == set(Coding), "a coding without a place could not be sorted"
    for form in profile.coding_forms:
        assert form.format(id=131, rate=8000).startswith("AT+VSM=131,8000")
    assert profile.delays.pace >= 0.1, "V.250 asks for 100 ms"


@pytest.mark.parametrize("profile", PROFILES.values(), ids=NAMES)
def test_2_nothing_is_sent_that_a_family_takes_amiss(profile: Profile) -> None:
    """Cirrus writes on AT%C?; a USR's ATI11 waits for a key; +VNH=2 keeps ATH from hanging up."""
    sent = " ".join(
        text
        for one in fields(profile)
        if one.name in ("extras", "caller_id", "silence_detection_off", "told_by", "coding_forms")
        for text in getattr(profile, one.name)
    ) + " ".join(command for command, _ in profile.asked_further)
    assert not re.search(r"%C|I11|\+VNH|&W|&F", sent)


@pytest.mark.parametrize(
    ("family", "code", "meaning"),
    [
        ("v253", "K", ModemEvent.CONGESTION),
        ("v253", "L", ModemEvent.POLARITY),
        ("conexant", "l", ModemEvent.LOOP_BREAK),
        ("conexant", "P", ModemEvent.EXTENSION_UP),
        ("conexant", "p", ModemEvent.EXTENSION_DOWN),
        ("conexant", "h", ModemEvent.LOOP_OR_PHONE_DOWN),
        ("conexant", "K", None),
        ("zoom3095", "l", ModemEvent.LOOP_BREAK),
        ("usr5637", "H", ModemEvent.PHONE_UP),
        ("usr5637", "h", ModemEvent.PHONE_DOWN),
        ("usr5637", "l", None),
        ("usr5637", "P", None),
        ("multitech", "K", ModemEvent.BUSY),
        ("generic", "b", ModemEvent.BUSY),
    ],
)
def test_5_a_code_means_what_its_family_s_manual_says(family: str, code: str, meaning: ModemEvent | None) -> None:
    assert PROFILES[family].events.get(code) is meaning


def test_3_2_131_is_adpcm_on_a_chip_that_has_4_for_u_law() -> None:
    """What is tried where nothing is listed must not choose ADPCM for µ-law."""
    assert GENERIC.default_codings[0] == (4, Coding.ULAW)
    assert 131 not in dict(PROFILES["silabs"].default_codings)


@pytest.mark.parametrize("family", ["multitech", "silabs", "cirrus", "generic"])
def test_8_sixteen_bits_come_last_where_a_serial_line_may_be_too_slow(family: str) -> None:
    assert PROFILES[family].coding_order[-1] is Coding.LINEAR_16
