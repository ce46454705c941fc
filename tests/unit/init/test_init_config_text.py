"""Whatever the answers: a gateway.toml that `sansheng check` finds good, and that says what was answered."""

import re
import tomllib
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.cli.check import config_faults
from gateway.config import GatewayConfig, SipLineConfig, expand_lines
from gateway.config.passwords import hashed
from gateway.init.answers import Agent, Answers, Broker, Pbx, Wallboard
from gateway.init.toml_text import BROKER_SECRET, SIP_SECRET, WALLBOARD_SECRET, config_text
from gateway.init.words import Language, Words
from tests.examples import examples

pytestmark = pytest.mark.unit

HASH = hashed("w")
USERS = st.from_regex(r"[A-Za-z0-9_.+-]{1,12}", fullmatch=True)
SECRETS = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=12)
PBXES = st.builds(
    Pbx,
    host=st.sampled_from(["192.0.2.5", "pbx.example:5080"]),
    address=st.sampled_from(["192.0.2.5", "127.0.0.1"]),
    listen=st.sampled_from(["192.0.2.10:5062", "0.0.0.0:6000"]),
    user=USERS,
    callers=st.integers(1, 1000),
    registers=st.just(False),
)
TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=["C", "Zl", "Zp"], exclude_characters="{}"),
    min_size=1,
    max_size=60,
)
PORTS = st.from_regex(r"/dev/serial/by-path/[a-z0-9:.\"\\-]{1,20}", fullmatch=True)
AGENTS = st.sets(USERS, min_size=1, max_size=6).map(
    lambda users: tuple(Agent(str(800 + n), f"sip:{user}@192.0.2.9") for n, user in enumerate(sorted(users)))
)
ANSWERS = st.builds(
    Answers,
    site=st.from_regex(r"[A-Za-z0-9_-]{1,64}", fullmatch=True),
    dialplan=st.just("service-desk"),
    parameters=st.fixed_dictionaries({"organisation": TEXTS}),
    pbx=PBXES,
    modems=st.lists(PORTS, max_size=3, unique=True).map(tuple),
    agents=AGENTS,
    desk_listen=st.sampled_from([None, "192.0.2.10:4070"]),
    broker=st.none() | st.builds(Broker, url=st.just("mqtts://mq.example"), username=USERS, password=SECRETS),
    wallboard=st.none() | st.just(Wallboard("0.0.0.0:8080", "w")),
    service=st.just(False),
)


def loaded(folder: Path, answers: Answers, language: Language = "en") -> GatewayConfig:
    """As `sansheng check` reads it: good."""
    for name, text in ((SIP_SECRET, "s"), (BROKER_SECRET, "b"), (WALLBOARD_SECRET, HASH)):
        (folder / name).write_text(f"{text}\n")
    file = folder / "gateway.toml"
    file.write_text(config_text(answers, Words(language), data_dir="var", path=str(file), title="服务台"))
    config, faults = config_faults(file)
    assert config is not None, faults
    assert not faults
    return config


@given(ANSWERS, st.sampled_from(["en", "zh"]))
@settings(max_examples=examples(12))
def test_any_answers_make_a_good_config(answers: Answers, language: Language) -> None:
    with TemporaryDirectory() as folder:
        config = loaded(Path(folder), answers, language)
    assert config.site == answers.site
    assert config.parameters == answers.parameters
    assert [(agent.number, agent.extension) for agent in config.agents] == [
        (agent.number, agent.extension) for agent in answers.agents
    ]
    assert [line.port for line in config.lines if not isinstance(line, SipLineConfig)] == list(answers.modems)
    singles = [line for line in expand_lines(config) if isinstance(line, SipLineConfig)]
    assert answers.pbx is not None
    assert sum(line.calls for line in singles) >= answers.pbx.callers > sum(line.calls for line in singles[1:])
    assert answers.pbx.address in singles[0].allow or answers.pbx.address == "127.0.0.1"
    user = (answers.broker.username, "b") if answers.broker else (None, None)
    assert (config.mqtt.username, config.mqtt.password) == user
    assert config.wallboard.listen == (answers.wallboard.listen if answers.wallboard else None)


PLAIN = Answers(
    site="jinan",
    dialplan="jihua-gas",
    parameters={},
    pbx=Pbx("192.0.2.5", "192.0.2.5", "192.0.2.10:5062", "8801", 2, registers=True, password="geheim"),
    modems=(),
    agents=(Agent("801"),),
    desk_listen=None,
    broker=None,
    wallboard=None,
    service=False,
)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_with_every_key_is_named_where_it_is(tmp_path: Path, language: Language) -> None:
    loaded(tmp_path, PLAIN, language)
    head = (tmp_path / "gateway.toml").read_text().splitlines()[0]
    (named,) = re.findall(r"/\S+?/configuration\.md", head)
    assert Path(named).is_file()


def test_a_registered_extension(tmp_path: Path) -> None:
    (line,) = loaded(tmp_path, PLAIN).lines
    assert isinstance(line, SipLineConfig)
    assert (line.registrar, line.aor, line.username) == ("sip:192.0.2.5", "sip:8801@192.0.2.5", "8801")
    assert (line.password, line.calls, line.count) == ("s", 2, 1)
    assert "geheim" not in (tmp_path / "gateway.toml").read_text()


def test_nothing_stands_there_that_has_its_default(tmp_path: Path) -> None:
    loaded(tmp_path, PLAIN)
    tables = tomllib.loads((tmp_path / "gateway.toml").read_text())
    assert sorted(tables) == ["agents", "data_dir", "dialplan", "lines", "mqtt", "site"]
    assert tables["mqtt"] == {}
