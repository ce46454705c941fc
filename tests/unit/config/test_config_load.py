"""gateway.toml: what is good is read, what is wrong is named with its line, no secret is shown."""

# ruff: noqa: E501 - the table of faults reads best with a row on a line

import re
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gateway.config import (
    ConfigErrors,
    Fault,
    FxoLineConfig,
    GatewayConfig,
    SipLineConfig,
    check_profiles,
    expand_lines,
    load_config,
)
from gateway.config.document import parse_document
from gateway.config.load import config_of

pytestmark = pytest.mark.unit

EXAMPLE = Path(__file__).parents[3] / "deploy" / "gateway.toml"
SIP = '[[lines]]\nid = "sip1"\ndriver = "sip"\nlisten = "127.0.0.1:5062"\naor = "sip:8801@127.0.0.1"\n'
FXO = '[[lines]]\nid = "fxo1"\ndriver = "fxo"\nport = "/dev/ttyACM0"\n'
USB = FXO.replace("/dev/ttyACM0", "usb:1-2.1")
AGENT = '[[agents]]\nnumber = "801"\n'
LEAST = SIP + AGENT


def read(text: str, environ: dict[str, str] | None = None, file: Path = Path("g.toml")) -> GatewayConfig:
    return config_of(parse_document(file, text), environ or {})


def faults(text: str) -> list[str]:
    with pytest.raises(ConfigErrors) as caught:
        read(text)
    return str(caught.value).splitlines()


def test_the_example_is_good() -> None:
    config = load_config(EXAMPLE, {})
    assert config.site == "jinan"
    assert [line.id for line in expand_lines(config)] == ["fxo1", "sip1"]
    assert config.answer.on_ring == 2
    assert config.data_path == EXAMPLE.parent / "var"


def test_a_line_is_enough() -> None:
    assert [agent.number for agent in read(SIP).agents] == ["801"]


