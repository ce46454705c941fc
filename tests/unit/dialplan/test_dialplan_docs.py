"""docs/dialplans.md: every example is a file that works."""

import re
from pathlib import Path

import pytest

from gateway.config.document import parse_document
from gateway.config.load import config_of
from gateway.dialplan import Dialplan, load_dialplan, phrases_of
from gateway.dialplan.load import dialplan_of, load_for

pytestmark = pytest.mark.unit

PAGE = Path("docs/dialplans.md").read_text()
BLOCKS = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
DIALPLANS = [block for block in BLOCKS if block.startswith("# my-hotline/dialplan.toml\n")]
CONFIGS = [block for block in BLOCKS if block.startswith("# gateway.toml\n")]


def read(text: str) -> Dialplan:
    return dialplan_of(parse_document(Path("my-hotline/dialplan.toml"), text))


def test_the_page_has_examples_of_everything() -> None:
    together = "".join(DIALPLANS)
    for table in (
        "[holidays.",
        "[calendar]",
        "[phrases.",
        "[flows.",
        "[questions.",
        "[texts.",
        "[menu]",
        "[call_back]",
        "[notice]",
        "without",
    ):
        assert table in together
    assert len(DIALPLANS) + len(CONFIGS) == len(BLOCKS) - 1  # the last one is the line that names the schema


@pytest.mark.parametrize("text", DIALPLANS)
def test_an_example_loads_and_says_what_it_says(text: str) -> None:
    dialplan = read(text)
    said = {phrase.text for phrase in phrases_of(dialplan).values()}
    for own in re.findall(r'^text = "([^{"]+)"', text, re.MULTILINE):
        assert own in said


@pytest.mark.parametrize("text", CONFIGS)
def test_an_example_config_fills_the_parameters(text: str) -> None:
    line = "[[lines]]\nid = 'a'\ndriver = 'fxo'\nport = '/dev/x'\n"
    dialplan = load_for(config_of(parse_document(Path("gateway.toml"), text + line), {}))
    assert phrases_of(dialplan)["greeting"].text == "您好,技术部,有什么可以帮到您?"
    assert "2小时内" in phrases_of(dialplan)["text-promise"].text


def test_every_link_leads_somewhere() -> None:
    targets = re.findall(r"\]\(([^)#]+)\)", PAGE)
    assert {"lint.md", "walk.md", "recordings.md"} <= set(targets)
    assert [target for target in targets if not (Path("docs") / target).exists()] == []


def test_no_shipped_parameter_is_called_otherwise_than_the_page_says() -> None:
    assert set(load_dialplan("service-desk").parameters) == {"organisation", "department", "promised_time"}
