"""The examples in deploy/examples: each config is good, and agrees with what its PBX is told."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from gateway.cli.check import check, config_faults
from gateway.config import GatewayConfig, SipLineConfig, expand_lines

pytestmark = pytest.mark.unit

EXAMPLES = Path(__file__).parents[3] / "deploy" / "examples"
FOLDERS = sorted(folder.name for folder in EXAMPLES.iterdir() if folder.is_dir())
PBX, GATEWAY = "192.0.2.5", "192.0.2.10"


def config_in(name: str) -> GatewayConfig:
    config, faults = config_faults(EXAMPLES / name / "gateway.toml")
    assert config is not None, faults
    return config


def listening(name: str) -> list[str]:
    return [line.listen for line in expand_lines(config_in(name)) if isinstance(line, SipLineConfig)]


def sections(file: Path) -> list[tuple[str, dict[str, str]]]:
    """An Asterisk configuration: sections may have the same name."""
    found: list[tuple[str, dict[str, str]]] = []
    for line in file.read_text().splitlines():
        text = line.partition(";")[0].strip()
        if header := re.fullmatch(r"\[([\w-]+)\]", text):
            found.append((header[1], {}))
        elif text:
            key, equals, value = text.partition("=")
            assert equals, line
            found[-1][1][key] = value
    return found


@pytest.mark.parametrize("name", FOLDERS)
def test_each_config_is_good_as_check_tells_it(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert check(EXAMPLES / name / "gateway.toml", []) == 0, capsys.readouterr().out


@pytest.mark.parametrize("name", FOLDERS)
def test_each_has_its_page_and_whatever_the_page_names(name: str) -> None:
    page = EXAMPLES / name / "README.md"
    links = re.findall(r"\]\(([^)#:]+)\)", page.read_text())
    assert "gateway.toml" in links
    assert all((page.parent / link).exists() for link in links)
    assert f"]({name}/README.md)" in (EXAMPLES / "README.md").read_text()
    assert "If it does not work" in page.read_text()


@pytest.mark.parametrize("name", ["freepbx-asterisk", "freeswitch"])
def test_the_pbx_may_call_100_at_once_and_a_test_call_may(name: str) -> None:
    lines = [line for line in expand_lines(config_in(name)) if isinstance(line, SipLineConfig)]
    assert sum(line.calls for line in lines) == 100
    assert lines[0].allow == ("127.0.0.0/8", PBX)


def test_asterisk_knows_the_gateway_and_hunts_through_its_lines() -> None:
    folder = EXAMPLES / "freepbx-asterisk"
    parts = {each["type"]: each for name, each in sections(folder / "pjsip.conf") if name == "sansheng"}
    assert sorted(parts) == ["aor", "endpoint", "identify"]
    assert parts["endpoint"]["aors"] == parts["identify"]["endpoint"] == "sansheng"
    assert parts["endpoint"]["allow"] == "alaw,ulaw"
    assert parts["identify"]["match"] == GATEWAY
    assert parts["aor"]["contact"] == f"sip:8801@{listening(folder.name)[0]}"
    text = (folder / "extensions.conf").read_text()
    contexts = re.findall(r"^\[([\w-]+)\]", text, re.MULTILINE)
    assert parts["endpoint"]["context"] in contexts
    assert set(re.findall(r"Goto\(([\w-]+),", text)) <= set(contexts)
    assert set(re.findall(r"\?(\w+)\)", text)) <= set(re.findall(r"n\((\w+)\)", text)), "labels"
    assert all(line.count("(") == line.count(")") for line in text.splitlines() if not line.startswith(";"))
    first, count = re.findall(r"\$\[(\d+) \+ \$\{LINE\}\]", text), re.findall(r"\$\{LINE\} < (\d+)", text)
    assert [f"{GATEWAY}:{int(first[0]) + n}" for n in range(int(count[0]))] == listening(folder.name)


def test_freeswitch_tries_every_line_and_lets_the_gateway_alone_ring_agents() -> None:
    folder = EXAMPLES / "freeswitch"
    trees = {file.stem: ElementTree.parse(file).getroot() for file in folder.glob("*.xml")}
    assert all(tree.tag == "include" for tree in trees.values())
    (hunt,) = [a for a in trees["dialplan"].iter("action") if a.get("application") == "bridge"]
    wanted = [f"sofia/external/8801@{where}" for where in listening(folder.name)]
    assert (hunt.get("data") or "").split("|") == wanted
    conditions = {c.get("field"): c.get("expression") or "" for c in trees["agents"].iter("condition")}
    assert re.fullmatch(conditions["network_addr"], GATEWAY)
    for agent in config_in(folder.name).agents:
        assert re.fullmatch(conditions["destination_number"], agent.number)
        assert agent.extension == f"sip:{agent.number}@{PBX}:5080"
    assert trees["directory"].find("user/params/param") is not None


@pytest.mark.parametrize("pbx", ["freepbx-asterisk", "freeswitch"])
def test_the_page_tells_what_a_pbx_sees_that_is_not_allowed(pbx: str) -> None:
    """Whoever is not in `allow` gets no answer at all (docs/sip.md), so no code may be looked for."""
    page = (EXAMPLES / pbx / "README.md").read_text(encoding="utf-8")
    assert not re.search(r"\b4\d\d: `allow`", page)
    (row,) = [line for line in page.splitlines() if "`allow` lacks" in line]
    assert "no answer" in row
    assert "unknown_source" in row
