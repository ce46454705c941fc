"""`sansheng command`: what is asked, in which form, and what is told where nobody answers."""

from pathlib import Path
from typing import Any

import pytest

from gateway.cli.command import command, fields_of
from tests.broker import free_port

pytestmark = pytest.mark.unit


def test_fields_are_given_as_name_and_value() -> None:
    given = ["agent=801", "ticket=7", "call_back=true", "text=a=b", "why=", "number=13812345678"]
    expected: dict[str, Any] = {"agent": "801", "ticket": 7, "call_back": True, "text": "a=b", "why": ""}
    assert fields_of(given) == {**expected, "number": "13812345678"}


OTHERS = (["agent"], ["=801"], ["agent=801", "agent=802"], ["id=1"], ["ts=1"], ["sign=x"])


@pytest.mark.parametrize("given", OTHERS)
def test_other_forms_are_refused(given: list[str]) -> None:
    with pytest.raises(ValueError, match=r"name=value|given twice|made by the command"):
        fields_of(given)


def test_where_nobody_listens_the_cure_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    line = '[[lines]]\nid = "sip1"\ndriver = "sip"\nlisten = "127.0.0.1:5062"\naor = "sip:8801@127.0.0.1"\n'
    config = tmp_path / "gateway.toml"
    config.write_text(f'site = "jinan"\ndialplan = "jihua-gas"\n[mqtt]\nbroker_port = {free_port()}\n{line}')
    assert command(config, "tickets", []) == 1
    assert "is not reached" in (told := capsys.readouterr().err)
    assert "is the gateway running?" in told
    assert command(config, "tickets", ["agent"]) == 2
    key = tmp_path / "command.key"
    key.write_text("0123456789abcdef")
    config.write_text(config.read_text().replace("[mqtt]", f'[mqtt]\ncommand_key_file = "{key}"'))
    assert command(config, "ticket_answer", ["ticket=1", "text=a\nb"]) == 2
    assert "without line breaks" in capsys.readouterr().err
