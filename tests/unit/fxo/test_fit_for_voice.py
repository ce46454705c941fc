"""Which modems are fit for voice: firmware, class 8, and a coding that both sides speak."""

import pytest

from drivers.fxo.codecs import Coding
from drivers.fxo.errors import ModemUnfit
from drivers.fxo.profiles import PROFILES
from tests.unit.fxo.paper_modem import ERROR, info
from tests.unit.fxo.started import CONEXANT, PORT, STARTECH_KEM3, Answers, Started, usr

pytestmark = pytest.mark.unit


# -- voice or not --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", ["1.2.19", "1.2.20"])
@pytest.mark.parametrize("classes", ["0,1,2.0", "0,1,2.0,8"])
def test_10_old_usr5637_firmware_is_named_with_the_one_needed(version: str, classes: str) -> None:
    with pytest.raises(ModemUnfit, match=rf"{PORT}.*USR5637 has firmware {version}.*1\.2\.21 or newer"):
        Started(usr(version, classes))


@pytest.mark.parametrize("version", ["1.2.21", "1.2.23"])
def test_10_newer_firmware_is_fit(version: str) -> None:
    assert Started(usr(version)).setup.profile.name == "usr5637"


def test_10_a_modem_without_class_8_is_unfit_and_named() -> None:
    with pytest.raises(ModemUnfit, match=r"Agere SoftModem.*has no voice: its classes are 0,1,1\.0,2, without 8"):
        Started(STARTECH_KEM3)


def test_10_refused_class_8_is_unfit_even_where_the_list_is_silent() -> None:
    with pytest.raises(ModemUnfit, match=r"refuses \+FCLASS=8.*firmware: unknown"):
        Started({"AT+FCLASS=?": ERROR, "AT+FCLASS=8": ERROR})
    with pytest.raises(ModemUnfit, match=r"needs firmware 1\.2\.21"):
        Started({"ATI3": ERROR, "ATI0": info("5601"), "AT+FCLASS=?": ERROR, "AT+FCLASS=8": ERROR})


@pytest.mark.parametrize("classes", ["0,1,1.0,2,8", "+FCLASS: (0,1,2.0,8)", "(0-1),8", "0,1,8.0,8"])
def test_12_08_class_8_in_any_spelling(classes: str) -> None:
    assert Started({**CONEXANT, "AT+FCLASS=?": info(classes)}).setup.modes


@pytest.mark.parametrize("classes", ["0,1,1.0,2", "0,1,8.0", "0,1,18,2.8"])
def test_12_08_other_classes_are_no_voice(classes: str) -> None:
    with pytest.raises(ModemUnfit):
        Started({**CONEXANT, "AT+FCLASS=?": info(classes)})


def test_3_2_where_no_coding_is_listed_the_family_s_are_tried() -> None:
    usr_setup = Started(usr("1.2.23")).setup
    assert [(mode.id, mode.coding) for mode in usr_setup.modes][:2] == [(131, Coding.ULAW), (130, Coding.ALAW)]


ADPCM = info('2,"ADPCM",(8000)', '140,"IMA ADPCM",4,0,8000,0,0')
"""What a modem lists that speaks compressed codings alone."""


def refusing(profile: str) -> Answers:
    """ERROR to every coding that is usual in the family."""
    forms = ("AT+VSM={},8000", "AT+VSM={},8000,0,0")
    return {form.format(number): ERROR for number, _ in PROFILES[profile].default_codings for form in forms}


@pytest.mark.parametrize("profile", ["conexant", "generic"])
def test_3_2_a_modem_without_any_coding_of_ours_is_unfit_and_named_with_what_it_lists(profile: str) -> None:
    told = (
        rf"{PORT}: this modem .* lists ADPCM, IMA ADPCM \(\+VSM=\?\).* µ-law, A-law or linear .* docs/modems\.md"
    )
    answers = {**CONEXANT, **refusing(profile), "AT+VSM=?": ADPCM}
    with pytest.raises(ModemUnfit, match=told):
        Started(answers, profile=profile)


def test_3_2_the_family_s_codings_are_tried_in_class_8_and_those_taken_are_kept() -> None:
    started = Started({**CONEXANT, **refusing("conexant"), "AT+VSM=?": ADPCM, "AT+VSM=132,8000,0,0": info()})
    assert [(mode.id, mode.coding) for mode in started.setup.modes] == [(132, Coding.ALAW)]
    assert started.place("AT+FCLASS=8") < started.place("AT+VSM=132,8000,0,0")
    assert "AT+FCLASS=0" in started.modem.commands[started.place("AT+VSM=132,8000,0,0") :]
    assert "AT+VLS=1" not in started.modem.commands


def test_3_2_a_number_listed_as_compressed_is_not_taken_for_another_coding() -> None:
    """131 is µ-law with Conexant; this one says OK to it and means ADPCM."""
    listed = info('131,"ADPCM",4,0,8000,0,0', '132,"G.723.1"', '1,"GSM"')
    with pytest.raises(ModemUnfit, match=r"ADPCM, G\.723\.1, GSM"):
        Started({**CONEXANT, "AT+VSM=?": listed})


@pytest.mark.parametrize("listed", [info(), info("128,129,130"), info("?"), ERROR])
def test_3_2_an_empty_or_unreadable_list_still_means_the_family_s(listed: bytes) -> None:
    started = Started({**CONEXANT, **refusing("conexant"), "AT+VSM=?": listed})
    assert [mode.id for mode in started.setup.modes] == [131, 132, 1]


def test_8_a_cirrus_on_a_serial_line_is_asked_for_8_bits_before_16() -> None:
    listed = info('128,"8-BIT LINEAR",(4800,8000)', '129,"16-BIT LINEAR",(4800,8000)')
    setup = Started({"ATI3": info("CL-MD56xx"), "AT+VSM=?": listed}).setup
    assert [mode.id for mode in setup.modes] == [128, 129]
