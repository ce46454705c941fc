"""`sansheng check` and `sansheng prompts`: what they print and their exit codes."""

from pathlib import Path

import pytest

from gateway.cli import prompts
from gateway.cli.check import check

pytestmark = pytest.mark.unit

EXAMPLE = Path(__file__).parents[3] / "deploy" / "gateway.toml"


def test_without_arguments_every_shipped_dialplan_is_checked(capsys: pytest.CaptureFixture[str]) -> None:
    assert check(None, []) == 0
    assert "dialplans/jihua-gas/dialplan.toml: good" in capsys.readouterr().out


def test_a_dialplan_may_be_named_by_its_file(capsys: pytest.CaptureFixture[str]) -> None:
    file = EXAMPLE.parents[1] / "dialplans" / "jihua-gas" / "dialplan.toml"
    assert check(None, [str(file)]) == 0
    assert f"{file}: good" in capsys.readouterr().out


def test_the_example_config_is_good(capsys: pytest.CaptureFixture[str]) -> None:
    assert check(EXAMPLE, []) == 0
    assert "deploy/gateway.toml: good: lines: 2, agents: 1" in capsys.readouterr().out


def test_faults_of_all_files_are_printed_one_a_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = tmp_path / "g.toml"
    config.write_text(EXAMPLE.read_text().replace("on_ring = 2", "on_rng = 2").replace("calls = 4", "calls = 5"))
    assert check(config, ["nix", "jihua-gas"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(": ")[0] for line in lines if "allowed" in line] == [
        f"{config}:{_line('calls')}",
        f"{config}:{_line('on_ring')}",
        "nix:1",
    ]


def test_what_could_not_be_looked_at_is_announced_last(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = tmp_path / "g.toml"
    config.write_text(EXAMPLE.read_text().replace("calls = 4", "calls = 5"))
    assert check(config, []) == 1
    assert capsys.readouterr().err.splitlines() == ["more is checked once these are mended"]
    config.write_text(EXAMPLE.read_text().replace('profile = "auto"', 'profile = "hayes"'))
    assert check(config, []) == 1
    assert "more is checked" not in capsys.readouterr().err


def test_an_unknown_modem_profile_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = tmp_path / "g.toml"
    config.write_text(EXAMPLE.read_text().replace('profile = "auto"', 'profile = "hayes"'))
    assert check(config, []) == 1
    assert f"{config}:{_line('profile')}: lines[0].profile: no modem profile 'hayes'" in capsys.readouterr().out


def test_prompts_are_listed_built_and_checked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = tmp_path / "g.toml"
    config.write_text(EXAMPLE.read_text())
    assert prompts.list_prompts(None, config) == 0
    assert "missing" in capsys.readouterr().out
    assert prompts.build(None, config) == 0
    assert f" recordings ready in {tmp_path / 'var' / 'prompts'}" in capsys.readouterr().out
    assert prompts.check("jihua-gas", config) == 0
    assert prompts.list_prompts(None, config) == 0
    listed = capsys.readouterr().out
    assert "missing" not in listed
    assert "请问还有其他需要咨询的吗?" in listed


@pytest.mark.parametrize("command", [prompts.build, prompts.check, prompts.list_prompts])
def test_a_dialplan_that_is_not_there_is_a_fault(command: object, capsys: pytest.CaptureFixture[str]) -> None:
    assert callable(command)
    assert command("nix", None) == 1
    assert "nix:1: no such dialplan" in capsys.readouterr().out


def _line(key: str) -> int:
    """Where `key` stands in the example."""
    found = [n for n, line in enumerate(EXAMPLE.read_text().splitlines(), start=1) if line.startswith(f"{key} =")]
    return found[-1]
