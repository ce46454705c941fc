"""The unit and the udev rules of a machine."""

import os
import re
from pathlib import Path

import pytest

from gateway.doctor.modem_manager import rule
from gateway.init.modems import Finder, PortsHang, ask_modems
from gateway.init.service import lines_rules, own_command, service_files, shipped, unit
from tests.unit.doctor.tree import Tree
from tests.unit.init.scripted import nobody

pytestmark = pytest.mark.unit

DEPLOY = Path(__file__).parents[3] / "deploy"


def test_the_unit_is_the_shipped_one_calling_this_command() -> None:
    ours = unit("/opt/sansheng/bin/sansheng")
    assert "ExecStart=/opt/sansheng/bin/sansheng run -c /etc/sansheng/gateway.toml" in ours
    assert "/usr/bin/sansheng" not in ours
    assert 'ExecStart="/a b/50%%/sansheng" run' in unit("/a b/50%/sansheng")
    assert (
        ours.replace("/opt/sansheng/bin/sansheng", "/usr/bin/sansheng")
        == (DEPLOY / "systemd/sansheng.service").read_text()
    )


def test_two_identical_modems_have_names_by_their_sockets(tree: Tree) -> None:
    tree.modem("ttyACM0", "1-2")
    tree.modem("ttyACM1", "1-3")
    finder = Finder(tree.machine)
    ports = [tty.port for tty in finder.plugged()]
    assert ports == ["/dev/serial/by-path/pci-0-usb-0:2:1.0", "/dev/serial/by-path/pci-0-usb-0:3:1.0"]
    assert finder.lasting("/dev/ttyACM1") == ports[1]
    rules = [line.split(", ") for line in lines_rules(ports, tree.machine).splitlines() if line[:1] != "#"]
    tty = ['ACTION!="remove"', 'SUBSYSTEM=="tty"']
    assert rules == [
        [*tty, 'SYMLINK=="serial/by-path/pci-0-usb-0:2:1.0"', 'SYMLINK+="sansheng/fxo1"'],
        [*tty, 'SYMLINK=="serial/by-path/pci-0-usb-0:3:1.0"', 'SYMLINK+="sansheng/fxo2"'],
    ]


def test_a_modem_that_the_shipped_rules_do_not_know_is_kept_from_modem_manager(tree: Tree) -> None:
    tree.modem(vendor="10c4", product="ea60")
    (port,) = (tty.port for tty in Finder(tree.machine).plugged())
    assert rule("10c4", ("ea60",)) in lines_rules([port], tree.machine)


def test_a_modem_that_a_running_gateway_holds_is_taken_unasked(tree: Tree) -> None:
    """A second, unattended run brings the same lines."""
    tree.process(700, "/usr/bin/sansheng", "run", holds=(tree.modem(),))
    tree.modem("ttyACM1", "1-3", vendor="10c4", product="ea60")
    finder = Finder(tree.machine)
    assert ask_modems(nobody(modem="auto"), finder) == ("/dev/serial/by-path/pci-0-usb-0:2:1.0",)
    assert finder.asked == {}


@pytest.mark.parametrize("modem", ["auto", "/dev/ttyACM0"])
def test_a_wedged_device_is_not_waited_for(tree: Tree, modem: str) -> None:
    tree.modem()
    silent = tree.root / "sys/devices/pci0/usb1/1-2/idVendor"
    silent.unlink()
    os.mkfifo(silent)  # whoever reads it waits, as for the lock of a wedged device
    try:
        with pytest.raises(PortsHang):
            ask_modems(nobody(modem=modem), Finder(tree.machine, deadline=0.05))
    finally:
        os.close(os.open(silent, os.O_RDWR))  # the reader that was left behind goes on


def test_a_name_that_would_be_a_pattern_gets_no_link(tree: Tree) -> None:
    assert lines_rules(["/dev/serial/by-id/usb-[x]", "/dev/ttyS0", "usb:1-2"], tree.machine) == ""


def test_what_a_package_has_brought_is_not_hidden(tree: Tree) -> None:
    root = tree.root
    assert [file.path for file in service_files([], tree.machine)] == [
        root / "etc/systemd/system/sansheng.service",
        root / "etc/udev/rules.d/77-sansheng.rules",
    ]
    tree.write("usr/lib/systemd/system/sansheng.service", "")
    tree.write("usr/lib/udev/rules.d/77-sansheng.rules", "")
    assert service_files([], tree.machine) == []


def test_the_command_is_this_environments() -> None:
    assert Path(own_command()).name == "sansheng"
    assert Path(own_command()).exists()


def test_a_wheel_carries_what_is_installed() -> None:
    text = (DEPLOY.parent / "pyproject.toml").read_text()
    carried = dict(re.findall(r'^"(deploy/\S+)" = "gateway/init/shipped/(\S+)"$', text, re.MULTILINE))
    assert sorted(carried) == ["deploy/77-sansheng.rules", "deploy/systemd/sansheng.service"]
    for source, name in carried.items():
        assert Path(source).name == name, "it is looked for under this name"
        assert shipped(source.removeprefix("deploy/")) == (DEPLOY.parent / source).read_text()
