"""v253 §12.15: a modem pulled out is found again by its USB socket, whatever its node is called by then."""

from pathlib import Path

import pytest

from drivers.fxo.config import FxoConfig
from drivers.fxo.device import UsbPlace, UsbTree, Whereabouts
from drivers.fxo.errors import PortMissing
from drivers.fxo.line import FxoLine
from drivers.line import CallOffered, FaultCode, LegFailed, LineFault, LineRestored
from tests.unit.fxo.fake_usb import FakeUsb
from tests.unit.fxo.journal import Journal
from tests.unit.fxo.peer import ScriptedModem

pytestmark = pytest.mark.pty


@pytest.fixture
async def usb(tmp_path: Path):
    usb = FakeUsb(tmp_path)
    yield usb
    usb.close()


def found(usb: FakeUsb, port: Path | str) -> Whereabouts:
    """Whereabouts of a modem that was opened under `port` once."""
    where = Whereabouts(str(port), usb.tree)
    where.opened(where.locate())
    return where


async def test_12_15_the_place_is_socket_product_and_interface(usb: FakeUsb) -> None:
    peer = usb.plug("1-2.1", "ttyACM0", interface=2)
    assert usb.tree.place_of(str(peer.path)) == UsbPlace("1-2.1", 2, "0572", "1340")
    assert usb.tree.place_of(str(usb.by_id)) == UsbPlace("1-2.1", 2, "0572", "1340")


async def test_12_15_a_serial_bridge_has_a_place_too(usb: FakeUsb) -> None:
    peer = usb.plug("1-4", "ttyUSB0", port="ttyUSB0")
    assert usb.tree.place_of(str(peer.path)) == UsbPlace("1-4", 0, "0572", "1340")


async def test_12_15_what_is_not_on_the_usb_has_no_place(tmp_path: Path, usb: FakeUsb) -> None:
    plain = tmp_path / "plain"
    plain.write_text("no device")
    for node in (plain, tmp_path / "missing", Path("/dev/null"), Path("a\0b")):
        assert usb.tree.place_of(str(node)) is None
    assert UsbTree(tmp_path / "nothing").ttys() == {}
    where = found(usb, plain)
    assert where.locate() == str(plain)


async def test_12_15_a_renumbered_node_is_found_by_its_socket(usb: FakeUsb) -> None:
    where = found(usb, usb.plug("1-2.1", "ttyACM0").path)
    usb.unplug("1-2.1")
    assert where.locate().endswith("ttyACM0"), "nothing there: opening it tells that"
    usb.plug("1-2.1", "ttyACM1")
    assert where.locate() == str(usb.dev / "ttyACM1")


async def test_12_15_ours_is_taken_though_another_has_its_name(usb: FakeUsb) -> None:
    where = found(usb, usb.plug("1-2.1", "ttyACM0").path)
    usb.unplug("1-2.1")
    usb.plug("1-2.2", "ttyACM0")
    with pytest.raises(PortMissing, match=r"1-2\.1.*1-2\.2.*same socket"):
        where.locate()
    usb.plug("1-2.1", "ttyACM1")
    assert where.locate() == str(usb.dev / "ttyACM1")


async def test_12_15_two_of_one_serial_number_are_never_mixed_up(usb: FakeUsb) -> None:
    """Their by-id link is one, and is that of whichever was plugged in last."""
    usb.plug("1-2.1", "ttyACM0")
    first = found(usb, usb.by_id)
    usb.plug("1-2.2", "ttyACM1")
    second = found(usb, usb.by_id)
    assert (first.locate(), second.locate()) == (str(usb.dev / "ttyACM0"), str(usb.dev / "ttyACM1"))
    usb.unplug("1-2.1")
    usb.unplug("1-2.2")
    usb.plug("1-2.2", "ttyACM0")
    with pytest.raises(PortMissing):
        first.locate()
    assert second.locate() == str(usb.dev / "ttyACM0")


async def test_12_15_another_model_in_the_same_socket_is_taken_by_its_name(usb: FakeUsb) -> None:
    where = found(usb, usb.plug("1-2.1", "ttyACM0").path)
    usb.unplug("1-2.1")
    usb.plug("1-2.1", "ttyACM0", product="1328")
    assert where.locate() == str(usb.dev / "ttyACM0")


async def test_12_15_a_port_given_as_a_usb_path(usb: FakeUsb) -> None:
    where = Whereabouts("usb:1-2.1", usb.tree)
    with pytest.raises(PortMissing, match=r"usb:1-2\.1.*no modem on the USB"):
        where.locate()
    usb.plug("1-2.2", "ttyACM0")
    with pytest.raises(PortMissing, match=r"ttyACM0 at USB path 1-2\.2 \(0572:1340, interface 0\)"):
        where.locate()
    usb.plug("1-2.1", "ttyACM1", interface=1)
    assert where.locate() == str(usb.dev / "ttyACM1")


async def test_12_15_a_line_whose_modem_comes_back_under_another_name(usb: FakeUsb) -> None:
    ScriptedModem(usb.plug("1-2.1", "ttyACM0"))
    line = FxoLine(FxoConfig("fxo1", str(usb.dev / "ttyACM0")), usb.tree)
    journal = Journal()
    try:
        await line.open(journal)
        usb.peers["1-2.1"].write(b"\r\nRING\r\n")
        await journal.wait(CallOffered)
        usb.unplug("1-2.1")
        other = usb.plug("1-2.2", "ttyACM0")
        ours = usb.plug("1-2.1", "ttyACM1")
        modem = ScriptedModem(ours)
        await journal.wait(LineRestored, count=2)
    finally:
        await line.close()
    assert journal.names() == [
        "LineRestored",
        "CallOffered",
        "RingBurst",
        "LegFailed",
        "LineFault",
        "LineRestored",
    ]
    assert journal.of(LegFailed)[0].code is FaultCode.PORT_LOST
    assert "ATZ" in modem.commands, "set up anew, the call not resumed"
    assert not other.received, "the stranger that has its name was not touched"


async def test_12_15_a_line_on_a_usb_path_waits_for_its_modem(usb: FakeUsb) -> None:
    line = FxoLine(FxoConfig("fxo1", "usb:1-3"), usb.tree)
    journal = Journal()
    try:
        await line.open(journal)
        assert journal.of(LineFault)[0].code is FaultCode.PORT_MISSING
        ScriptedModem(usb.plug("1-3", "ttyACM7"))
        await journal.wait(LineRestored)
    finally:
        await line.close()
