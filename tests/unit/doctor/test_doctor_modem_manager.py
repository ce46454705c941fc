"""ModemManager: whether it runs, and whether udev keeps it from the line's modem."""

from pathlib import Path

import pytest

from gateway.doctor.finding import Finding, Status
from gateway.doctor.modem_manager import VENDORS, check_modem_manager, rule
from tests.unit.doctor.tree import Tree, config_of, cured, fxo

pytestmark = pytest.mark.unit

SHIPPED = Path(__file__).parents[3] / "deploy" / "77-sansheng.rules"


def found(tree: Tree, tmp_path: Path, running: bool = True) -> Finding:
    if running:
        tree.process(700, "/usr/sbin/ModemManager")
    (finding,) = check_modem_manager(tree.scene(config_of(tmp_path, fxo("/dev/ttyACM0"))))
    return finding


def test_without_modem_manager_no_rule_is_needed(tree: Tree, tmp_path: Path) -> None:
    tree.modem()
    assert found(tree, tmp_path, running=False).status is Status.OK


def test_running_without_a_rule_is_a_fault_and_the_cure_is_the_shipped_rule(tree: Tree, tmp_path: Path) -> None:
    tree.modem()
    finding = found(tree, tmp_path)
    assert finding.status is Status.FAULT
    assert finding.finding == "ModemManager (pid 700) runs; no udev rule keeps it from 0572:1340"
    assert f"echo '{rule('0572')}' | sudo tee -a /etc/udev/rules.d/78-sansheng-lines.rules" in cured(finding)
    assert "sudo udevadm control --reload && sudo udevadm trigger" in cured(finding)


def test_installed_without_a_rule_is_a_warning(tree: Tree, tmp_path: Path) -> None:
    tree.modem()
    tree.write("usr/sbin/ModemManager", "")
    assert found(tree, tmp_path, running=False).status is Status.WARNING


@pytest.mark.parametrize("record", ["c166:0", "c189:0", "+usb:1-2:1.0"])
@pytest.mark.parametrize("tag", ["ID_MM_DEVICE_IGNORE", "ID_MM_PORT_IGNORE"])
def test_a_tag_in_udevs_database_keeps_it_away(tree: Tree, tmp_path: Path, record: str, tag: str) -> None:
    tree.modem()
    tree.udev(record, "ID_BUS=usb", f"{tag}=1")
    assert found(tree, tmp_path).status is Status.OK


def test_a_tag_of_a_serial_bridge_and_of_a_modem_by_its_usb_path(tree: Tree, tmp_path: Path) -> None:
    tree.process(700, "/usr/sbin/ModemManager")
    bridge = tree.root / "sys/devices/pci0/usb1/1-4/1-4:1.0/ttyUSB0/tty/ttyUSB0"
    bridge.mkdir(parents=True)
    for name, text in (("idVendor", "067b"), ("idProduct", "2303")):
        tree.write(f"sys/devices/pci0/usb1/1-4/{name}", text)
    (tree.root / "sys/class/tty/ttyUSB0").symlink_to(bridge)
    tree.write("dev/ttyUSB0", "")
    (before,) = check_modem_manager(tree.scene(config_of(tmp_path, fxo("usb:1-4"))))
    assert before.finding.endswith("no udev rule keeps it from 067b:2303")
    tree.udev("+usb:1-4:1.0", "ID_MM_PORT_IGNORE=1")
    (after,) = check_modem_manager(tree.scene(config_of(tmp_path, fxo("usb:1-4"))))
    assert after.status is Status.OK


def test_a_tag_that_says_no_does_not_keep_it_away(tree: Tree, tmp_path: Path) -> None:
    tree.modem()
    tree.udev("c166:0", "ID_MM_PORT_IGNORE=0", "ID_MM_CANDIDATE=1")
    assert found(tree, tmp_path).status is Status.FAULT


def test_a_rule_that_is_there_but_was_not_applied_is_told_so(tree: Tree, tmp_path: Path) -> None:
    tree.modem()
    tree.write("etc/udev/rules.d/77-sansheng.rules", SHIPPED.read_text())
    finding = found(tree, tmp_path)
    assert "has not been applied" in finding.finding
    assert "tee" not in cured(finding)


def test_a_modem_of_an_unknown_vendor_gets_a_rule_of_its_own(tree: Tree, tmp_path: Path) -> None:
    tree.modem(vendor="10c4", product="ea60")
    tree.write("etc/udev/rules.d/77-sansheng.rules", SHIPPED.read_text())
    assert rule("10c4", ("ea60",)) in cured(found(tree, tmp_path))


def test_without_modems_the_missing_rules_are_told_before_one_is_plugged_in(tree: Tree) -> None:
    tree.process(700, "/usr/sbin/ModemManager")
    (finding,) = check_modem_manager(tree.scene())
    assert finding.status is Status.WARNING
    tree.write("etc/udev/rules.d/77-sansheng.rules", SHIPPED.read_text())
    (finding,) = check_modem_manager(tree.scene())
    assert finding.status is Status.OK


def test_the_shipped_rules_are_those_that_the_doctor_knows() -> None:
    lines = [line for line in SHIPPED.read_text().splitlines() if line and not line.startswith("#")]
    assert lines == [rule(vendor, products) for vendor, products in VENDORS.items()]
    page = (SHIPPED.parents[1] / "docs" / "fxo.md").read_text()
    assert "77-sansheng.rules" in page