def test_everything_else_has_its_default() -> None:
    config = read(LEAST)
    assert config.mqtt.embedded
    assert config.mqtt.broker_url == "mqtt://127.0.0.1:1883"
    assert config.drain_seconds == 30
    assert config.timezone == "Asia/Shanghai"
    assert not config.show_numbers
    (line,) = config.lines
    assert isinstance(line, SipLineConfig)
    assert (line.calls, line.count, line.ring_period, line.allow) == (4, 1, 5.0, ("127.0.0.0/8",))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('sitee = "x"\n' + LEAST, r"g.toml:1: sitee: unknown key, did you mean site\? allowed: site, dialplan, .*"),
        (LEAST + 'a = 1\n[mqtt]\n\nbase_topik = "x"\n', r"g.toml:11: mqtt.base_topik: .*did you mean base_topic\?.*"),
        ('mqtt.urll = "x"\n' + LEAST, r"g.toml:1: mqtt.urll: unknown key, did you mean url\?.*"),
        ('records = { url = "sqlite:///a", x = 1 }\n' + LEAST, r"g.toml:1: records.x: unknown key; allowed: .*url.*"),
        (FXO + 'prot = "x"\n' + LEAST, r"g.toml:5: lines\[0\].prot: unknown key, did you mean port\?.*tones"),
        (LEAST + FXO + '\nregistrar = "sip:x"', r"g.toml:13: lines\[1\].registrar: unknown key.*"),
        ('site = "a/b"\n' + LEAST, r"g.toml:1: site: 'a/b' cannot be .*; allowed: 1 to 64 letters.*"),
        ('site = """\nx"""\ntimezone = "Mars"\n' + LEAST, r"g.toml:3: timezone: 'Mars' is not .*; allowed: .*"),
        ('timezone = "../etc"\n' + LEAST, r"g.toml:1: timezone: .*"),
        ('timezone = "Asia"\n' + LEAST, r"g.toml:1: timezone: .*"),
        ('drain_seconds = "30"\n' + LEAST, r"g.toml:1: drain_seconds: is the text '30'; allowed: seconds .*"),
        ("drain_seconds = nan\n" + LEAST, r"g.toml:1: drain_seconds: is nan; allowed: seconds .*"),
        ("show_numbers = 1\n" + LEAST, r"g.toml:1: show_numbers: is 1; allowed: true or false"),
        ("mqtt = 5\n" + LEAST, r"g.toml:1: mqtt: is 5; allowed: a table \[mqtt\]"),
        ("lines = 5\n" + AGENT, r"g.toml:1: lines: is 5; allowed: at least one \[\[lines\]\] table"),
        (AGENT, r"g.toml:1: lines: is missing; allowed: at least one \[\[lines\]\] table"),
        ("lines = []\n" + AGENT, r"g.toml:1: lines: is an empty list; allowed: .*"),
        (LEAST + '[[lines]]\nid = "x"', r"g.toml:8: lines\[1\].driver: is missing; allowed: fxo, sip"),
        (LEAST + '[[lines]]\ndriver = "isdn"', r"g.toml:9: lines\[1\].driver: no such driver; allowed: fxo, sip"),
        (LEAST + '[[lines]]\ndriver = "fxo"\nid = "x"', r"g.toml:8: lines\[1\].port: is missing; allowed: .*"),
        (LEAST + "[answer]\non_ring = 4", r"g.toml:9: answer.on_ring: is 4; allowed: 1, 2 or 3; 1 answers at once"),
        (LEAST + "answer.on_ring = 0", r"g.toml:8: agents\[0\].answer: unknown key.*"),
        (SIP + "calls = 5\n" + AGENT, r"g.toml:6: lines\[0\].calls: is 5; allowed: a whole number from 1 to 4"),
        (SIP + "count = 0\n" + AGENT, r"g.toml:6: lines\[0\].count: is 0; allowed: .*"),
        (SIP + "ring_period = 99\n" + AGENT, r"g.toml:6: lines\[0\].ring_period: is 99; allowed: .*"),
        (SIP + 'tones = "us"\n' + AGENT, r"g.toml:6: lines\[0\].tones: is the text 'us'; allowed: cn"),
        (
            SIP + 'allow = [\n  "127.0.0.0/8",\n  "10.0.0.1/8",\n]\n' + AGENT,
            r"g.toml:8: lines\[0\].allow\[1\]: '10.0.0.1/8' is one address .* write 10.0.0.0/8, or 10.0.0.1 for that one alone; .*",
        ),
        (SIP + 'allow = ["pbx"]\n' + AGENT, r"g.toml:6: lines\[0\].allow\[0\]: 'pbx' is no IPv4 address or network; .*"),
        (SIP + 'registrar = "sip:u@h"\n' + AGENT, r"g.toml:6: lines\[0\].registrar: names a user.*"),
        (SIP + 'username = "u"\n' + AGENT, r"g.toml:6: lines\[0\].username: is for a registrar.*"),
        (LEAST.replace("5062", "70000"), r"g.toml:4: lines\[0\].listen: port 70000 does not exist; allowed: .*"),
        (LEAST.replace("127.0.0.1:5062", "5062"), r"g.toml:4: lines\[0\].listen: '5062' is not address:port; .*"),
        (LEAST.replace("8801@", ""), r"g.toml:5: lines\[0\].aor: names no user; allowed: .*"),
        (LEAST.replace('"801"', "801"), r'g.toml:7: agents\[0\].number: is 801; allowed: 1 to 8 digits .*"801"'),
        (LEAST.replace('"801"', '"80a"'), r"g.toml:7: agents\[0\].number: is the text '80a'; allowed: .*"),
        (LEAST + 'extension = "801"', r"g.toml:8: agents\[0\].extension: is not a SIP URI; allowed: .*"),
        (LEAST + AGENT, r"g.toml:9: agents\[1\].number: agent 801 is there already; .*"),
        (
            LEAST + 'extension = "sip:6801@a"\n' + AGENT.replace("801", "802") + 'extension = "sip:6801@b:5080"\n',
            r"g.toml:11: agents\[1\].extension: user 6801 is agent 801's; allowed: each user once",
        ),
        ('dialplan = "no"\n' + LEAST, r"g.toml:1: dialplan: 'no' is not shipped, .*allowed: .*jihua-gas.*"),
        ('mqtt = { url = "http://x" }\n' + LEAST, r"g.toml:1: mqtt.url: not the URL of an MQTT broker; .*"),
        (LEAST + '[metrics]\nlisten = "127.0.0.1:1883"\n', r"g.toml:9: metrics.listen: port 1883 is the gateway's own broker's; .*"),
        (LEAST + '[metrics]\nlisten = "0.0.0.0:1883"\n', r"g.toml:9: metrics.listen: .*"),
        (LEAST + '[metrics]\nlisten = "localhost:9464"\n', r"g.toml:9: metrics.listen: .*; allowed: IPv4 address:port .*"),
        (LEAST + '[metrics]\nlisten = "127.0.0.1:0"\n', r"g.toml:9: metrics.listen: .*port 0 does not exist.*"),
        (
            'mqtt = { url = "mqtt://x", broker_port = 1 }\n' + LEAST,
            r"g.toml:1: mqtt.broker_port: is for the gateway's own broker.*",
        ),
        ('mqtt.discovery_prefix = "a b/#"\n' + LEAST, r"g.toml:1: mqtt.discovery_prefix: 'a b' cannot be .*; allowed: Home .*joined by '/'; \"\": none"),
        ('mqtt.discovery_prefix = {}\n' + LEAST, r"g.toml:1: mqtt.discovery_prefix: is a table; allowed: .*"),
        ('mqtt.password = "x"\n' + LEAST, r"g.toml:1: mqtt.password: a secret .*; write password_file, or set the environment.*"),
        ('wallboard.password = "x"\n' + LEAST, r"g.toml:1: wallboard.password: a secret .*; write password_file"),
        ('records.url = "sqlite://"\n' + LEAST, r"g.toml:1: records.url: names no file; allowed: .*"),
        # Contradictions between lines
        (SIP + "count = 2\n" + SIP.replace("5062", "5063").replace('"sip1', '"b') + AGENT, r"g.toml:10: .*listen.*sip1-2's.*"),
        (SIP + SIP.replace("127.0.0.1:5062", "0.0.0.0:5062").replace('"sip1', '"b') + AGENT, r"g.toml:9: .*sip1's already.*"),
        (SIP + SIP.replace("5062", "5099") + AGENT, r"g.toml:7: lines\[1\].id: sip1 is there already.*"),
        (SIP + "count = 2\n" + FXO.replace("fxo1", "sip1-2") + AGENT, r"g.toml:8: lines\[1\].id: sip1-2 is there .*"),
        (FXO + FXO.replace("fxo1", "b") + AGENT, r"g.toml:8: lines\[1\].port: /dev/ttyACM0 is line fxo1's already.*"),
        (USB + USB.replace("fxo1", "b") + AGENT, r"g.toml:8: lines\[1\].port: usb:1-2.1 is line fxo1's already.*"),
        (USB.replace("1-2.1", "ttyACM0") + AGENT, r"g.toml:4: lines\[0\].port: 'usb:ttyACM0' is no USB path; .*1-2.1"),
        (SIP.replace("5062", "65535") + "count = 2\n" + AGENT, r"g.toml:6: lines\[0\].count: 2 lines .*at most 1"),
        # Not TOML at all
        ("a = 1\nb = \n" + LEAST, r"g.toml:2: not valid TOML: .*"),
        ("a = 1\n[b\n", r"g.toml:2: not valid TOML: .*"),
        ("a = 1\n\n", r".*"),
        ("a = " + "[" * 5000, r"g.toml:1: values are nested too deep.*"),
        ("a = " + "9" * 9999, r"g.toml:1: holds a number too large to read"),
    ],
)  # fmt: skip
def test_a_wrong_key_is_named_with_its_line(text: str, expected: str) -> None:
    assert any(re.fullmatch(expected, line) for line in faults(text)), faults(text)


