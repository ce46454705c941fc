"""Serial ports: there, lasting names, permissions, who holds them, one modem a line."""

from pathlib import Path

import pytest

from gateway.doctor.finding import Finding, Status
from gateway.doctor.machine import Person
from gateway.doctor.ports import FREE, OWN, PERMISSION, PRESENT, check_ports, may_be_asked, permitted
from gateway.doctor.tty import lasting_name, look_at
from tests.unit.doctor.tree import DIALOUT, Tree, config_of, cured, fxo, of, somebody

pytestmark = pytest.mark.unit


def test_a_port_that_is_missing_is_told_with_those_that_are_there(tree: Tree, tmp_path: Path) -> None:
    tree.modem()
    found = of(check_ports(tree.scene(config_of(tmp_path, fxo("/dev/ttyACM7")))), PRESENT)
    assert found.status is Status.FAULT
    assert found.finding == "/dev/ttyACM7 is not there; plugged in are: /dev/serial/by-path/pci-0-usb-0:2:1.0"
    assert "ls -l /dev/serial/by-path/" in cured(found)


def test_a_file_and_the_kernels_other_devices_are_no_serial_ports(tree: Tree, tmp_path: Path) -> None:
    (tree.root / "dev/null").symlink_to("/dev/null")
    assert (
        "is no serial port" in of(check_ports(tree.scene(config_of(tmp_path, fxo("/dev/null")))), PRESENT).finding
    )
    tree.modem()
    found = of(check_ports(tree.scene(config_of(tmp_path, fxo("/dev/ttyACM0")))), PRESENT)
    assert found.status is Status.FAULT
    assert "is no serial port" in found.finding


def test_a_name_that_wanders_is_a_warning_with_the_name_that_stays(tree: Tree, tmp_path: Path) -> None:
    node = tree.terminal("ttyUSB0")
    stays = tree.root / "dev/serial/by-path/pci-0-usb-0:4:1.0"
    stays.parent.mkdir(parents=True)
    stays.symlink_to("../../ttyUSB0")
    found = of(check_ports(tree.scene(config_of(tmp_path, fxo("/dev/ttyUSB0")))), PRESENT)
    assert node.exists()
    assert found.status is Status.WARNING
    assert cured(found) == 'port = "/dev/serial/by-path/pci-0-usb-0:4:1.0"'
    lasting = of(
        check_ports(tree.scene(config_of(tmp_path, fxo("/dev/serial/by-path/pci-0-usb-0:4:1.0")))), PRESENT
    )
    assert lasting.status is Status.OK


@pytest.mark.parametrize(
    ("person", "may", "mode", "status", "finding", "cure"),
    [
        (somebody({1000, DIALOUT}), True, 0o660, Status.OK, "user anna may use /dev/ttyACM0 (dialout)", ""),
        (
            somebody({1000}),
            False,
            0o660,
            Status.FAULT,
            "not in its group dialout",
            "sudo usermod -aG dialout anna",
        ),
        (somebody({1000}, "bert"), False, 0o660, Status.FAULT, "session began before", "newgrp dialout"),
        (somebody({1000, DIALOUT}), False, 0o600, Status.FAULT, "not open to its own group", "unplug"),
        (somebody({1000}), True, 0o666, Status.WARNING, "open to everybody", "sudo usermod -aG dialout anna"),
        (somebody({1000}), True, 0o660, Status.WARNING, "for now", "sudo usermod -aG dialout anna"),
        (Person("root", 0, frozenset({0})), True, 0o660, Status.OK, "run this as that user", ""),
    ],
    ids=["member", "no member", "not yet effective", "mode changed", "chmod 666", "by an ACL", "root"],
)
def test_who_may_use_a_port(
    tree: Tree, person: Person, may: bool, mode: int, status: Status, finding: str, cure: str
) -> None:
    tree.person = person
    node = tree.modem()
    stat = node.stat()
    owned = type(stat)((0o020000 | mode, *stat[1:4], 0, DIALOUT, *stat[6:10]))
    found = permitted(tree.machine, "fxo1", "/dev/ttyACM0", owned, may)
    assert found.status is status
    assert finding in found.finding
    assert status is Status.OK or cure in cured(found)


