"""gateway.toml: every text is a config or gives faults, each in a line that is there."""

from pathlib import Path

from gateway.config import desk_lines, expand_lines
from gateway.config.document import parse_document
from gateway.config.faults import ConfigErrors
from gateway.config.load import config_of
from tests.fuzz.target import Target
from tests.fuzz.targets.dialplan import check_faults

FILE = Path("deploy/gateway.toml")
ENVIRONMENT = {"SANSHENG_MQTT_PASSWORD": "x", "SANSHENG_COMMAND_KEY": "0123456789abcdef"}


def attempt(data: bytes) -> None:
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return  # read_document tells that, before there is a text
    try:
        config = config_of(parse_document(FILE, text), ENVIRONMENT)
    except ConfigErrors as wrong:
        check_faults(wrong, FILE, text)
        return
    lines = expand_lines(config)
    assert lines
    assert len({line.id for line in lines}) == len(lines), "two lines have one name"
    desk_lines(config)


SMALL = b"""site = "a"
dialplan = "jihua-gas"
[[lines]]
id = "sip1"
driver = "sip"
listen = "127.0.0.1:5062"
aor = "sip:8801@127.0.0.1"
count = 3
[[agents]]
number = "801"
extension = "sip:801@127.0.0.1:5080"
"""
MORE = [
    b'[mqtt]\nurl = "mqtts://u@broker.example:8883"\npassword_file = "x"\nbroker_listen = "127.0.0.1:1883"\n',
    b'[wallboard]\nlisten = "0.0.0.0:8080"\npassword_file = "x"\nproxies = ["127.0.0.0/8"]\n'
    b'[metrics]\nlisten = "127.0.0.1:9100"\n',
    b'[desk]\naway_code = "*71"\n[call_backs]\ndeadline_hours = 24\n'
    b'[records]\nurl = "postgresql://a:b@c/d"\nspool_mb = 100\n',
    b'[kpi]\nscore = "100 - 2 * abandoned"\nanswer_rate_goal = 0.98\n'
    b'[recordings]\nkeep_days = 90\n[parameters]\na = "b"\n',
]
TARGET = Target(
    "config",
    "gateway.toml",
    attempt,
    [SMALL, *(SMALL + more for more in MORE), FILE.read_bytes()],
    (
        *(
            b"[[lines]]\n",
            b"[[agents]]\n",
            b'driver = "fxo"\n',
            b'port = "/dev/null"\n',
            b"count = 25\n",
            b"count = 0\n",
        ),
        *(
            b'timezone = "Asia/',
            b"\\u0000",
            b"..",
            b'listen = "0.0.0.0:0"\n',
            b'allow = ["0.0.0.0/0"]\n',
            b"[desk]\n",
        ),
        *(
            b"a." * 40,
            b"{a=" * 40,
            b"1e999",
            b"inf",
            b"nan",
            b"sqlite:///",
            b"postgresql://",
            b'"**9**9**9"',
            b"[wallboard]\n",
        ),
    ),
    longest=6144,
)