def test_all_faults_are_told_at_once_in_the_files_order() -> None:
    lines = faults('site = 5\n[mqtt]\nx = 1\n[[lines]]\ndriver = "fxo"\nport = 7\n[[agents]]\nnumber = "x"\n')
    assert [line.split(": ")[1] for line in lines] == [
        "site",
        "mqtt.x",
        "lines[0].id",
        "lines[0].port",
        "agents[0].number",
    ]


@pytest.mark.parametrize("content", [b"\xff\xfe", b"a = 1\n\xe4", b"\0" * 2_000_000])
def test_a_file_that_is_no_text_is_told(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "g.toml"
    file.write_bytes(content)
    with pytest.raises(ConfigErrors, match=re.escape(f"{file}:")):
        load_config(file)


def test_a_missing_file_and_a_folder_are_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigErrors, match="no such file"):
        load_config(tmp_path / "none.toml")
    with pytest.raises(ConfigErrors, match="cannot be read"):
        load_config(tmp_path)


def test_count_makes_lines_on_consecutive_ports() -> None:
    text = SIP.replace("8801@127.0.0.1", "8801@127.0.0.1:5062") + "count = 25\n" + FXO + AGENT
    lines = expand_lines(read(text))
    assert [line.id for line in lines] == [*(f"sip1-{n}" for n in range(1, 26)), "fxo1"]
    last = lines[24]
    assert isinstance(last, SipLineConfig)
    assert (last.listen, last.aor, last.count) == ("127.0.0.1:5086", "sip:8801@127.0.0.1:5086", 1)
    assert isinstance(lines[25], FxoLineConfig)


