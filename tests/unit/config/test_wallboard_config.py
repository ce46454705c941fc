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
        ("streams = 5", "g.toml:6: wallboard", "has no listen, so there is no wallboard"),
        ('listen = "127.0.0.1:5062"', "g.toml:7: wallboard.listen", "port 5062 is line sip1's"),
        (
            'listen = "0.0.0.0:5062"\npassword_file = "people"',
            "g.toml:7: wallboard.listen",
            "port 5062 is line sip1's",
        ),
        (
            'listen = "127.0.0.1:9"\n[desk]\nlisten = "127.0.0.1:9"\n[[agents]]\nnumber = "801"\n'
            'extension = "sip:801@127.0.0.1:7000"',
            "g.toml:7: wallboard.listen",
            "port 9 is the desk's",
        ),
        (LISTEN + "[mqtt]\nbroker_port = 5062", "g.toml:9: mqtt.broker_port", "port 5062 is line sip1's"),
        (LISTEN + '[metrics]\nlisten = "0.0.0.0:5062"', "g.toml:9: metrics.listen", "port 5062 is line sip1's"),
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
    (fault,) = [fault for fault in map(str, caught.value.faults) if f"{tmp_path}/{place}" in fault]
    assert words in fault
    assert "; allowed: " in fault
    assert "three rings" not in fault


def keys(folder: Path, text: str) -> list[str]:
    """Of each fault where it is."""
    with pytest.raises(ConfigErrors) as caught:
        config_of(parse_document(folder / "g.toml", text), {})
    return [fault.key or fault.file.name for fault in caught.value.faults]


def test_files_are_looked_at_whatever_else_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("three rings")
    files = 'certificate_file = "secret"\nkey_file = "secret"\n'
    text = (
        f'dialplan = "none"\nsite = 5\n[mqtt]\nprotocol = 5\nca_file = "no"\n{files}command_key_file = "no"\n'
        f'[records]\npassword_file = "no"\n{LINE}listen = 8080\npassword_file = "secret"\n{files}'
    )
    assert keys(tmp_path, text) == [
        *("dialplan", "site", "mqtt.protocol", "mqtt.ca_file", "mqtt.certificate_file", "mqtt.key_file"),
        *("mqtt.command_key_file", "records.password_file", "wallboard.listen"),
        *("wallboard.certificate_file", "wallboard.key_file", "secret"),
    ]


def test_a_wrong_line_hides_nothing_but_what_lines_clash_with(tmp_path: Path) -> None:
    broken = LINE.replace("127.0.0.1:5062", "5062") + 'listen = "127.0.0.1:1883"\npassword_file = "no"\n'
    wrong = ["lines[0].listen", "wallboard.listen", "wallboard.password_file"]
    assert keys(tmp_path, broken) == wrong
    assert keys(tmp_path, broken + 'proxies = ["x", "y"]') == [
        *wrong,
        "wallboard.proxies[0]",
        "wallboard.proxies[1]",
    ]


def test_nothing_is_missed_that_a_wrong_key_may_mean(tmp_path: Path) -> None:
    meant = LINE + 'listen = "0.0.0.0:1883"\npasword_file = "x"\n[mqtt]\nurrl = "mqtts://hub"\nca_file = "no"'
    assert keys(tmp_path, meant) == ["wallboard.pasword_file", "mqtt.urrl", "mqtt.ca_file"]


def test_the_own_brokers_usual_port_is_free_where_that_listens_elsewhere(tmp_path: Path) -> None:
    config = read(tmp_path, 'listen = "127.0.0.1:1883"', '[mqtt]\nbroker_listen = "127.0.0.2:1883"')
    assert config.wallboard.listen == "127.0.0.1:1883"


@pytest.mark.parametrize("listen", ["127.0.0.1:8080", "127.0.0.53:8080", "0.0.0.0:8080"])
def test_what_is_good_is_read(tmp_path: Path, listen: str) -> None:
    (tmp_path / "people").write_text(f"wall:{hashed('three rings')}")
    config = read(tmp_path, f'listen = "{listen}"', 'password_file = "people"', 'proxies = ["127.0.0.1"]')
    assert config.wallboard.listen == listen