def test_a_denied_port_is_told_and_its_modem_not_asked(tree: Tree, tmp_path: Path) -> None:
    node = tree.terminal().resolve()
    scene = tree.scene(config_of(tmp_path, fxo("/dev/ttyS0")))
    assert may_be_asked(scene, scene.ttys[0][1])
    tree.refused.add(node)
    scene = tree.scene(config_of(tmp_path, fxo("/dev/ttyS0")))
    assert of(check_ports(scene), PERMISSION).status is Status.FAULT
    assert not may_be_asked(scene, scene.ttys[0][1])


@pytest.mark.parametrize(
    ("command", "cure"),
    [
        (("/usr/sbin/ModemManager",), "sudo systemctl disable --now ModemManager"),
        (("/sbin/agetty", "ttyS0"), "sudo systemctl disable --now serial-getty@"),
        (("minicom", "-D", "/dev/ttyS0"), "sudo kill 812"),
        (
            ("python", "/opt/bin/sansheng", "run"),
            "a port is for one gateway alone: another port, or sudo kill 812",
        ),
    ],
)
def test_who_holds_a_port_is_named_and_how_to_end_him(
    tree: Tree, tmp_path: Path, command: tuple[str, ...], cure: str
) -> None:
    node = tree.terminal().resolve()
    tree.process(812, *command, holds=(node,))
    scene = tree.scene(config_of(tmp_path, fxo("/dev/ttyS0")))
    found = of(check_ports(scene), FREE)
    assert found.status is Status.FAULT
    assert found.finding.startswith("/dev/ttyS0 is held by ")
    assert found.finding.endswith(f"{Path(command[0]).name} (pid 812)")
    assert cure in cured(found)
    assert not may_be_asked(scene, scene.ttys[0][1])


def test_the_gateway_of_this_config_is_no_fault_and_its_modem_not_asked(tree: Tree, tmp_path: Path) -> None:
    node = tree.terminal().resolve()
    config = config_of(tmp_path, fxo("/dev/ttyS0"))
    lock = config.data_path.resolve() / "gateway.lock"
    tree.process(99, "python", "/opt/bin/sansheng", "run", holds=(lock,))
    tree.process(812, "python", "-c", "worker", parent=99, holds=(node,))
    scene = tree.scene(config)
    found = of(check_ports(scene), FREE)
    assert found.status is Status.OK
    assert "the running gateway, python (pid 812)" in found.finding
    assert not may_be_asked(scene, scene.ttys[0][1])


def test_a_lock_tells_who_holds_a_port_that_hides_what_it_has_open(tree: Tree, tmp_path: Path) -> None:
    node = tree.terminal().resolve()
    tree.process(812, "mgetty")
    stat = node.stat()
    device = f"{stat.st_dev >> 8 & 0xFFF:02x}:{stat.st_dev & 0xFF:02x}:{stat.st_ino}"
    tree.write(
        "proc/locks", f"1: FLOCK  ADVISORY  WRITE 812 {device} 0 EOF\n2: POSIX  ADVISORY  READ 1 00:01:7 0 EOF\n"
    )
    found = of(check_ports(tree.scene(config_of(tmp_path, fxo("/dev/ttyS0")))), FREE)
    assert "mgetty (pid 812)" in found.finding


def test_two_ttys_of_one_modem_are_no_two_lines(tree: Tree, tmp_path: Path) -> None:
    tree.modem("ttyACM0", usb="1-2")
    tree.modem("ttyACM1", usb="1-2", interface=2)
    scene = tree.scene(config_of(tmp_path, fxo("/dev/ttyACM0"), fxo("/dev/ttyACM1", "fxo2")))
    found = of(check_ports(scene), OWN)
    assert found.subject == "fxo2"
    assert found.finding == "/dev/ttyACM1 is the same modem as /dev/ttyACM0, which is line fxo1's"