def test_a_modem_profile_is_one_of_the_drivers() -> None:
    config = read(FXO + 'profile = "usr"\n' + AGENT)
    check_profiles(config, ["usr"])
    with pytest.raises(
        ConfigErrors, match=r"g.toml:5: lines\[0\].profile: no modem profile 'usr'; allowed: auto, cx"
    ):
        check_profiles(config, ["cx"])


def test_an_aor_on_the_pbxs_port_stays() -> None:
    text = SIP.replace("8801@127.0.0.1", "8801@pbx:5060") + "count = 2\n" + AGENT
    assert {line.aor for line in expand_lines(read(text)) if isinstance(line, SipLineConfig)} == {
        "sip:8801@pbx:5060"
    }


class TestSecrets:
    def test_come_from_files_beside_the_config(self, tmp_path: Path) -> None:
        (tmp_path / "pw").write_text("s3cret!\n")
        text = 'registrar = "sip:pbx"\npassword_file = "pw"\n'
        config = read(SIP + text + AGENT, file=tmp_path / "g.toml")
        (line,) = config.lines
        assert isinstance(line, SipLineConfig)
        assert line.password == "s3cret!"
        assert "s3cret!" not in repr(config) + str(config) + config.model_dump_json()

    def test_come_from_the_environment(self) -> None:
        environ = {
            "SANSHENG_MQTT_PASSWORD": "m",
            "SANSHENG_RECORDS_PASSWORD": "p@/",
            "SANSHENG_SIP1_PASSWORD": "s",
        }
        config = read('records.url = "postgresql://user@db/calls"\nmqtt.username = "u"\n' + LEAST, environ)
        assert config.mqtt.password == "m"
        assert config.database_url == "postgresql://user:p%40%2F@db/calls"
        (line,) = expand_lines(config)
        assert isinstance(line, SipLineConfig)
        assert line.password == "s"

    def test_go_to_every_line_of_a_count(self) -> None:
        lines = expand_lines(read(SIP + "count = 2\n" + AGENT, {"SANSHENG_SIP1_PASSWORD": "s"}))
        assert [line.password for line in lines if isinstance(line, SipLineConfig)] == ["s", "s"]

    @pytest.mark.parametrize(
        "text",
        [
            'mqtt.url = "mqtt://u:hunter2@h"\n',
            'mqtt.url = "mqtts://hunter2@h:99999"\n',
            'mqtt.url = "hunter2"\n',
            'mqtt.password = "hunter2"\n',
            'mqtt = { username = "u", password_file = "hunter2" }\n',
            'mqtt = { username = "u", password_file = ["hunter2"] }\n',
            'records.url = "postgresql://u:hunter2@h/d"\n',
            'records.url = "postgresql://u:hunter2@h:x/d"\n',
            SIP.replace("8801@", "8801:hunter2@"),
            SIP + 'registrar = "sip:u:hunter2@h"\n',
            'password = "hunter2"\n',
        ],
    )
    def test_are_never_shown(self, text: str) -> None:
        rest = AGENT if "[[lines]]" in text else LEAST
        assert "hunter2" not in "\n".join(faults(text + rest))

    @pytest.mark.parametrize("content", [b"", b"hunter2\nmore\n", b"hunter2\xff", b"hunter2" * 1000])
    def test_file_must_hold_one_line(self, tmp_path: Path, content: bytes) -> None:
        (tmp_path / "pw").write_bytes(content)
        text = 'mqtt = { username = "u", password_file = "pw" }\n' + LEAST
        with pytest.raises(ConfigErrors, match=r"g.toml:1: mqtt.password_file: the file it names") as caught:
            read(text, file=tmp_path / "g.toml")
        assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "expected"),
    [("sqlite:///calls.db", "/srv/var/calls.db"), ("sqlite:////data/c.db", "/data/c.db")],
)
def test_sqlite_is_relative_to_data_dir(url: str, expected: str) -> None:
    config = read(f'records.url = "{url}"\n' + LEAST, file=Path("/srv/g.toml"))
    assert config.database_url == f"sqlite:///{expected}"


