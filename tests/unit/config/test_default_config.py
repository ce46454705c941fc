"""Which gateway.toml a command means that is given none: this folder's, else the service's."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from gateway.cli import options
from gateway.cli.main import app
from gateway.cli.options import DEFAULT_CONFIG, default_config

pytestmark = pytest.mark.unit

CONFIG = """
site = "jinan"
dialplan = "jihua-gas"
data_dir = "{data}"

[[lines]]
id = "sip1"
driver = "sip"
listen = "127.0.0.1:5062"
aor = "sip:8801@127.0.0.1"

[[agents]]
number = "801"
"""


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to stand in."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The place of the service's, whose folder is there."""
    file = tmp_path / "etc" / "gateway.toml"
    file.parent.mkdir()
    monkeypatch.setattr(options, "SERVICE_CONFIG", file)
    return file


def test_this_folders_goes_before_the_services(here: Path, service: Path) -> None:
    service.write_text("")
    assert default_config() == service
    (here / DEFAULT_CONFIG).write_text("")
    assert default_config() == DEFAULT_CONFIG


@pytest.mark.usefixtures("service")
def test_one_that_is_a_broken_link_is_this_folders_still(here: Path) -> None:
    (here / DEFAULT_CONFIG).symlink_to("nowhere")
    assert default_config() == DEFAULT_CONFIG


def test_where_nothing_is_installed_this_folders_is_missed(service: Path) -> None:
    service.parent.rmdir()
    assert default_config() == DEFAULT_CONFIG


@pytest.mark.parametrize("command", [["calls"], ["tickets", "list"], ["report"], ["database", "schema"]])
def test_commands_mean_it(command: list[str], service: Path) -> None:
    said = CliRunner().invoke(app, command)
    assert said.exit_code != 0
    assert f"{service}:1: no such file" in said.output, said.output


@pytest.mark.usefixtures("service")
def test_one_that_is_named_is_meant_though_it_is_not_there() -> None:
    said = CliRunner().invoke(app, ["calls", "-c", "gateway.toml"])
    assert said.output.startswith("gateway.toml:1: no such file"), said.output


@pytest.mark.parametrize("command", [["doctor", "--no-modems"], ["check"]])
def test_commands_that_need_none_look_at_it(command: list[str], service: Path) -> None:
    service.write_text("nothing = 1\n")
    said = CliRunner().invoke(app, command)
    assert f"{service}:1: nothing: " in said.output, said.output


@pytest.mark.usefixtures("service")
def test_without_any_the_shipped_dialplans_are_checked() -> None:
    said = CliRunner().invoke(app, ["check"])
    assert "jihua-gas/dialplan.toml: good" in said.output, said.output


@pytest.mark.usefixtures("service")
def test_a_dialplan_is_checked_alone() -> None:
    said = CliRunner().invoke(app, ["check", "jihua-gas"])
    assert said.output.count("\n") == 1, said.output


@pytest.mark.parametrize("named", [[], ["jinsui-tax"]])
def test_prompts_are_the_services_where_none_is_named(tmp_path: Path, service: Path, named: list[str]) -> None:
    """A dialplan that is named takes the place of the config's; agents and data_dir stay the config's."""
    service.write_text(CONFIG.format(data=tmp_path / "lib"))
    listed = CliRunner().invoke(app, ["prompts", "list", *named])
    assert listed.exit_code == 0
    assert str(tmp_path / "lib" / "prompts") in listed.stdout
    assert ("金穗" if named else "济华") in listed.stdout


def test_prompts_of_nobodys_config_are_this_folders(here: Path) -> None:
    assert str(here / "var" / "prompts") in CliRunner().invoke(app, ["prompts", "list"]).stdout
