"""The doctor and [wallboard]: port, certificate."""

import socket
import time
from pathlib import Path

import pytest

from gateway.config import ConfigErrors
from gateway.config.passwords import hashed
from gateway.doctor.census import Census
from gateway.doctor.certificate_end import end_of
from gateway.doctor.finding import Finding, Status
from gateway.doctor.machine import Machine
from gateway.doctor.scene import Scene
from gateway.doctor.wallboard import check_wallboard
from tests.broker import free_port
from tests.certificates import Authority
from tests.service.wallboard_scene import certificate
from tests.unit.doctor.tree import config_of, cured, sip

pytestmark = pytest.mark.service


PAIR = 'certificate_file = "wall.pem"', 'key_file = "wall.key"'


def looked(folder: Path, *keys: str) -> list[Finding]:
    return check_wallboard(looked_at(folder, *keys))


def looked_at(folder: Path, *keys: str) -> Scene:
    table = "\n".join(["[wallboard]", *keys]) if keys else ""
    machine = Machine()
    return Scene(machine, Census.take(machine), config_of(folder, table, sip("127.0.0.1:5062")))


def told(found: list[Finding]) -> list[tuple[str, Status]]:
    return [(finding.check, finding.status) for finding in found]


def test_nothing_is_said_where_there_is_none(tmp_path: Path) -> None:
    assert looked(tmp_path) == []


def test_a_free_and_a_taken_port(tmp_path: Path) -> None:
    assert told(looked(tmp_path, f'listen = "127.0.0.1:{free_port()}"')) == [("wallboard", Status.OK)]
    with socket.create_server(("127.0.0.1", 0)) as other:
        (found,) = looked(tmp_path, f'listen = "127.0.0.1:{other.getsockname()[1]}"')
    assert found.status is Status.FAULT
    assert "is held by" in found.finding
    assert "[wallboard] listen" in cured(found)


def test_passwords_in_clear(tmp_path: Path) -> None:
    (tmp_path / "people").write_text(hashed("three rings"))
    keys = f'listen = "0.0.0.0:{free_port()}"', 'password_file = "people"'
    assert told(looked(tmp_path, *keys)) == [("wallboard", Status.WARNING)]


@pytest.mark.parametrize(("days", "status"), [(365, Status.OK), (3, Status.WARNING)])
async def test_how_long_a_certificate_is_good_for(tmp_path: Path, days: int, status: Status) -> None:
    await certificate(tmp_path, days)
    found = looked(tmp_path, f'listen = "127.0.0.1:{free_port()}"', *PAIR)
    assert told(found) == [("wallboard", Status.OK), ("wallboard certificate", status)]
    left = end_of((tmp_path / "wall.pem").read_bytes()) - time.time()
    assert left == pytest.approx(days * 86_400, abs=60)


def test_a_key_of_another_certificate_is_told_with_its_line(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    keys = f'certificate_file = "{authority.pair("one").certificate}"', f'key_file = "{authority.pair("two").key}"'
    with pytest.raises(ConfigErrors, match=r"wallboard\.key_file: is not the key of certificate_file"):
        looked(tmp_path, f'listen = "127.0.0.1:{free_port()}"', *keys)


async def test_a_certificate_that_is_none_any_more(tmp_path: Path) -> None:
    await certificate(tmp_path)
    scene = looked_at(tmp_path, f'listen = "127.0.0.1:{free_port()}"', *PAIR)
    (tmp_path / "wall.pem").write_text("no")
    assert told(check_wallboard(scene))[1] == ("wallboard certificate", Status.FAULT)
    with pytest.raises(ValueError, match=r"."):
        end_of(b"no")