EXAMPLE_LINES = EXAMPLE.read_text().splitlines()
# A TOML value of every type, and texts that are nearly a good value of some key.
VALUES = st.one_of(
    st.sampled_from(["1", "-1", "0.5", "true", '""', '"x"', "[]", "{}", "[{}]", "2020-01-01", "[[1]]", '{"a"=1}']),
    st.sampled_from(
        ['"mqtt://"', '"sip:@"', '"[::1]:1"', '"\\u0000"', '"/"', '"sqlite:///"', '"mqtt://[x"', '"../"']
    ),
    st.text(alphabet='ab"/:@[]\\.%#\u0000é', max_size=12).map(lambda text: f"'{text}'"),
)


def read_or_told(text: str) -> tuple[Fault, ...]:
    try:
        expand_lines(read(text))
    except ConfigErrors as errors:
        return errors.faults
    return ()


@given(st.integers(0, len(EXAMPLE_LINES) - 1), VALUES)
def test_any_value_of_any_key_is_read_or_told(index: int, value: str) -> None:
    lines = [*EXAMPLE_LINES]
    key = lines[index].lstrip("# ").partition("=")[0]
    lines[index] = f"{key} = {value}"
    told = read_or_told("\n".join(lines))
    assert all("\n" not in str(fault) for fault in told)
    # The key as it stands in the file, not as pydantic calls the branch of a type that it tried.
    assert not [fault.key for fault in told if re.search(r"function-|literal\[|\(\)", fault.key)]


@given(st.text())
@example("\ufeff")
@example("lines = [{driver = 'fxo', fxo = 1}]")
@example("lines = [[]]\nagents = [1]")
def test_any_text_is_read_or_told(text: str) -> None:
    # Nothing can run on so little: it is always told.
    assert read_or_told(text)
