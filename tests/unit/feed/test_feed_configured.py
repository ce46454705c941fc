"""What of gateway.toml the feed is told."""

import socket
from pathlib import Path

import pytest

from gateway.config import load_config
from gateway.feed.configured import feed_config
from tests.certificates import Authority

pytestmark = pytest.mark.unit

LEAST = """
[[lines]]
id = "sip1"
driver = "sip"
listen = "127.0.0.1:5062"
aor = "sip:8801@127.0.0.1"

[[agents]]
number = "801"
"""


@pytest.mark.parametrize(
    ("mqtt", "prefix"),
    [("", "homeassistant"), ('discovery_prefix = "ha/site"', "ha/site"), ('discovery_prefix = ""', "")],
)
def test_the_prefix_of_home_assistant(tmp_path: Path, mqtt: str, prefix: str) -> None:
    (tmp_path / "g.toml").write_text(f"[mqtt]\n{mqtt}\n{LEAST}")
    assert feed_config(load_config(tmp_path / "g.toml")).discovery_prefix == prefix


@pytest.mark.parametrize(
    ("listen", "url"),
    [
        ("", None),
        ('listen = "127.0.0.1:8080"', None),
        ('listen = "192.168.1.5:8080"', "http://192.168.1.5:8080"),
        ('listen = "0.0.0.0:8080"', f"http://{socket.gethostname()}:8080"),
        (
            'listen = "192.168.1.5:8443"\ncertificate_file = "c.pem"\nkey_file = "k.pem"',
            "https://192.168.1.5:8443",
        ),
    ],
)
def test_where_other_machines_find_the_wallboard(tmp_path: Path, listen: str, url: str | None) -> None:
    pair = Authority(tmp_path).pair()
    pair.certificate.rename(tmp_path / "c.pem")
    pair.key.rename(tmp_path / "k.pem")
    (tmp_path / "passwords").write_text(
        "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHRzb21lc2FsdA$LdVsLDRTH0zoMZGYSMmaZI3cgzPZOkP8nAdEjF0kVlk\n"
    )
    table = f'[wallboard]\n{listen}\npassword_file = "passwords"\n' if listen else ""
    (tmp_path / "g.toml").write_text(table + LEAST)
    assert feed_config(load_config(tmp_path / "g.toml")).wallboard_url == url
