"""What the probe prints: stable keys, the table, and a block that the gateway's own config reader takes."""

import asyncio
import json
import logging
import os
import pty
import signal
from contextlib import suppress
from pathlib import Path

import pytest

from drivers.fxo.config import FxoConfig
from drivers.fxo.profiles import PROFILES
from gateway.cli.interruptible import run_to_its_end
from gateway.cli.modem import probe
from gateway.cli.modem_shown import as_fields, lines_block, show
from gateway.config import FxoLineConfig, check_profiles, load_config
from gateway.doctor.machine import Machine
from tests.unit.fxo.test_findings import found

pytestmark = pytest.mark.unit

KEYS = [
    *("port", "usable", "identity", "firmware", "usb", "profile", "voice", "classes", "codings", "listed", "echo"),
    *("duplex", "caller_id", "country", "sources", "told", "off_hook", "limits", "lines"),
]
NOBODY = 65534
CONFIG = FxoConfig("probe", "/dev/ttyACM0")


def test_the_json_has_every_key_whatever_the_modem() -> None:
    assert list(as_fields(CONFIG, found("conexant"))) == KEYS
    unfit = as_fields(CONFIG, found("usr5637", "V1.2.19"))
    assert sorted(unfit) == sorted([*KEYS, "code", "detail"])
    assert unfit["usable"] is unfit["voice"] is False
    assert (unfit["code"], unfit["codings"], unfit["echo"]) == ("modem_unfit", [], None)
    assert "1.2.21" in unfit["detail"]


def test_the_json_of_a_usr5637() -> None:
    fields = json.loads(json.dumps(as_fields(CONFIG, found("usr5637", off_hook=True))))
    assert fields["profile"] == "usr5637"
    assert fields["codings"][0] == "µ-law (+VSM=131)"
    assert fields["listed"][-1] == {"id": 133, "name": "G.729", "coding": None}
    assert fields["country"] == {"set": "26", "wanted": "26", "offered": True}
    assert fields["sources"]["1"] == "T"
    assert fields["duplex"] is True
    assert fields["off_hook"] | {"bytes_per_second": 8000} == {
        "seized": True,
        "refused": None,
        "audio": True,
        "bytes_per_second": 8000,
    }
    assert fields["caller_id"] is True


def test_the_block_is_what_the_gateway_reads(tmp_path: Path) -> None:
    config = tmp_path / "gateway.toml"
    config.write_text(
        'site = "jinan"\ndialplan = "jihua-gas"\n\n' + lines_block(CONFIG) + '\n[[agents]]\nnumber = "801"\n'
    )
    loaded = load_config(config)
    check_profiles(loaded, PROFILES)
    (line,) = loaded.lines
    assert isinstance(line, FxoLineConfig)
    assert (line.port, line.profile, line.tones) == ("/dev/ttyACM0", "auto", "cn")


def test_the_table_marks_what_is_not_spoken_here(capsys: pytest.CaptureFixture[str]) -> None:
    show(CONFIG, found("silabs"))
    shown = capsys.readouterr().out
    for part in ("silabs: Silicon Laboratories Si24xx", '131 "ADPCM": not spoken here', '4 "G.711U": µ-law'):
        assert part in shown
    assert "What it cannot do" in shown
    assert shown.rstrip().endswith('tones = "cn"')
    assert "[[lines]]\n" in shown, "whole, to be pasted"


def test_no_block_is_proposed_for_a_modem_that_cannot_serve(capsys: pytest.CaptureFixture[str]) -> None:
    show(CONFIG, found("usr5637", "V1.2.19"))
    shown = capsys.readouterr().out
    assert "no voice" in shown
    assert "1.2.21" in shown
    assert "[[lines]]" not in shown


def test_a_port_without_permission_is_one_line_and_exit_1(capsys: pytest.CaptureFixture[str]) -> None:
    master, slave = pty.openpty()
    port = os.ttyname(slave)
    Path(port).chmod(0o000)
    root = os.geteuid() == 0
    if root:
        os.seteuid(NOBODY)
    try:
        assert probe(port) == 1
    finally:
        if root:
            os.seteuid(0)
        os.close(slave)
        os.close(master)
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err == f"sansheng: {port}: permission denied; add the gateway's user to its group, dialout\n"


@pytest.mark.parametrize(
    ("links", "name"),
    [
        ({"by-path/pci-0": "ttyACM0", "by-id/usb-X": "ttyACM0"}, "by-path/pci-0"),
        ({"by-path/pci-0": "ttyACM1", "by-id/usb-X": "ttyACM0"}, "by-id/usb-X"),
        ({"by-path/pci-0": "ttyACM1"}, None),
        ({}, None),
    ],
)
def test_10_the_name_that_stays_the_same(tmp_path: Path, links: dict[str, str], name: str | None) -> None:
    dev = tmp_path / "dev"
    for link, target in links.items():
        place = dev / "serial" / link
        place.parent.mkdir(parents=True, exist_ok=True)
        (dev / target).touch()
        place.symlink_to(dev / target)
    port = f"/dev/serial/{name}" if name else "/dev/ttyACM0"
    assert f'port = "{port}"' in lines_block(CONFIG, Machine(tmp_path)).splitlines()


def test_the_manual_has_every_family_and_every_key() -> None:
    manual = (Path(__file__).parents[3] / "docs" / "modems.md").read_text(encoding="utf-8")
    for name in PROFILES:
        assert f"\n### `{name}`: " in manual
    table = manual.split("prints one object:")[1].split("## ")[0]
    for key in [*KEYS, "code", "detail"]:
        assert f"`{key}`" in table


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_a_command_even_where_nobody_can_be_told(
    number: signal.Signals, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader, writer = os.pipe()
    os.close(reader)

    async def command(stop: asyncio.Event) -> str:
        os.kill(os.getpid(), number)
        await stop.wait()
        os.kill(os.getpid(), number)
        await asyncio.sleep(0)
        return "its own end"

    with os.fdopen(writer, "w", buffering=1) as gone:
        monkeypatch.setattr("sys.stderr", gone)
        assert run_to_its_end(command, "stopping") == ("its own end", 128 + number)
        with suppress(OSError):
            gone.close()


def test_a_probe_leaves_the_log_of_its_process_as_it_was(caplog: pytest.LogCaptureFixture, tmp_path: Path) -> None:
    assert probe(str(tmp_path / "none")) == 1
    logging.getLogger("drivers.fxo").warning("still told")
    assert caplog.messages == ["still told"]
