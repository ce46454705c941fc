"""The report: a line a check, cures that can be pasted, no check that hides another, nothing a terminal obeys."""

import asyncio
import json
from pathlib import Path

import pytest

from gateway.cli import doctor as command
from gateway.config import Fault
from gateway.doctor import examination
from gateway.doctor.examination import Examination
from gateway.doctor.finding import Finding, Status, fault, ok, warning
from gateway.doctor.modems import CHECK
from gateway.doctor.scene import Scene
from tests.unit.doctor.tree import Tree, config_of, cured, fxo, of, sip

pytestmark = pytest.mark.unit

FINDINGS = [
    ok("clock", "", "synchronised"),
    warning("disk", "/var", "little room", "df -h /var"),
    fault("serial port", "fxo1", "held by \x1b[2Jscreen (pid 7)", "sudo kill 7; " + "x" * 200, "or not"),
]


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch) -> list[Finding]:
    """What the examination finds."""
    findings = list(FINDINGS)

    async def of_a_list(self: Examination, **_: object) -> list[Finding]:
        return findings

    monkeypatch.setattr(Examination, "findings", of_a_list)
    return findings


def test_a_line_a_check_with_the_cure_beneath_it(found: list[Finding], capsys: pytest.CaptureFixture[str]) -> None:
    assert command.doctor(None) == 1
    assert capsys.readouterr().out.splitlines() == [
        "ok       clock – synchronised",
        "warning  disk /var – little room",
        "           → df -h /var",
        "fault    serial port fxo1 – held by \ufffd[2Jscreen (pid 7)",
        "           → sudo kill 7; " + "x" * 200,
        "           → or not",
        "faults: 1, warnings: 1, ok: 1",
    ]


def test_a_warning_is_no_fault(found: list[Finding], capsys: pytest.CaptureFixture[str]) -> None:
    del found[2]
    assert command.doctor(None) == 0


def test_json_is_an_object_a_line(found: list[Finding], capsys: pytest.CaptureFixture[str]) -> None:
    assert command.doctor(None, as_json=True) == 1
    assert [json.loads(line) for line in capsys.readouterr().out.splitlines()][1] == {
        "check": "disk",
        "subject": "/var",
        "status": "warning",
        "finding": "little room",
        "cure": ["df -h /var"],
    }


async def test_mistakes_in_the_config_are_told_as_check_tells_them(tree: Tree, tmp_path: Path) -> None:
    mistake = Fault(tmp_path / "gateway.toml", 3, "lines[0].port", "no such thing, allowed: a path")
    findings = await Examination(tree.machine, None, [mistake]).findings()
    found = of(findings, "config")
    assert found.finding == f"{tmp_path}/gateway.toml:3: lines[0].port: no such thing, allowed: a path"
    assert f"sansheng check -c {tmp_path}/gateway.toml" in cured(found)


@pytest.mark.parametrize("file", ["idVendor", "serial"])
async def test_a_wedged_usb_device_holds_nothing_up(
    tree: Tree, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str
) -> None:
    tree.modem("ttyACM0", usb="1-2")
    tree.modem("ttyACM1", usb="1-3")
    monkeypatch.setattr(examination, "LOOK", 2.0)
    monkeypatch.setattr(examination, "DEADLINE", 6.0)
    config = config_of(tmp_path, fxo("/dev/ttyACM0"), fxo("/dev/ttyACM1", "fxo2"))
    with tree.hanging(f"sys/devices/pci0/usb1/1-2/{file}"):
        findings = await Examination(tree.machine, config).findings()
    assert of(findings, "data_dir").status is Status.OK
    assert of(findings, "ports").finding == "not finished within 6 s"
    modems = [finding for finding in findings if finding.check == CHECK]
    if file == "serial":
        assert not modems, "it is asked of modems that look alike alone, by a check with its own deadline"
    else:
        assert [finding.status for finding in modems] == [Status.FAULT]
        assert "within 2 s" in modems[0].finding
        assert "unplug it" in cured(modems[0])


async def test_a_check_that_hangs_or_breaks_hides_no_other(
    tree: Tree, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def hangs(_: Scene) -> list[Finding]:
        await asyncio.Event().wait()
        raise AssertionError

    def breaks(_: Scene) -> list[Finding]:
        raise ZeroDivisionError("of the check's own")

    monkeypatch.setattr(examination, "check_packages", hangs)
    monkeypatch.setattr(examination, "check_sip_ports", breaks)
    monkeypatch.setattr(examination, "DEADLINE", 1.0)
    waited: list[list[str]] = []
    config = config_of(tmp_path, sip("127.0.0.1:5062"))
    findings = await Examination(tree.machine, config).findings(waiting=lambda left: waited.append(list(left)))
    told = {finding.check: finding for finding in findings}
    assert told["packages"].finding == "not finished within 1 s"
    assert "ZeroDivisionError: of the check's own" in told["SIP ports"].finding
    assert told["data_dir"].status is Status.OK
    assert waited[0][:3] == ["config", "recordings", "packages"]
    assert waited[-2:] == [["packages"], []]
