"""Who a modem is: the words of §2.1 as real modems say them, USB ids as hints, firmware without voice."""

from pathlib import Path

import pytest

from drivers.fxo.identify import FIRST, UsbId, Words, firmware_of, identify, too_old
from drivers.fxo.profiles import PROFILES
from drivers.fxo.usb import usb_id
from tests.unit.fxo.fake_usb import FakeUsb

pytestmark = pytest.mark.unit

CONEXANT_USB, ZOOM_USB = UsbId(0x0572, 0x1329), UsbId(0x0803, 0x3095)


def words(ati3: str = "", gmr: str = "", ati0: str = "", ati6: str = "", usb: UsbId | None = None) -> Words:
    said = {"ATI3": ati3, "AT+GMR": gmr, "ATI0": ati0, "ATI6": ati6}
    return Words({command: (line,) for command, line in said.items() if line}, usb)


@pytest.mark.parametrize(
    ("said", "family"),
    [
        (words("CX93001-EIS_V0.2013-V92", "CX93001-EIS_V0.2013-V92", "56000"), "conexant"),
        (words("CX93001-EIS_V0.2002-V92", ati0="56000"), "conexant"),
        (words(gmr="CX93010-2x"), "conexant"),
        (words("U.S. Robotics 56K FAX USB V1.2.23", ati0="5601"), "usr5637"),
        (words(ati0="5601"), "usr5637"),
        (words("NPA1F01"), "usr5637"),
        (words("MT9234MU V.92 Data/Fax/Voice", ati0="MT9234MU"), "multitech"),
        (words("LT V.92 Data+Fax+Voice Modem Version 1.26d MT5634ZBA-USB-V92"), "multitech"),
        (words(ati0="MT9234ZBA-USB"), "multitech"),
        (words(ati0="B", ati6="2457"), "silabs"),
        (words(ati0="C", ati6="2401"), "silabs"),
        (words("CL-MD56xx", ati0="56000"), "cirrus"),
        (words("CL-MD5650", ati0="56000"), "cirrus"),
        (words(ati0="33600"), "generic"),
        (words(), "generic"),
    ],
)
def test_12_08_each_family_by_its_own_words(said: Words, family: str) -> None:
    assert identify(said).name == family


@pytest.mark.parametrize(
    ("usb", "family"),
    [
        (None, "generic"),
        (CONEXANT_USB, "conexant"),
        (ZOOM_USB, "zoom3095"),
        (UsbId(0x067B, 0x2303), "generic"),
    ],
)
def test_12_08_56000_alone_is_no_proof(usb: UsbId | None, family: str) -> None:
    """Conexant, Zoom and Cirrus say it; a serial bridge may have any modem behind it."""
    assert identify(words(ati0="56000", usb=usb)).name == family


def test_2_1_a_zoom_is_told_from_a_conexant_by_its_usb_id() -> None:
    said = "CX93001-EIS_V0.2002-V92"
    assert identify(words(said, said, "56000")).name == "conexant"
    assert identify(words(said, said, "56000", usb=CONEXANT_USB)).name == "conexant"
    assert identify(words(said, said, "56000", usb=ZOOM_USB)).name == "zoom3095"


def test_2_1_a_usb_id_never_stands_against_the_modem_s_own_words() -> None:
    assert identify(words("U.S. Robotics 56K FAX USB V1.2.23", usb=ZOOM_USB)).name == "usr5637"
    assert identify(words("CL-MD56xx", ati0="56000", usb=CONEXANT_USB)).name == "cirrus"
    assert identify(words(usb=ZOOM_USB)).name == "generic", "a modem that says nothing is taken at no maker's word"


def test_2_1_a_product_s_usb_id_names_a_modem_whose_words_name_none() -> None:
    assert identify(words("V.92 Modem", usb=UsbId(0x0BAF, 0x0303))).name == "usr5637"
    assert identify(words(ati0="33600", usb=UsbId(0x06E0, 0xF115))).name == "multitech"
    assert identify(words("V.92 Modem", usb=UsbId(0x0BAF, 0x0304))).name == "generic", "another product"
    assert identify(words("V.92 Modem", usb=CONEXANT_USB)).name == "generic", "a vendor of many chips"
    assert identify(words(usb=UsbId(0x0BAF, 0x0303))).name == "generic", "it says nothing at all"


def test_2_1_ati3_is_believed_before_ati0() -> None:
    assert identify(words("CX93001-EIS_V0.2013-V92", ati0="5601")).name == "conexant"


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("U.S. Robotics 56K FAX USB V1.2.19", "1.2.19"),
        ("U.S. Robotics 56K FAX USB V1.2.6", "1.2.6"),
        ("U.S. Robotics 56K FAX USB V1.1.99", "1.1.99"),
        ("U.S. Robotics 56K FAX USB V1.2.21", None),
        ("U.S. Robotics 56K FAX USB V1.2.23", None),
        ("U.S. Robotics 56K FAX USB V1.10.2", None),
        ("U.S. Robotics 56K Voice Model V0.9.1", None),
        ("U.S. Robotics", None),
    ],
)
def test_10_usr5637_firmware_before_1_2_21_has_no_voice(line: str, found: str | None) -> None:
    """Figures are compared as figures, and only those of the product whose release notes tell it."""
    assert too_old(PROFILES["usr5637"], words(line)) == ((found, "1.2.21") if found else None)
    assert too_old(PROFILES["conexant"], words(line)) is None


def test_the_firmware_is_told_in_the_modem_s_words() -> None:
    assert firmware_of(words("U.S. Robotics 56K FAX USB V1.2.23", "V1.2.23")) == "V1.2.23"
    assert firmware_of(words("CL-MD56xx", ati0="56000")) == "CL-MD56xx"
    assert firmware_of(words(ati0="56000")) is None


def test_all_that_was_said_is_told_once_and_bounded() -> None:
    said = words("CX93001", "CX93001", "56000")
    assert said.told() == "CX93001 / 56000"
    assert words().told() == "says nothing of itself"
    assert len(Words({FIRST[0]: ("x" * 500,)}).told()) == 200


@pytest.mark.parametrize("bridge", ["", "ttyUSB0"])
async def test_2_1_the_usb_id_is_that_of_the_device_behind_the_port(tmp_path: Path, bridge: str) -> None:
    usb = FakeUsb(tmp_path)
    peer = usb.plug("1-2.1", "ttyACM0", product="1329", port=bridge)
    try:
        for port in (str(peer.path), str(usb.by_id), "usb:1-2.1"):
            found = usb_id(port, usb.tree)
            assert found == UsbId(0x0572, 0x1329), port
            assert str(found) == "0572:1329"
        assert usb_id("usb:1-9", usb.tree) is None
        (tmp_path / "sys/devices/pci0/usb1/1-2/1-2.1/idVendor").write_text("none\n")
        assert usb_id(str(peer.path), usb.tree) is None
    finally:
        usb.close()


def test_2_1_a_port_that_is_no_usb_device_has_no_id(tmp_path: Path) -> None:
    assert usb_id("/dev/null") is None
    assert usb_id(str(tmp_path / "missing")) is None