def test_a_modem_by_its_usb_path_is_found_under_any_node(tree: Tree, tmp_path: Path) -> None:
    tree.modem("ttyACM0", usb="1-3")
    tree.modem("ttyACM1", usb="1-2.1").unlink()
    pty = tree.terminal("ttyACM1").resolve()
    scene = tree.scene(config_of(tmp_path, fxo("usb:1-2.1")))
    findings = check_ports(scene)
    assert of(findings, PRESENT) == Finding(PRESENT, "fxo1", Status.OK, "usb:1-2.1 is there")
    assert of(findings, FREE).finding.startswith("nobody is seen to hold usb:1-2.1")
    assert may_be_asked(scene, scene.ttys[0][1])
    tree.process(812, "minicom", holds=(pty,))
    assert of(check_ports(tree.scene(scene.config)), FREE).finding == "usb:1-2.1 is held by minicom (pid 812)"


def test_a_usb_path_names_its_device(tree: Tree, tmp_path: Path) -> None:
    node = tree.modem("ttyACM1", usb="1-2.1")
    tree.modem("ttyACM2", usb="1-2.1", interface=2)
    tty = look_at(tree.machine, "usb:1-2.1")
    assert tty.node == node, "AT is answered on the first tty"
    assert tty.usb is not None
    assert tty.usb.id == "0572:1340"
    assert lasting_name(tree.machine, tty) == "usb:1-2.1"
    findings = check_ports(tree.scene(config_of(tmp_path, fxo("/dev/ttyACM1"), fxo("usb:1-2.1", "fxo2"))))
    assert of(findings, OWN).finding == "usb:1-2.1 is the same modem as /dev/ttyACM1, which is line fxo1's"


def test_an_empty_usb_socket_is_told_with_those_that_have_a_modem(tree: Tree, tmp_path: Path) -> None:
    tree.modem("ttyACM0", usb="1-3")
    tree.modem("ttyACM1", usb="1-2.1")
    tree.modem("ttyACM2", usb="1-2.1", interface=2)
    found = of(check_ports(tree.scene(config_of(tmp_path, fxo("usb:1-2.2")))), PRESENT)
    assert found.status is Status.FAULT
    assert found.finding == "usb:1-2.2 is not there; plugged in are: usb:1-2.1, usb:1-3"


def test_names_by_id_of_modems_with_one_serial_are_a_fault(tree: Tree, tmp_path: Path) -> None:
    tree.modem("ttyACM0", usb="1-2")
    tree.modem("ttyACM1", usb="1-3")
    by_id, by_path = "/dev/serial/by-id/usb-Conexant_12345678-if00", "/dev/serial/by-path/pci-0-usb-0:2:1.0"
    found = of(check_ports(tree.scene(config_of(tmp_path, fxo(by_id), fxo(by_path, "fxo2")))), OWN)
    assert found.subject == "fxo1"
    assert found.status is Status.FAULT
    assert "0572:1340 with the same serial '12345678'" in found.finding
    tree.write("sys/devices/pci0/usb1/1-3/serial", "777\n")
    findings = check_ports(tree.scene(config_of(tmp_path, fxo(by_id), fxo(by_path, "fxo2"))))
    assert not [each for each in findings if each.check == OWN]


def test_without_a_config_every_usb_port_is_looked_at_once(tree: Tree) -> None:
    tree.modem("ttyACM0", usb="1-2")
    tree.modem("ttyUSB1", usb="1-3", serial="777")
    ports = [line for line, _ in tree.scene().ttys]
    assert ports == ["/dev/serial/by-path/pci-0-usb-0:2:1.0", "/dev/serial/by-path/pci-0-usb-0:3:1.0"]
