"""[wallboard]: what contradicts itself, or names what is not there, is told with its line."""

import os
from pathlib import Path

import pytest

from gateway.config import ConfigErrors, GatewayConfig
from gateway.config.document import parse_document
from gateway.config.load import config_of
from gateway.config.passwords import hashed

pytestmark = pytest.mark.unit

LINE = (
    '[[lines]]\nid = "sip1"\ndriver = "sip"\nlisten = "127.0.0.1:5062"\naor = "sip:8801@127.0.0.1"\n[wallboard]\n'
)
LISTEN = 'listen = "127.0.0.1:8080"\n'


def read(folder: Path, *keys: str) -> GatewayConfig:
    return config_of(parse_document(folder / "g.toml", LINE + "\n".join(keys)), {})


@pytest.mark.parametrize(
    ("keys", "place", "words"),
    [
        ('listen = "0.0.0.0:8080"', "g.toml:7: wallboard.listen", "password_file is needed"),
        ('listen = "127.0.0.1:1883"', "g.toml:7: wallboard.listen", "the gateway's own broker's"),
        (
            'listen = "127.0.0.2:9"\n[mqtt]\nbroker_listen = "127.0.0.2:9"',
            "g.toml:7: wallboard.listen",
            "own broker's",
        ),
        ('listen = "127.0.0.1:9"\n[metrics]\nlisten = "0.0.0.0:9"', "g.toml:7: wallboard.listen", "[metrics]'s"),
        (LISTEN + 'password_file = "no"', "g.toml:8: wallboard.password_file", "cannot be read (No such file"),
        (LISTEN + 'password_file = "secret"', "secret:1", "this line holds no hash after the name"),
        (LISTEN + 'password_file = "right"', "right:1", "something else after the hash; allowed: nothing"),
        (LISTEN + 'key_file = "people"', "g.toml:8: wallboard.key_file", "needs certificate_file"),
        (LISTEN + 'certificate_file = "people"', "g.toml:8: wallboard.certificate_file", "needs key_file"),
        (
            LISTEN + 'certificate_file = "no"\nkey_file = "people"',
            "g.toml:8: wallboard.certificate_file",
            "no such file",
        ),
        (LISTEN + 'password_file = "pipe"', "g.toml:8: wallboard.password_file", "is no file"),
        (LISTEN + "[mqtt]\nusers_file = 'pipe'", "g.toml:9: mqtt.users_file", "is no file"),
        (LISTEN + "[records]\npassword_file = 'pipe'", "g.toml:9: records.password_file", "is no file"),
        (
            LISTEN + 'certificate_file = "pipe"\nkey_file = "pipe"',
            "g.toml:8: wallboard.certificate_file",
            "no file",
        ),
        (LISTEN + "streams = 0", "g.toml:8: wallboard.streams", "1 to 1000"),
        (LISTEN + 'proxies = ["127.0.0.1"]', "g.toml:8: wallboard.proxies", "needs password_file"),
        (LISTEN + 'proxies = ["x"]', "g.toml:8: wallboard.proxies", "IPv4 networks"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, keys: str, place: str, words: str) -> None:
    (tmp_path / "people").write_text(hashed("three rings"))
    (tmp_path / "secret").write_text("three rings")
    (tmp_path / "right").write_text(f"wall:{hashed('three rings')}:command")
    os.mkfifo(tmp_path / "pipe")  # nobody ever writes into it
    with pytest.raises(ConfigErrors) as caught:
        read(tmp_path, keys)
    (fault,) = map(str, caught.value.faults)
    assert f"{tmp_path}/{place}" in fault
    assert words in fault
    assert "; allowed: " in fault
    assert "three rings" not in fault


def test_the_own_brokers_usual_port_is_free_where_that_listens_elsewhere(tmp_path: Path) -> None:
    config = read(tmp_path, 'listen = "127.0.0.1:1883"', '[mqtt]\nbroker_listen = "127.0.0.2:1883"')
    assert config.wallboard.listen == "127.0.0.1:1883"


@pytest.mark.parametrize("listen", ["127.0.0.1:8080", "127.0.0.53:8080", "0.0.0.0:8080"])
def test_what_is_good_is_read(tmp_path: Path, listen: str) -> None:
    (tmp_path / "people").write_text(f"wall:{hashed('three rings')}")
    config = read(tmp_path, f'listen = "{listen}"', 'password_file = "people"', 'proxies = ["127.0.0.1"]')
    assert config.wallboard.listen == listen
