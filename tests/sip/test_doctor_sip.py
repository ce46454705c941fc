"""The doctor and SIP: ports really taken, audio ports shared, and registrars that answer, are mute or away."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from drivers.sip.config import RTP_PORTS, SipConfig
from gateway.cli.check import check
from gateway.config import GatewayConfig
from gateway.doctor import registrar
from gateway.doctor.census import Census
from gateway.doctor.finding import Finding, Status
from gateway.doctor.machine import Machine
from gateway.doctor.registrar import check_registrar, registrars
from gateway.doctor.scene import Scene
from gateway.doctor.sip import AUDIO, PORT, check_sip_ports
from tests.broker import free_port
from tests.unit.doctor.tree import config_of, cured, of, sip, statuses

pytestmark = pytest.mark.sip


def looked(config: GatewayConfig) -> list[Finding]:
    machine = Machine()
    return check_sip_ports(Scene(machine, Census.take(machine), config))


@contextmanager
def bound(kind: socket.SocketKind, port: int, host: str = "127.0.0.1") -> Iterator[None]:
    with socket.socket(socket.AF_INET, kind) as wire:
        wire.bind((host, port))
        if kind == socket.SOCK_STREAM:
            wire.listen()
        yield


@pytest.mark.parametrize("kind", [socket.SOCK_DGRAM, socket.SOCK_STREAM], ids=["UDP", "TCP"])
@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])
def test_a_port_that_is_taken_is_told_with_who_has_it(tmp_path: Path, kind: socket.SocketKind, host: str) -> None:
    first = free_port()
    config = config_of(tmp_path, sip(f"127.0.0.1:{first - 1}", count=3))
    with bound(kind, first, host):
        findings = looked(config)
        me = Census.take(Machine()).processes[threading.main_thread().native_id or 0]
    taken = [finding for finding in findings if finding.status is Status.FAULT and finding.check == PORT]
    assert [finding.subject for finding in taken] == ["sip1-2"]
    assert f"{first} is held by {me}" in taken[0].finding
    assert f"sudo kill {me.pid}" in cured(taken[0])
    assert statuses(findings)[PORT, "sip1-1 to sip1-3"] is Status.OK
    assert all(finding.status is Status.OK for finding in looked(config) if finding.check == PORT)


def test_an_address_of_another_machine_is_told(tmp_path: Path) -> None:
    found = of(looked(config_of(tmp_path, sip("192.0.2.1:5062"))), PORT)
    assert found.status is Status.FAULT
    assert "ip -brief address" in cured(found)


def test_audio_ports_that_are_taken_are_told(tmp_path: Path) -> None:
    listen = f"127.0.0.1:{free_port()}"
    first = SipConfig("sip1", listen, "sip:8801@127.0.0.1").rtp_port
    config = config_of(tmp_path, sip(listen, calls=4))
    wires = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(RTP_PORTS)]
    try:
        for number, wire in enumerate(wires):
            wire.bind(("127.0.0.1", first + number))
        found = of(looked(config), AUDIO)
    finally:
        for wire in wires:
            wire.close()
    assert found.status is Status.FAULT
    assert f"of UDP {first} to {first + RTP_PORTS - 1} are taken, 8 are needed" in found.finding


def test_lines_that_would_share_their_audio_ports_are_told(tmp_path: Path) -> None:
    tables = [sip(f"127.0.0.1:{port}", f"line{port}", calls=4) for port in (5062, 6062, 7062)]
    found = of([each for each in looked(config_of(tmp_path, *tables)) if each.status is Status.WARNING], AUDIO)
    assert found.subject == "line5062, line6062, line7062"
    assert "no multiple of 1000 apart" in cured(found)


class Registrar:
    """A UDP port that keeps what it is sent and answers each request from a list."""

    def __init__(self, *answers: bytes) -> None:
        self.heard: list[bytes] = []
        self._answers = list(answers)
        self._wire = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._wire.bind(("127.0.0.1", 0))
        self.port: int = self._wire.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            request, sender = self._wire.recvfrom(65535)
            if request == b"end":
                return
            self.heard.append(request)
            if self._answers:
                self._wire.sendto(self._answers.pop(0), sender)

    def close(self) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as wire:
            wire.sendto(b"end", ("127.0.0.1", self.port))
        self._thread.join()
        self._wire.close()


async def asked(folder: Path, server: str) -> Finding:
    config = config_of(folder, sip("127.0.0.1:5062", registrar=f'"sip:{server}"', count=2))
    (line,) = registrars(Scene(Machine(), Census(), config))
    (found,) = await asyncio.to_thread(check_registrar, line)
    return found


async def test_a_registrar_that_answers_is_good_whatever_it_answers(tmp_path: Path) -> None:
    server = Registrar(b"SIP/2.0 401 Unauthorized\r\n\r\n")
    found = await asked(tmp_path, f"127.0.0.1:{server.port}")
    server.close()
    assert found.status is Status.OK
    assert "answers (401 Unauthorized); no password is tried here" in found.finding
    request = server.heard[0].decode()
    assert request.startswith(f"REGISTER sip:127.0.0.1:{server.port} SIP/2.0\r\n")
    assert "\r\nContact:" not in request, "it would register something"


async def test_a_registrar_that_is_mute_or_says_something_else_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registrar, "TIMES", (0.05, 0.1))
    server = Registrar(b"HTTP/1.1 400 Bad Request\r\n\r\n")
    found = await asked(tmp_path, f"127.0.0.1:{server.port}")
    server.close()
    assert found.status is Status.FAULT
    assert "answers no SIP" in found.finding
    assert len(server.heard) == 2, "a lost packet is sent again"


async def test_a_registrar_that_is_away_or_not_known(tmp_path: Path) -> None:
    port = free_port()
    found = await asked(tmp_path, f"127.0.0.1:{port}")
    assert found.finding == f"nothing listens on UDP 127.0.0.1:{port}"
    found = await asked(tmp_path, "pbx.invalid")
    assert "the name pbx.invalid is not known" in found.finding
    assert "getent hosts pbx.invalid" in cured(found)


async def test_a_registrar_that_may_not_call_the_line_is_told_with_the_cure(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    server = Registrar(b"SIP/2.0 200 OK\r\n\r\n")
    where = f'"sip:127.0.0.1:{server.port}"'
    config = config_of(tmp_path, sip("127.0.0.1:5062", registrar=where, allow='["192.0.2.7", "10.0.0.0/8"]'))
    (line,) = registrars(Scene(Machine(), Census(), config))
    answers, refused = await asyncio.to_thread(check_registrar, line)
    server.close()
    assert (answers.status, refused.status) == (Status.OK, Status.WARNING)
    assert refused.finding == "127.0.0.1 is not in allow: calls that it passes on are refused"
    assert cured(refused) == f'add "127.0.0.1" to allow of {line.id}'
    assert check(config.document.file, []) == 0
    assert f"warning: {line.id}.registrar: 127.0.0.1 is not in allow" in capsys.readouterr().err


def test_a_registrar_that_may_call_or_is_known_by_name_alone_is_no_warning_of_the_check(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = (
        sip("127.0.0.1:5062", "a", registrar='"sip:192.0.2.7"', allow='["192.0.2.0/24"]'),
        sip("127.0.0.1:5063", "b", registrar='"sip:pbx.example"'),
        sip("127.0.0.1:5064", "c"),
    )
    assert check(config_of(tmp_path, *lines).document.file, []) == 0
    assert "warning" not in capsys.readouterr().err
