"""Who is rung for a call-back, and for which line nobody is."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from gateway.call.desk_news import AgentAnswers
from gateway.call.facts import Dialled
from gateway.call.requests import RequestRefused
from gateway.dialplan import Call
from gateway.runner.line_runner import DialOrder
from tests.unit.runner.floor import gas_hotline
from tests.unit.runner.test_call_backs import SECOND, Owed, owed

pytestmark = pytest.mark.unit

HERE = AgentAnswers("801", "here", "there", None)


@pytest.mark.parametrize("lacks", ["joins", "dials"])
def test_no_agent_is_rung_for_a_line_on_which_nobody_can_talk(
    tmp_path: Path, lacks: str, caplog: pytest.LogCaptureFixture
) -> None:
    async def story(floor: Owed) -> None:
        able = floor.line.capabilities
        floor.line.capabilities = replace(able, **{lacks: False})
        await asyncio.sleep(600)
        assert not any(line.gone for line in floor.desk_lines), "an agent was rung"
        assert await floor.noted() == [], "an attempt was begun"
        assert caplog.text.count("no customer is called: line sip1") == 1
        with pytest.raises(RequestRefused, match="name another one"):
            floor.runner.dial(DialOrder("x", gas_hotline(Call("801")), Dialled(1, SECOND), SECOND, None, HERE))
        assert not floor.line.up
        floor.line.capabilities = able
        await floor.rung()

    owed(tmp_path, story)
