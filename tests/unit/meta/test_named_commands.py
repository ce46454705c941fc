"""Commands that pages name in passing, `sansheng calls show ID`, are there, with the options they are given."""

import re
from typing import Any

import pytest
from typer.main import get_command

from gateway.cli.main import app
from tests.docs.pages import pages
from tests.unit.meta.test_links import prose

pytestmark = pytest.mark.unit

_NAMED = re.compile(r"`(sansheng [^`\n]+)`")
COMMANDS: Any = get_command(app)
NAMED = sorted({(page, line) for page in pages() for line in _NAMED.findall(prose(page))})


def wrong_in(line: str) -> str | None:
    """What of a command line is not there. Alternatives (`a|b`) are all of the command before them."""
    command = COMMANDS
    named = [command]
    for word in re.split(r"[\s\[\]|]+", line.replace("\\|", "|"))[1:]:
        if word.startswith("-"):
            known = {option for each in named for given in each.params for option in given.opts}
            if word.partition("=")[0] not in {*known, "-h", "--help"}:
                return f"no option {word}"
        elif hasattr(command, "commands") and re.fullmatch(r"[a-z-]+", word):
            if word not in command.commands:
                return f"no command {word}"
            named.append(command.commands[word])
            command = command if "|" in line and len(named) > 2 else named[-1]
    return None


@pytest.mark.parametrize(("page", "line"), NAMED)
def test_a_command_that_a_page_names_is_there(page: str, line: str) -> None:
    assert wrong_in(line) is None


def test_what_is_not_there_is_told() -> None:
    assert wrong_in("sansheng calls show ID --html FILE") is None
    assert wrong_in("sansheng call show ID") == "no command call"
    assert wrong_in("sansheng calls show ID --htm FILE") == "no option --htm"
    assert len(NAMED) > 100
