"""[mqtt]: which broker, who may log in at our own, which files of certificates; what contradicts is refused."""

import contextlib
import itertools
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.config import ConfigErrors, GatewayConfig
from gateway.config.document import parse_document
from gateway.config.load import config_of
from gateway.config.password_file import BROKER_RIGHTS, PasswordFileWrong, read_people

pytestmark = pytest.mark.unit

LEAST = '[[lines]]\nid = "sip1"\ndriver = "sip"\nlisten = "127.0.0.1:5062"\naor = "sip:8801@127.0.0.1"\n'
KEPT = "$argon2id$v=19$m=19456,t=2,p=1$evrlC05JA7Qp2IpF56jxrQ$EXOrWjlJtHWBOPEvD8dpitpSn3yE8ABBUApjnoDAfWk"


def read(folder: Path, *mqtt: str) -> GatewayConfig:
    text = "\n".join(["[mqtt]", *mqtt, LEAST])
    return config_of(parse_document(folder / "g.toml", text), {})


def faults(folder: Path, *mqtt: str) -> list[str]:
    with pytest.raises(ConfigErrors) as caught:
        read(folder, *mqtt)
    return [str(fault).replace(f"{folder}/", "") for fault in caught.value.faults]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "users").write_text(f"# who reads\nwall:{KEPT}\n\ndesk:{KEPT}:command\n")
    return tmp_path


def test_where_our_own_broker_is(folder: Path) -> None:
    assert read(folder).mqtt.own_broker == ("127.0.0.1", 1883)
    assert read(folder, "broker_port = 1884").mqtt.broker_url == "mqtt://127.0.0.1:1884"
    assert read(folder, 'broker_listen = "127.0.0.2:1884"').mqtt.broker_url == "mqtt://127.0.0.2:1884"
    everywhere = read(folder, 'broker_listen = "0.0.0.0:1885"', 'users_file = "users"').mqtt
    assert (everywhere.own_broker, everywhere.broker_url) == (("0.0.0.0", 1885), "mqtt://127.0.0.1:1885")


USERS = 'users_file = "users"'
FILES = 'certificate_file = "users"', 'key_file = "users"'


@pytest.mark.parametrize(
    ("mqtt", "fault"),
    [
        (
            ['broker_listen = "0.0.0.0:1883"'],
            r"g.toml:2: mqtt.broker_listen: 0.0.0.0 is reached by other machines",
        ),
        (
            ['broker_listen = "192.168.1.10:1883"'],
            r"mqtt.broker_listen: .* allowed: with users_file, or on 127.0.0.1",
        ),
        (['broker_listen = "1883"'], r"mqtt.broker_listen: '1883' is not address:port"),
        (['broker_listen = "127.0.0.1:1"', "broker_port = 1"], r"mqtt.broker_port: broker_listen tells the port"),
        (['url = "mqtt://hub"', 'broker_listen = "127.0.0.1:1"'], r"mqtt.broker_listen: is for the gateway's own"),
        (['url = "mqtt://hub"', USERS], r"g.toml:3: mqtt.users_file: is for the gateway's own broker"),
        (
            [USERS, 'username = "nobody"'],
            r"g.toml:3: mqtt.username: users_file has nobody of this name; allowed: ",
        ),
        (['users_file = "none"'], r"g.toml:2: mqtt.users_file: the file it names cannot be read"),
        (['url = "mqtts://hub"', FILES[0]], r"mqtt.certificate_file: needs key_file; allowed: both, or neither"),
        (['url = "mqtts://hub"', FILES[1]], r"mqtt.key_file: needs certificate_file"),
        (['url = "mqtt://hub"', *FILES], r"g.toml:3: mqtt.certificate_file: is for TLS; allowed: only with a url"),
        (['url = "mqtts://hub"', *FILES], r"g.toml:3: mqtt.certificate_file: holds no certificate"),
        (
            ['url = "mqtts://hub"', 'ca_file = "none"'],
            r"g.toml:3: mqtt.ca_file: no such file; allowed: a PEM file",
        ),
        (['url = "mqtts://hub"', 'key_file = ["geheim"]'], r"mqtt.key_file: is not a path"),
    ],
)
def test_what_contradicts_is_refused_by_its_line(folder: Path, mqtt: list[str], fault: str) -> None:
    found = faults(folder, *mqtt)
    assert any(re.search(fault, text) for text in found), found
    assert "geheim" not in "".join(found)


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("wall", "users:3: this line holds no hash after the name"),
        ("wall:geheim", "users:3: this line holds no hash after the name"),
        (f":{KEPT}", "users:3: this line begins with no name"),
        (f"a\tb:{KEPT}", "users:3: this line begins with no name"),
        (f"{'x' * 65}:{KEPT}", "users:3: this line begins with no name"),
        (f"wall:{KEPT}:admin", "users:3: this line has something else after the hash"),
        (f"first:{KEPT}", "users:3: this line names somebody who is there already"),
    ],
)
def test_a_wrong_line_of_the_users_file_is_told(folder: Path, line: str, fault: str) -> None:
    (folder / "users").write_text(f"first:{KEPT}\n\n{line}\n")
    (found,) = faults(folder, USERS)
    assert found.startswith(fault)
    assert KEPT not in found
    assert "geheim" not in found


def test_users_and_who_of_them_may_ask(folder: Path) -> None:
    users = read_people(folder / "users", rights=BROKER_RIGHTS)
    assert {name: user.right for name, user in users.items()} == {"wall": None, "desk": "command"}


@pytest.mark.parametrize("content", [b"", b"# nobody\n", b"\xff", b"x" * 1_000_001])
def test_what_is_no_file_of_users(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "users").write_bytes(content)
    assert len(faults(tmp_path, USERS)) == 1


@given(content=st.binary(max_size=200) | st.text(f"\n:#{KEPT}a", max_size=40).map(str.encode))
def test_any_bytes_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    file = tmp_path_factory.getbasetemp() / "any-users"
    file.write_bytes(content)
    for rights, alone in itertools.product([(), BROKER_RIGHTS], [False, True]):
        with contextlib.suppress(PasswordFileWrong):
            assert read_people(file, rights=rights, alone=alone)
