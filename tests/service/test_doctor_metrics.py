"""The doctor and [metrics] listen: free, taken, another machine's, open to others."""

import socket
from pathlib import Path

import pytest

from gateway.doctor.census import Census
from gateway.doctor.finding import Finding, Status
from gateway.doctor.machine import Machine
from gateway.doctor.metrics import check_metrics
from gateway.doctor.scene import Scene
from tests.broker import free_port
from tests.unit.doctor.tree import config_of, cured, sip

pytestmark = pytest.mark.service


def looked(folder: Path, listen: str | None) -> list[Finding]:
    table = "" if listen is None else f'[metrics]\nlisten = "{listen}"'
    machine = Machine()
    return check_metrics(Scene(machine, Census.take(machine), config_of(folder, table, sip("127.0.0.1:5062"))))


def test_nothing_is_said_where_no_counters_are_wanted(tmp_path: Path) -> None:
    assert looked(tmp_path, None) == []


def test_an_address_of_this_machine_alone(tmp_path: Path) -> None:
    (found,) = looked(tmp_path, f"127.0.0.1:{free_port()}")
    assert found.status is Status.OK


def test_an_address_that_others_reach_is_warned_of(tmp_path: Path) -> None:
    (found,) = looked(tmp_path, f"0.0.0.0:{free_port()}")
    assert found.status is Status.WARNING
    assert "no password" in found.finding
    assert "127.0.0.1" in cured(found)


def test_a_port_that_is_taken_is_told_with_who_has_it(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        (found,) = looked(tmp_path, f"127.0.0.1:{other.getsockname()[1]}")
    assert found.status is Status.FAULT
    assert "is held by" in found.finding
    assert "[metrics] listen" in cured(found)


def test_an_address_of_another_machine_is_told(tmp_path: Path) -> None:
    (found,) = looked(tmp_path, "192.0.2.1:9464")
    assert found.status is Status.FAULT
    assert "ip -brief address" in cured(found)
