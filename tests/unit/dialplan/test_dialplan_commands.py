"""`sansheng dialplan page` and `schema`."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from gateway.cli.main import app
from gateway.config.places import SHIPPED_DIALPLANS

pytestmark = pytest.mark.unit


def sansheng(*words: str) -> Result:
    return CliRunner().invoke(app, ["dialplan", *words])


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    folder = tmp_path / "my-hotline"
    folder.mkdir()
    (folder / "dialplan.toml").write_text('base = "jihua-gas"\ntitle = "Harbour Gas"\n')
    return folder


def test_a_shipped_page_is_printed() -> None:
    result = sansheng("page", "jihua-gas")
    assert result.exit_code == 0
    assert result.output == (SHIPPED_DIALPLANS / "jihua-gas" / "README.md").read_text()


def test_a_page_is_written_beside_the_dialplan_and_renewed(mine: Path) -> None:
    for title in ("Harbour Gas", "Hafengas"):
        (mine / "dialplan.toml").write_text(f'base = "jihua-gas"\ntitle = "{title}"\n')
        assert sansheng("page", "--write", str(mine)).exit_code == 0
        assert (mine / "README.md").read_text().startswith(f"# {title} (`my-hotline`)")


def test_a_page_by_hand_is_kept(mine: Path) -> None:
    (mine / "README.md").write_text("Our own notes.\n")
    result = sansheng("page", "--write", str(mine))
    assert result.exit_code == 1
    assert result.output == f"{mine}/README.md:1: was written by hand; move it away, or leave out --write\n"
    assert (mine / "README.md").read_text() == "Our own notes.\n"


def test_where_no_page_can_be_written_that_is_told(mine: Path) -> None:
    (mine / "README.md").mkdir()
    result = sansheng("page", "--write", str(mine))
    assert result.exit_code == 1
    assert "README.md:1: cannot be written (Is a directory)" in result.output


def test_a_fault_in_one_dialplan_does_not_keep_the_others_pages(mine: Path) -> None:
    result = sansheng("page", "no-such", "--write", str(mine))
    assert result.exit_code == 1
    assert "no such dialplan" in result.output
    assert (mine / "README.md").exists()


def test_the_schema_is_printed() -> None:
    result = sansheng("schema")
    assert result.exit_code == 0
    assert json.loads(result.output) == json.loads((SHIPPED_DIALPLANS / "schema.json").read_text())
