"""`sansheng init` where it ends early: Ctrl-C at the last question, and no terminal."""

import asyncio
import os
from pathlib import Path

import pytest

from tests.process.gateway import run
from tests.process.person import Person

pytestmark = pytest.mark.process


async def test_ctrl_c_leaves_nothing_and_no_terminal_is_wrong_usage(tmp_path: Path) -> None:
    async def interrupted() -> None:
        answers = ("--pbx", "127.0.0.1:5099", "--sip", "direct", "--modem", "none", "--telephones", "none")
        async with Person("init", str(tmp_path / "one"), *answers, language="zh_CN.UTF-8") as person:
            for question in (
                "站点名称",
                "采用哪个标准",
                "本机监听",
                "所用的号码",
                "几路来电",
                "工号",
                "MQTT",
                "大屏",
            ):
                await person.answers(question, "")
            await person.until("写入以上文件? [Y/n")
            person.presses_ctrl_c()
            assert await person.ended() == 130
            assert "没有写入任何文件" in person.seen

    async def without_terminal() -> None:
        code, out, err = await run("init", str(tmp_path / "two"))
        assert (code, out) == (2, "")
        assert "--yes" in err

    await asyncio.gather(interrupted(), without_terminal())
    assert not any(map(os.path.lexists, (tmp_path / "one", tmp_path / "two")))
