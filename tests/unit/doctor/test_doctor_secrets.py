"""Files of passwords and keys that others may read: told by the doctor and by `sansheng check`."""

from pathlib import Path

import pytest

from gateway.cli.check import check, config_faults
from gateway.config.passwords import hashed
from gateway.doctor.census import Census
from gateway.doctor.finding import Status
from gateway.doctor.machine import Machine
from gateway.doctor.scene import Scene
from gateway.doctor.secrets import check_secrets
from tests.unit.doctor.tree import config_of, cured, sip

pytestmark = pytest.mark.unit

CONFIG = """
[mqtt]
users_file = "people"
command_key_file = "key"
password_file = "secret"
username = "a"
[records]
url = "postgresql://sansheng@db/calls"
password_file = "secret"
[wallboard]
listen = "127.0.0.1:8080"
password_file = "wall"
"""


def test_what_others_may_read_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, text in {"people": f"a:{hashed('x')}", "wall": hashed("x"), "key": "k" * 32, "secret": "x"}.items():
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(0o640)
    (tmp_path / "key").chmod(0o644)
    (tmp_path / "wall").chmod(0o660)
    machine = Machine()
    config = config_of(tmp_path, CONFIG, sip("127.0.0.1:5062"))
    found = check_secrets(Scene(machine, Census.take(machine), config))
    assert [(Path(finding.subject).name, finding.status) for finding in found] == [
        ("secret", Status.OK),
        ("people", Status.OK),
        ("key", Status.WARNING),
        ("wall", Status.WARNING),
    ]
    assert "mqtt.command_key_file: others may use it (mode 644)" in found[2].finding
    assert cured(found[2]) == f"chmod u=rw,g=r,o= {tmp_path / 'key'}"
    assert check(config.document.file, []) == 0
    told = capsys.readouterr().err
    assert told.count("warning") == 2
    assert "wallboard.password_file" in told


def test_the_file_of_callers_is_looked_at_like_the_others_and_a_broken_one_is_a_fault(tmp_path: Path) -> None:
    callers = tmp_path / "callers"
    callers.write_text(f"801:hotline:{'0' * 64}\n")
    callers.chmod(0o644)
    machine = Machine()
    config = config_of(tmp_path, sip("127.0.0.1:5062", callers_file='"callers"'))
    (found,) = check_secrets(Scene(machine, Census.take(machine), config))
    assert found.status is Status.WARNING
    assert "callers_file: others may use it (mode 644)" in found.finding
    assert cured(found) == f"chmod u=rw,g=r,o= {callers}"
    callers.write_text("801:hotline:secret\n")
    _, (fault,) = config_faults(config.document.file)
    assert str(fault).startswith(f"{callers}:1: this line holds no hash after the realm; allowed: ")
    assert "secret" not in str(fault)
